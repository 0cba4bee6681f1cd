"""Rules of placements that are only arithmetic: when an approval is due. No query, no write."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
