"""Creating and revoking API tokens."""

import hashlib
import secrets
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiToken, User
from exchange.core.access import require
from exchange.core.errors import DomainError

PREFIX = "mrs_"
MAX_TOKENS = 20


def digest_of(token: str) -> str:
    """What is stored of a token (SHA-256; tokens are long random values, so no salt or stretching is needed)."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def create_token(user: User, *, name: str, scopes: Iterable[str], by: User | None) -> tuple[ApiToken, str]:
    """Create a token; returns it with its text, which is not stored. Refuses another user's account, no scope, and more than MAX_TOKENS."""
    require(by is None or by.pk == user.pk)
    wanted = sorted({ApiToken.Scope(scope) for scope in scopes})
    if not wanted:
        raise DomainError(_("Choose what the token may do."), code="no-scope")
    User.objects.select_for_update().get(pk=user.pk)  # one at a time: the limit counts what others create meanwhile
    if ApiToken.objects.filter(user=user, revoked_at__isnull=True).count() >= MAX_TOKENS:
        raise DomainError(_("You have many tokens already. Revoke one first."), code="too-many")
    text = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(user=user, name=name.strip()[:80], scopes=wanted, digest=digest_of(text), hint=text[:8])
    return token, text


def revoke_token(token: ApiToken, *, by: User | None) -> ApiToken:
    """Revoke a token at once; a second call changes nothing."""
    require(by is None or by.pk == token.user_id)
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
    token.refresh_from_db(fields=["revoked_at"])
    return token


@transaction.atomic
def revoke_all_tokens(user: User, *, by: User | None) -> int:
    """Revoke all tokens of an account at once, also one that is being created; returns how many were valid."""
    require(by is None or by.pk == user.pk)
    User.objects.select_for_update().get(pk=user.pk)
    return ApiToken.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=timezone.now())
