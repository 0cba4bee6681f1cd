"""Rules of placements: when an approval is due, who reads the application. No query, no write."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import access_of

SOON_DAYS = 2
"""A decision due within so many days is shown as due, and a reminder is sent."""
ESCALATE_DAYS = 3
"""The secretariat is notified of a decision that is overdue by so many days."""


@dataclass(frozen=True)
class DueStatus:
    """How long a decision has been open, out of how many days."""

    days: int
    total: int
    left: int
    """Days until it is due; negative when it is overdue."""

    @property
    def tone(self) -> str:
        if self.left < 0:
            return "danger"
        return "warning" if self.left <= SOON_DAYS else "success"

    @property
    def text(self) -> str:
        if self.left < 0:
            text = ngettext("%(days)s day, %(over)s overdue", "%(days)s days, %(over)s overdue", self.days)
            return text % {"days": self.days, "over": -self.left}
        if self.left == 0:
            return _("due today")
        return ngettext("%(days)s of %(total)s day", "%(days)s of %(total)s days", self.total) % {
            "days": self.days,
            "total": self.total,
        }


def due_status(asked_on: datetime.date, due_on: datetime.date, today: datetime.date) -> DueStatus:
    """Days of a decision: passed since the request, in all until the due date, and left (below 0 when overdue)."""
    return DueStatus(max(0, (today - asked_on).days), max(0, (due_on - asked_on).days), (due_on - today).days)


def reads_for_approval(user: Any, placement: Any) -> bool:
    """Whether this user reads the application because they approve: coordinators of both countries and the secretariat.

    The applicant and the host's reviewing team read it on its own page instead.
    """
    access = access_of(user)
    if placement.expert_id == access.expert_id or placement.program.institution_id in access.reviewed_institutions:
        return False
    return access.secretariat or bool({placement.sending_country, placement.host_country} & access.countries)
