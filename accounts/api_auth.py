"""Authentication of the API: a bearer token limited to its scopes, or a browser session with a CSRF token."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation
from ninja.security import HttpBearer, SessionAuth

from accounts.domain.tokens import digest_of
from accounts.models import ApiToken
from exchange.core.errors import Refusal

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LAST_USED_INTERVAL = timedelta(minutes=10)


class TokenAuth(HttpBearer):
    """`Authorization: Bearer <token>`; reading needs the scope `read`, everything else `write`."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        found = (
            ApiToken.objects.select_related("user")
            .filter(digest=digest_of(token), revoked_at__isnull=True, user__is_active=True)
            .first()
        )
        if found is None:
            return None
        needed = ApiToken.Scope.READ if request.method in SAFE_METHODS else ApiToken.Scope.WRITE
        if needed not in found.scopes:
            raise Refusal(f"The token lacks the scope '{needed}'.")
        now = timezone.now()
        if found.last_used_at is None or now - found.last_used_at > LAST_USED_INTERVAL:
            ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
        request.user = found.user
        if found.user.language in dict(settings.LANGUAGES) and "lang" not in request.GET:
            translation.activate(found.user.language)
        return found.user


BEARER_OR_SESSION = [TokenAuth(), SessionAuth()]
