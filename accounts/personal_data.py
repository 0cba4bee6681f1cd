"""Personal data of accounts: export, erasure, retention."""

import datetime
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from accounts.domain.consents import record_consent
from accounts.models import ApiToken, Consent, User
from accounts.states import ConsentKind, ConsentWay
from exchange.core.errors import Text
from exchange.core.personal_data import (
    delete_batch,
)


def last_superuser_blocker(user: User) -> Iterable[Text]:
    others = User.objects.filter(is_active=True).exclude(pk=user.pk)
    if user.is_superuser and not others.filter(is_superuser=True).exists():
        yield _("Appoint another administrator first.")
    if user.is_secretariat and not others.filter(is_secretariat=True).exists():
        yield _("You are the only member of the secretariat. Add somebody else first.")


def withdraw_consents(user: User) -> None:
    """Withdraw all consents, as the deletion of an account does."""
    latest = {(row.kind, row.detail): row for row in Consent.objects.filter(user=user).order_by("pk")}
    for (kind, detail), row in latest.items():
        if row.given:
            record_consent(user, ConsentKind(kind), given=False, way=ConsentWay.REMOVAL, detail=detail)


def delete_old_tokens(before: datetime.datetime, most: int) -> int:
    return delete_batch(ApiToken.objects.filter(revoked_at__lt=before), most)
