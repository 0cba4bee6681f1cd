"""The results of a search as cards: each hit with the profile, programme or institution it is drawn from."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone

from profiles.domain.visibility import can_see_part, small_photo_url
from profiles.models import ExpertProfile
from profiles.states import Part
from search.domain.passages import Passage
from search.domain.results import Hit
from search.models import SearchKind


@dataclass(frozen=True)
class Card:
    """One hit with the row it is drawn from."""

    hit: Hit
    subject: Any
    passage: Passage | None = None


def cards_of(user: Any, kind: str, hits: Sequence[Hit], passages: Mapping[int, Passage] | None = None) -> list[Card]:
    """The hits with their rows and passages, in their order."""
    if kind == SearchKind.EXPERT:
        profiles = [hit.subject for hit in hits]
        prefetch_related_objects(profiles, "windows")
        for profile in profiles:
            profile.free = _next_stretch(profile, user)
            profile.small_photo = small_photo_url(profile, user)
    return [Card(hit, hit.subject, (passages or {}).get(hit.object_id)) for hit in hits]


def _next_stretch(profile: ExpertProfile, user: Any) -> tuple[datetime.date, datetime.date] | None:
    """When the person could travel next, where the reader may know it."""
    today = timezone.now().date()
    ahead = [(window.starts, window.ends) for window in profile.windows.all() if window.ends >= today]
    return min(ahead) if ahead and can_see_part(profile, Part.AVAILABILITY, user) else None
