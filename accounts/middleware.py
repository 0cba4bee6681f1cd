"""The account of a request, from the row of its session."""

from typing import Any

from django.contrib.auth import get_user
from django.contrib.auth import middleware as auth_middleware
from django.utils.functional import SimpleLazyObject

from accounts.models.sessions import user_of_session


class AuthenticationMiddleware(auth_middleware.AuthenticationMiddleware):
    """Django's, without its query for the account, which was read with the session."""

    def process_request(self, request: Any) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _user_of(request))


def _user_of(request: Any) -> Any:
    """Cached under the name that Django uses as well, so that a log-in or log-out of this request replaces it."""
    if not hasattr(request, "_cached_user"):
        request._cached_user = user_of_session(request.session) or get_user(request)  # noqa: SLF001 -- Django's own place for it
    return request._cached_user  # noqa: SLF001
