"""Rules of agreements: permissions and validity on a day. No query, no write."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.access import access_of

SOON_DAYS = 90
"""An agreement that ends within so many days is shown as expiring."""

WARNED_AT = (90, 30, 7)
"""Days before the end at which the coordinators and the parties are notified."""


@dataclass(frozen=True)
class Validity:
    """The validity of an agreement on a day: `state` is future, valid, expiring or expired; `days` until its last day, None without one."""

    state: str
    days: int | None = None

    @property
    def tone(self) -> str:
        return {"future": "", "valid": "success", "expiring": "warning", "expired": "danger"}[self.state]

    @property
    def label(self) -> str:
        if self.state == "future":
            return pgettext("agreement", "Not yet in force")
        if self.state == "valid":
            return pgettext("agreement", "In force")
        if self.state == "expired":
            return pgettext("agreement", "Expired")
        if not self.days:
            return _("Expires today")
        return ngettext("Expires in %(days)s day", "Expires in %(days)s days", self.days) % {"days": self.days}


def validity(valid_from: datetime.date, valid_until: datetime.date | None, day: datetime.date) -> Validity:
    """The validity on `day` of an agreement with these dates."""
    days = None if valid_until is None else (valid_until - day).days
    if valid_from > day:
        return Validity("future", days)
    if days is None or days > SOON_DAYS:
        return Validity("valid", days)
    return Validity("expired" if days < 0 else "expiring", days)


def can_create_agreement(user: Any) -> bool:
    """Coordinators, the secretariat, and owners, editors and signatories of an institution."""
    access = access_of(user)
    return access.secretariat or access.is_coordinator or bool(access.registering_institutions)


def can_register_agreement(user: Any, agreement: Any) -> bool:
    """Who may enter this one: coordinators of either party's country, the secretariat, and owners, editors and signatories of a party."""
    own = access_of(user).registering_institutions
    return can_edit_agreement(user, agreement) or agreement.first_id in own or agreement.second_id in own


def can_edit_agreement(user: Any, agreement: Any) -> bool:
    """Coordinators of either party's country, and the secretariat."""
    access = access_of(user)
    return access.secretariat or bool({agreement.first.country, agreement.second.country} & access.countries)


def can_see_agreement(user: Any, agreement: Any) -> bool:
    """The same answer as `Agreement.objects.visible_to`, for an agreement loaded with its parties. No query."""
    own = access_of(user).institutions
    return can_edit_agreement(user, agreement) or agreement.first_id in own or agreement.second_id in own
