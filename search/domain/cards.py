"""The results of a search as cards: each hit with the profile, programme or institution it is drawn from."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from institutions.models import Institution
from profiles.domain.visibility import can_see_part
from profiles.models import ExpertProfile
from profiles.states import Part
from programs.models import Program
from search.domain.results import Hit
from search.models import SearchKind

NOT_DRAWN = {
    SearchKind.EXPERT: ("biography", "search"),
    SearchKind.PROGRAM: (
        "description",
        "search",
        "institution__description",
        "institution__facilities",
        "institution__source",
        "institution__search",
    ),
    SearchKind.INSTITUTION: ("description", "facilities", "source", "search"),
}
"""Large columns that no card shows."""


@dataclass(frozen=True)
class Card:
    """One hit with the row it is drawn from."""

    hit: Hit
    subject: Any


def cards_of(user: Any, kind: str, hits: Sequence[Hit]) -> list[Card]:
    """The hits with their rows, in their order; what the reader may no longer see is left out."""
    if not hits:
        return []
    rows = _rows(user, SearchKind(kind)).in_bulk([hit.object_id for hit in hits])
    if kind == SearchKind.EXPERT:
        for profile in rows.values():
            profile.free = _next_stretch(profile, user)
    return [Card(hit, rows[hit.object_id]) for hit in hits if hit.object_id in rows]


def _rows(user: Any, kind: SearchKind) -> Any:
    model: Any = {SearchKind.EXPERT: ExpertProfile, SearchKind.PROGRAM: Program, SearchKind.INSTITUTION: Institution}[kind]
    rows = model.objects.visible_to(user).defer(*NOT_DRAWN[kind])
    if kind == SearchKind.PROGRAM:
        return rows.select_related("institution")
    return rows.prefetch_related("windows") if kind == SearchKind.EXPERT else rows


def _next_stretch(profile: ExpertProfile, user: Any) -> tuple[datetime.date, datetime.date] | None:
    """When the person could travel next, where the reader may know it."""
    today = timezone.now().date()
    ahead = [(window.starts, window.ends) for window in profile.windows.all() if window.ends >= today]
    return min(ahead) if ahead and can_see_part(profile, Part.AVAILABILITY, user) else None
