"""Profiles that may belong to the same person: found by name in the same country, and only suggested."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from profiles.models import ExpertProfile, ProfileMerge
from profiles.states import MergeState
from search.domain.query import SearchRequest
from search.domain.ranking import search_together
from search.models import SearchKind
from vocabulary.names import likeness

MIN_SIMILARITY = 1.45
ASKED = 4
LOOKED_AT = 10
SHOWN = 5


@dataclass(frozen=True)
class DuplicateProfile:
    """A profile the reader sees, and the spelling by which it is similar."""

    profile: ExpertProfile
    name: str
    score: float


def duplicate_profiles_of(profile: ExpertProfile, user: Any) -> list[DuplicateProfile]:
    """At most `SHOWN` profiles of the same country whose name is similar to one of this profile's, best first.

    Only profiles the reader may see; those already proposed, refused or merged are left out, and those that nobody could confirm.
    """
    names = list(dict.fromkeys(filter(None, (name.full for name in profile.names.all()))))[:ASKED]
    found: dict[int, tuple[float, str]] = {}
    filters = {"country": [profile.country]} if profile.country else {}
    requests = [SearchRequest(SearchKind.EXPERT, words=name, filters=filters, limit=LOOKED_AT) for name in names]
    for name, result in zip(names, search_together(user, requests), strict=True):
        for hit in result.hits:
            spelling = hit.also_written or hit.name
            score = max(likeness(name, spelling), likeness(name, hit.name))
            if hit.object_id != profile.pk and score > max(MIN_SIMILARITY, found.get(hit.object_id, (0.0, ""))[0]):
                found[hit.object_id] = (score, spelling)
    rows = ExpertProfile.objects.visible_to(user).filter(pk__in=found).exclude(pk__in=_settled(profile))
    rows = rows.filter(Q(user__isnull=False) | Q(imported__isnull=False)).defer("biography")
    duplicates = [DuplicateProfile(row, found[row.pk][1], found[row.pk][0]) for row in rows]
    return sorted(duplicates, key=lambda duplicate: (-duplicate.score, duplicate.profile.pk))[:SHOWN]


def _settled(profile: ExpertProfile) -> set[int]:
    """Profiles that were proposed, refused or merged already."""
    known = ProfileMerge.objects.filter(Q(target=profile) | Q(source=profile))
    pairs = known.filter(state__in=(MergeState.PROPOSED, MergeState.REFUSED)).values_list("target_id", "source_id")
    return {pk for pair in pairs for pk in pair}
