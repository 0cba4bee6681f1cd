"""Institutions that may be duplicates, with what belongs to each, for the coordinator's desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from importing.domain.uploads import reassign_blocked_reason
from institutions.domain.duplicates import open_pairs
from institutions.domain.institution_merge import merge_blocked_reason
from institutions.domain.queries import TeamMember, team_of
from institutions.models import Institution
from partnerships.models import Agreement
from placements.models import Placement

MAX_SHOWN = 30


@dataclass(frozen=True)
class DuplicatePair:
    """Two institutions that may be duplicates, and their two similar names."""

    first: Institution
    second: Institution
    score: float
    names: tuple[str, str]

    @property
    def institutions(self) -> tuple[Institution, Institution]:
        return self.first, self.second


def suggestions(countries: Sequence[str]) -> list[DuplicatePair]:
    """Possible duplicates in these countries that were not declared distinct, most similar first, at most `MAX_SHOWN`."""
    found = sorted(open_pairs(countries), key=lambda row: -row[2])[:MAX_SHOWN]
    rows = _with_counts(Institution.objects.filter(pk__in={pk for row in found for pk in row[:2]})).in_bulk()
    return [
        DuplicatePair(rows[first], rows[second], score, (one, other))
        for first, second, score, one, other in found
        if first in rows and second in rows
    ]


def _with_counts(rows: "QuerySet[Institution]") -> "QuerySet[Institution]":
    return rows.defer("description", "facilities").annotate(
        program_count=Count("programs", distinct=True),
        expert_count=Count("experts", distinct=True),
        team_count=Count("memberships__user", distinct=True),
    )


@dataclass(frozen=True)
class Side:
    """One of two institutions on the page that compares them."""

    institution: Institution
    team: list[TeamMember]
    agreements: int
    placements: int
    blocked_reason: Any
    """Why this one cannot be the target of the merge."""


def comparison_of(first: Institution, second: Institution, user: Any) -> list[Side]:
    """Both institutions with everything that a merge would combine, for a user who may merge them."""
    rows = _with_counts(Institution.objects.filter(pk__in=(first.pk, second.pk))).prefetch_related("names").in_bulk()
    pairs = ((rows[first.pk], rows[second.pk]), (rows[second.pk], rows[first.pk]))
    return [
        Side(
            institution=target,
            team=team_of(target),
            agreements=Agreement.objects.filter(first=target).count() + Agreement.objects.filter(second=target).count(),
            placements=Placement.objects.filter(program__institution=target).count(),
            blocked_reason=merge_blocked_reason(target, source, user) or reassign_blocked_reason(source.pk),
        )
        for target, source in pairs
    ]
