"""Queries of the front page."""

from dataclasses import dataclass
from typing import Any

from django.core.cache import caches
from django.db.models import Avg, F

from institutions.models import Institution
from placements.models import Approval, Placement
from placements.states import ApprovalState, PlacementState
from profiles.models import ExpertProfile
from programs.models import Program

STATISTICS_SECONDS = 600
CARDS = 6


@dataclass(frozen=True)
class Statistics:
    """Totals of the front page; `days` is the mean time from a request for approval to the decision, None before the first."""

    experts: int
    institutions: int
    placements: int
    days: float | None


def statistics() -> Statistics:
    """Totals of the whole site, without personal data, cached for ten minutes."""
    known: Statistics | None = caches["redis"].get("statistics")
    if known is None:
        known = Statistics(
            experts=ExpertProfile.objects.exclude(shown_name="").count(),
            institutions=Institution.objects.visible_to(None).count(),
            placements=Placement.objects.filter(state=PlacementState.CONFIRMED).count(),
            days=_days_to_approval(),
        )
        caches["redis"].set("statistics", known, STATISTICS_SECONDS)
    return known


def _days_to_approval() -> float | None:
    took = Approval.objects.filter(state=ApprovalState.APPROVED, decided_at__isnull=False).aggregate(
        took=Avg(F("decided_at") - F("asked_at"))
    )["took"]
    return round(took.total_seconds() / 86400, 1) if took is not None else None


def open_programs(user: Any) -> list[Program]:
    """The open programmes that close soonest."""
    rows = Program.objects.visible_to(user).open().filter(deadline__isnull=False)
    return list(rows.for_cards().order_by("deadline", "pk")[:CARDS])
