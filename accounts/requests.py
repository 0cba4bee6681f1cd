"""Typed requests for views."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class HtmxRequest(HttpRequest):
    """A request, with `htmx`."""

    htmx: HtmxDetails


class AuthedRequest(HtmxRequest):
    """A request of a logged-in user."""

    user: User
