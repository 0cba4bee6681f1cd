"""Experts for a need: scored by the same code as matches of programmes, from what hosts may know of people.

A need is compared as a programme would be: `known_need` gives the same plain values. The people are stored vectors, of which the host's side counts.
"""

import heapq
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from exchange.core.jobs.cpu_lock import cpu_lock
from matching.domain.calls import KnownCall
from matching.domain.compute import BATCH, load_people, refresh_vectors
from matching.domain.model import ModelInForce, current_model
from matching.domain.people import KnownPerson, compute_people, people_of_vectors, proposed_people, with_everything
from matching.domain.queries import proposed_to_hosts
from matching.domain.storing import compare, one_side
from matching.models import Need, NeedMatch, PersonVector
from matching.models.matches import MIN_SHOWN
from matching.scoring import Call

STORED = 200
"""The best people of a need; a need is a question to a few, not a list of all."""


def known_need(need: Need, force: ModelInForce, today: date) -> KnownCall:
    """A need with what it asks, as a programme would. It has no places, quotas or deadline; of one that has begun the days that are left count."""
    text_language = need.text_language
    call = Call(
        max(need.starts, today),
        need.ends,
        institution=need.institution_id,
        countries=frozenset(need.countries),
        concepts=[concept.pk for concept in need.concepts.all()],
        languages={row.language: row.level for row in need.languages.all()},
        years=need.minimum_experience,
        titles=[(need.title, text_language)],
        texts=[(need.text, text_language)] if need.text else [],
    )
    return KnownCall(need.pk, call, force.model.wanted(call))


def match_need(need_id: int) -> int:
    """Compute the best people of this need again; returns how many are stored. People of other countries are left out."""
    today = timezone.now().date()
    need = _current(today).filter(pk=need_id).first()
    if need is None:
        return 0
    force = current_model(today)
    refresh_vectors(force, today)
    with cpu_lock:
        known = known_need(need, force, today)
    best: list[tuple[int, int]] = []
    for people in load_people(force):
        with cpu_lock:
            best = heapq.nlargest(STORED, [*best, *_ranked(known, people, force, today)])
    rows = PersonVector.objects.filter(expert__in=[-negative for _rank, negative in best], stamp=force.stamp)
    with cpu_lock:
        found = list(_explained(known, people_of_vectors(rows, explained=True), force, today))
    return _replace(need_id, found)


def match_needs_with(expert_ids: Sequence[int]) -> int:
    """Compare these people with every need again: after a change of their profiles. Returns how many matches are stored."""
    today = timezone.now().date()
    needs = list(_current(today))
    force = current_model(today)
    found: list[NeedMatch] = []
    for first in range(0, len(expert_ids), BATCH):
        profiles = list(with_everything(proposed_people().filter(pk__in=expert_ids[first : first + BATCH])))
        with cpu_lock:
            people = compute_people(profiles, force, today)
            for need in needs:
                known = known_need(need, force, today)
                ids = {-negative for _rank, negative in _ranked(known, people, force, today)}
                found += _explained(known, [one for one in people if one.expert_id in ids], force, today)
    with transaction.atomic():
        NeedMatch.objects.filter(expert_id__in=expert_ids).delete()
        NeedMatch.objects.bulk_create(found, ignore_conflicts=True, batch_size=1000)
        for need_id in {match.need_id for match in found}:
            _keep_the_best(need_id)
    return len(found)


def match_all_needs() -> int:
    """Compute every need that is not over again, every night; returns how many matches are stored. Needs that are over keep none."""
    today = timezone.now().date()
    NeedMatch.objects.filter(need__ends__lt=today).delete()
    return sum(match_need(pk) for pk in _current(today).values_list("pk", flat=True))


def people_for_need(need: Need, user: Any) -> "QuerySet[Any]":
    """The people proposed for a need whom this user may see, eligible ones first, then the best fit."""
    rows = NeedMatch.objects.visible_to(user).filter(need=need, host_score__gte=MIN_SHOWN)
    return (
        proposed_to_hosts(rows, user).select_related("expert").defer("expert__biography").order_by("-eligible", "-host_score", "pk")
    )


def _current(today: date) -> "QuerySet[Need]":
    rows: QuerySet[Need] = Need.objects.filter(ends__gte=today).prefetch_related("concepts", "languages").order_by("pk")
    return rows


def _ranked(known: KnownCall, people: Sequence[KnownPerson], force: ModelInForce, today: date) -> list[tuple[int, int]]:
    """Of those from the countries of the need who have any points, as hosts see them: the rank, and the negative id, so that of equal ones the earlier is larger."""
    _own, host = compare(people, [known], force, today)
    return [
        (int(host[0, place]), -people[place].expert_id)
        for place in np.flatnonzero(host[0]).tolist()
        if people[place].host.person.country in known.call.countries
    ]


def _explained(known: KnownCall, people: Sequence[KnownPerson], force: ModelInForce, today: date) -> Iterable[NeedMatch]:
    for one, values in zip(people, one_side(known, [one.host for one in people], force, today), strict=True):
        yield NeedMatch(
            need_id=known.program_id,
            expert_id=one.expert_id,
            host_score=values["score"],
            host_parts=values["parts"],
            host_missing=values["missing"],
            eligible=values["eligible"],
        )


@transaction.atomic
def _replace(need_id: int, found: Sequence[NeedMatch]) -> int:
    # The lock makes two computations of one need follow each other.
    if not Need.objects.select_for_update().filter(pk=need_id).exists():
        return 0
    NeedMatch.objects.filter(need_id=need_id).delete()
    NeedMatch.objects.bulk_create(found, ignore_conflicts=True, batch_size=1000)
    return len(found)


def _keep_the_best(need_id: int) -> None:
    """Delete what stands after the best STORED."""
    rows = NeedMatch.objects.filter(need=need_id).order_by("-eligible", "-host_score", "expert")
    NeedMatch.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[STORED:])).delete()
