"""How many bytes may be sent to each path."""

from django.conf import settings
from django.urls import Resolver404, resolve

TOO_LARGE = "miras.body_too_large"
"""In the environ of a WSGI request whose body was left unread because of its size."""


def body_limit(path: str) -> int:
    """The largest body that this path takes, in bytes: the one of its URL's name in BODY_LIMITS, or BODY_LIMIT."""
    try:
        name = resolve(path).view_name
    except Resolver404:
        return int(settings.BODY_LIMIT)
    return int(settings.BODY_LIMITS.get(name, settings.BODY_LIMIT))
