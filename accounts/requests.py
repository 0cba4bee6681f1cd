"""Typed requests, as they arrive in our views."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class HtmxRequest(HttpRequest):
    """Anybody's request."""

    htmx: HtmxDetails


class AuthedRequest(HtmxRequest):
    """A request behind the login."""

    user: User
