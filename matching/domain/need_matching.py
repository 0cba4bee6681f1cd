"""Experts for a need: scored by the same code as matches of programmes, from what profiles show to members alone.

A need is compared as a programme would be: `wanted_of_need` and `criteria_of_need` give the same plain values.
"""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from exchange.core.jobs.cpu_lock import cpu_lock
from matching.domain.compute import BATCH, SEEN_BY_HOSTS, person_of
from matching.domain.queries import LISTED_FROM, REQUIREMENTS_OF_PART, proposed_to_hosts
from matching.models import Need, NeedMatch
from matching.rules import Score, Wanted, weigh
from profiles.models import ExpertProfile
from profiles.models.experts import ERASED_NAME
from programs.domain.eligibility import candidate_of
from programs.rules import Criteria, requirements
from vocabulary.domain.vocabulary import vocabulary

STORED = 200
"""The best people of a need; a need is a question to a few, not a list of all."""
HIDEABLE = tuple(REQUIREMENTS_OF_PART)


def wanted_of_need(need: Need) -> Wanted:
    """The values of a need that are scored."""
    return Wanted(
        concepts=[concept.pk for concept in need.concepts.all()],
        languages={row.language: row.level for row in need.languages.all()},
        starts=need.starts,
        ends=need.ends,
        years=need.minimum_experience,
    )


def criteria_of_need(need: Need) -> Criteria:
    """The requirements of a need: country, languages, days, years of practice. It has no places and no deadline."""
    return Criteria(
        countries=frozenset(need.countries),
        starts=need.starts,
        ends=need.ends,
        languages=tuple((row.language, row.level) for row in need.languages.all()),
        experience=need.minimum_experience,
    )


def match_need(need_id: int) -> int:
    """Compute the best people of this need again; returns how many are stored."""
    need = _needs().filter(pk=need_id).first()
    if need is None:
        return 0
    found: list[NeedMatch] = []
    last = 0
    people = _people().filter(country__in=need.countries)
    while True:
        with cpu_lock:
            batch = list(people.filter(pk__gt=last).order_by("pk")[:BATCH])
            if not batch:
                break
            found = _best([*found, *_compared([need], batch)])
        last = batch[-1].pk
    return _replace(need_id, found)


def match_needs_with(expert_ids: Sequence[int]) -> int:
    """Compare these people with every need again: after a change of their profiles. Returns how many matches are stored."""
    needs = list(_needs().filter(ends__gte=timezone.now().date()))
    with cpu_lock:
        found = list(_compared(needs, list(_people().filter(pk__in=expert_ids))))
    with transaction.atomic():
        NeedMatch.objects.filter(expert_id__in=expert_ids).delete()
        NeedMatch.objects.bulk_create(found, ignore_conflicts=True, batch_size=1000)
    return len(found)


def match_all_needs() -> int:
    """Compute every need that is not over again, every night; returns how many matches are stored. Needs that are over keep none."""
    NeedMatch.objects.filter(need__ends__lt=timezone.now().date()).delete()
    return sum(match_need(pk) for pk in Need.objects.filter(ends__gte=timezone.now().date()).values_list("pk", flat=True))


def people_for_need(need: Need, user: Any) -> "QuerySet[Any]":
    """The people proposed for a need whom this user may see, eligible ones first, then the best fit."""
    rows = NeedMatch.objects.visible_to(user).filter(need=need)
    return (
        proposed_to_hosts(rows, user).select_related("expert").defer("expert__biography").order_by("-eligible", "-host_score", "pk")
    )


def _needs() -> "QuerySet[Need]":
    rows: QuerySet[Need] = Need.objects.prefetch_related("concepts", "languages").order_by("pk")
    return rows


def _people() -> "QuerySet[ExpertProfile]":
    rows: QuerySet[ExpertProfile] = ExpertProfile.objects.filter(shown_name__gt="").exclude(shown_name=ERASED_NAME)
    return rows.prefetch_related("competences", "languages", "windows", "profile_fields").defer("biography")


def _compared(needs: Sequence[Need], people: Sequence[ExpertProfile]) -> Iterable[NeedMatch]:
    today = timezone.now().date()
    asked = [(need, wanted_of_need(need), criteria_of_need(need)) for need in needs]
    for profile in people:
        hidden = {part for part in HIDEABLE if profile.audience_of(part) not in SEEN_BY_HOSTS}
        person, candidate = person_of(profile, without=hidden), candidate_of(profile)
        unread = {code for part in hidden for code in REQUIREMENTS_OF_PART[part]}
        for need, wanted, criteria in asked:
            if profile.country not in criteria.countries:
                continue
            score = _score(person, wanted, today)
            if score.points >= LISTED_FROM:
                unmet = {finding.code for finding in requirements(criteria, candidate)} - unread
                yield NeedMatch(
                    need=need,
                    expert=profile,
                    host_score=score.points,
                    host_parts=score.parts,
                    host_missing=score.missing,
                    eligible=not unmet,
                )


def _score(person: Any, wanted: Wanted, today: datetime.date) -> Score:
    return weigh(person, wanted, ancestors=vocabulary().ancestors, today=today)


def _best(found: list[NeedMatch]) -> list[NeedMatch]:
    return sorted(found, key=lambda match: (not match.eligible, -match.host_score, match.expert_id))[:STORED]


@transaction.atomic
def _replace(need_id: int, found: Sequence[NeedMatch]) -> int:
    # The lock makes two computations of one need follow each other.
    if not Need.objects.select_for_update().filter(pk=need_id).exists():
        return 0
    NeedMatch.objects.filter(need_id=need_id).delete()
    NeedMatch.objects.bulk_create(found, ignore_conflicts=True, batch_size=1000)
    return len(found)
