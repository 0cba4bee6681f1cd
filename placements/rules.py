"""Rules of placements that are only arithmetic: the clock of an approval. No query, no write."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SOON_DAYS = 2
"""A decision due within so many days is shown as due, and reminded of."""
ESCALATE_DAYS = 3
"""A decision so many days late is told to the secretariat."""


@dataclass(frozen=True)
class DueStatus:
    """How long something has waited, out of how many days."""

    days: int
    total: int
    left: int
    """Days until it is due; below zero it is late."""

    @property
    def tone(self) -> str:
        if self.left < 0:
            return "no"
        return "due" if self.left <= SOON_DAYS else "go"

    @property
    def words(self) -> str:
        if self.left < 0:
            text = ngettext("%(days)s day, %(over)s over", "%(days)s days, %(over)s over", self.days)
            return text % {"days": self.days, "over": -self.left}
        if self.left == 0:
            return _("due today")
        return ngettext("%(days)s of %(total)s day", "%(days)s of %(total)s days", self.total) % {
            "days": self.days,
            "total": self.total,
        }


def due_status(asked_on: datetime.date, due_on: datetime.date, today: datetime.date) -> DueStatus:
    """The clock of a decision asked for on one day and due on another."""
    return DueStatus(max(0, (today - asked_on).days), max(0, (due_on - asked_on).days), (due_on - today).days)
