"""E-mails that come regularly: when the next one is sent, and the link in it that stops them."""

import datetime
import zoneinfo
from typing import Any

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _

from accounts.models import User
from exchange.core.errors import DomainError

MORNING = 8


def next_morning(user: User, now: datetime.datetime, *, weekly: bool = False) -> datetime.datetime:
    """The user's next morning in their time zone, or that of the next Monday."""
    try:
        zone = zoneinfo.ZoneInfo(user.time_zone or settings.TIME_ZONE)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        zone = zoneinfo.ZoneInfo(settings.TIME_ZONE)
    here = now.astimezone(zone)
    morning = here.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    if morning <= here:
        morning += datetime.timedelta(days=1)
    if weekly:
        morning += datetime.timedelta(days=-morning.weekday() % 7)
    return morning.astimezone(datetime.UTC)


def stop_token(salt: str, *ids: int) -> str:
    """A signed token for these ids that never expires: who has the e-mail may stop it, and needs no session."""
    return signing.Signer(salt=salt).sign_object(list(ids))


def read_stop_token(salt: str, token: str) -> list[Any]:
    """The ids of the token. Raises DomainError `link-broken` (404) for a wrong signature."""
    try:
        ids: list[Any] = list(signing.Signer(salt=salt).unsign_object(token))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise DomainError(
            _("This link is not complete. Copy all of it from the e-mail."), code="link-broken", status=404
        ) from error
    return ids
