"""Keeps the stored matches current: one person against every open programme, or one programme against every person.

Stored are the best `MATCHES_KEPT` programmes of each person (as the person sees them), the best as many people of each programme (as hosts see them), and the pairs
that somebody keeps. A *floor* is the rank of the last one of a full list: whoever reaches it enters the list of the other side without reading that list.
A list that shrinks to half is filled again.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import numpy as np
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from exchange.core.jobs.cpu_lock import cpu_lock
from exchange.core.jobs.outbox import enqueue
from matching.domain.calls import KnownCall, read_calls, store_calls
from matching.domain.calls import with_floors as calls_with_floors
from matching.domain.model import ModelInForce, current_model
from matching.domain.people import (
    KnownPerson,
    compute_people,
    people_of_vectors,
    proposed_people,
    store_people,
    with_everything,
    with_floors,
)
from matching.domain.storing import compare, floor_of, kept, lock_comparing, matches_of, pairs_kept, store
from matching.models import CallVector, Match, PersonVector
from matching.scoring.blocks import Places
from profiles.models import ExpertProfile

BATCH = 100
"""Profiles read and compared under one `cpu_lock`: about a second of work."""
LOADED = 2_000
"""Stored vectors compared at once."""


def match_expert(expert_id: int) -> int:
    """Compute this person's matches with every open programme again. Returns how many are stored."""
    return match_experts([expert_id])


def match_experts(expert_ids: Sequence[int]) -> int:
    """As `match_expert`, for many at once: after an import. Those of people who are not proposed (any more) are deleted. Returns how many are stored."""
    stored = 0
    for first in range(0, len(expert_ids), BATCH):
        stored += _match_some(sorted(expert_ids)[first : first + BATCH])
    return stored


@transaction.atomic
def _match_some(ids: Sequence[int]) -> int:
    today = timezone.now().date()
    force = current_model(today)
    lock_comparing(alone=False)
    locked = list(with_everything(proposed_people().filter(pk__in=ids).select_for_update(of=("self",), no_key=True)))
    with cpu_lock:  # after the locks of the database, everywhere: the other order could wait for itself
        people = compute_people(locked, force, today)
    gone = set(ids) - {one.expert_id for one in people}
    PersonVector.objects.filter(expert__in=gone).delete()
    lost = set(Match.objects.filter(expert__in=gone).values_list("program_id", flat=True))
    Match.objects.filter(expert__in=gone).delete()
    calls = read_calls(force)
    with cpu_lock:
        own, host = compare(people, calls, force, today)
    k = kept()
    floors = [floor_of(own[:, place], k) for place in range(len(people))]
    store_people(with_floors(people, floors), force)
    chosen = set()
    for place, one in enumerate(people):
        entered = (own[:, place] > 0) & (own[:, place] >= floors[place])
        entered |= (host[:, place] > 0) & (host[:, place] >= np.array([call.floor for call in calls], dtype=np.int64))
        chosen |= {(one.expert_id, calls[number].program_id) for number in np.flatnonzero(entered)}
    chosen |= pairs_kept([one.expert_id for one in people], None)
    stored = _replace(chosen, people, calls, force, today)
    lost |= _delete_others(Match.objects.filter(expert__in=[one.expert_id for one in people]), chosen)
    _fill_programs(lost)
    return stored


@transaction.atomic
def match_program(program_id: int) -> int:
    """Compute this programme's matches again; those of a programme that is no longer open are deleted. Returns how many are stored."""
    today = timezone.now().date()
    force = current_model(today)
    lock_comparing(alone=True)
    calls = read_calls(force, [program_id], anew=True)
    if not calls:
        CallVector.objects.filter(program=program_id).delete()
        lost = set(Match.objects.filter(program=program_id).values_list("expert_id", flat=True))
        Match.objects.filter(program=program_id).delete()
        _fill_people(lost)
        return 0
    k = kept()
    ids, own, host, floors = _against_everybody(calls, force, today)
    floor = floor_of(host, k)
    entered = ((own > 0) & (own >= floors)) | ((host > 0) & (host >= floor))
    store_calls(calls_with_floors(calls, [floor]), force)
    chosen = {(int(expert), program_id) for expert in ids[entered]} | pairs_kept(None, [program_id])
    locked = (
        ExpertProfile.objects.filter(pk__in=[expert for expert, _program in chosen])
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
    )
    present = set(locked.values_list("pk", flat=True))
    people = people_of_vectors(PersonVector.objects.filter(expert__in=present, stamp=force.stamp), explained=True)
    stored = _replace(chosen, people, calls, force, today)
    _fill_people(_delete_others(Match.objects.filter(program=program_id), chosen, of_people=True))
    return stored


def match_everything() -> int:
    """Compute all matches again, see `rebuild_matches`. Returns how many are stored."""
    from matching.domain.rebuilding import rebuild_matches

    return rebuild_matches().stored


def _against_everybody(calls: Sequence[KnownCall], force: ModelInForce, today: date) -> tuple[Places, Places, Places, Places]:
    """One programme: the ids of all people, their ranks on both sides, and their floors. Missing and outdated vectors are computed."""
    refresh_vectors(force, today)
    ids, own, host, floors = [], [], [], []
    for people in load_people(force):
        with cpu_lock:
            mine, theirs = compare(people, calls, force, today)
        ids += [one.expert_id for one in people]
        floors += [one.floor for one in people]
        own.append(mine[0])
        host.append(theirs[0])
    nothing = [np.zeros(0, dtype=np.int64)]
    return (
        np.array(ids, dtype=np.int64),
        np.concatenate(own or nothing),
        np.concatenate(host or nothing),
        np.array(floors, dtype=np.int64),
    )


def load_people(force: ModelInForce) -> Iterator[list[KnownPerson]]:
    """All people with a current vector who are proposed, by id, without their evidence, some at a time."""
    rows = (
        PersonVector.objects.filter(stamp=force.stamp, expert__in=proposed_people())
        .defer("own_evidence", "host_evidence")
        .order_by("pk")
    )
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:LOADED]):
        last = batch[-1].pk
        yield people_of_vectors(batch, explained=False)


def refresh_vectors(force: ModelInForce, today: date) -> None:
    """Compute the vectors that are missing or of another stamp: of new people, and after a change of the vocabulary or of the weights."""
    missing = proposed_people().exclude(pk__in=PersonVector.objects.filter(stamp=force.stamp).values("pk"))
    if missing.count() > LOADED:  # after an update, or a change of the weights: too many to wait for
        enqueue("match-everything", key=f"match-everything:{force.stamp}", bulk=True)
        return
    while profiles := list(with_everything(missing)[:BATCH]):
        with cpu_lock:
            people = compute_people(profiles, force, today)
        store_people(people, force)


def _replace(
    pairs: set[tuple[int, int]], people: Iterable[KnownPerson], calls: Iterable[KnownCall], force: ModelInForce, today: date
) -> int:
    found = matches_of(pairs, {one.expert_id: one for one in people}, {call.program_id: call for call in calls}, force, today)
    store(found)
    return len(found)


def _delete_others(rows: "QuerySet[Match]", chosen: set[tuple[int, int]], *, of_people: bool = False) -> set[int]:
    """Delete the rows of other pairs; returns the programmes, or the people, that lost one."""
    others = [
        (pk, expert, program)
        for pk, expert, program in rows.values_list("pk", "expert_id", "program_id")
        if (expert, program) not in chosen
    ]
    Match.objects.filter(pk__in=[pk for pk, _expert, _program in others]).delete()
    return {expert if of_people else program for _pk, expert, program in others}


def _fill_programs(ids: Iterable[int]) -> None:
    """Compute programmes again whose full list shrank to half."""
    left = dict(Match.objects.filter(program__in=ids).values_list("program_id").annotate(Count("pk")))
    for program in CallVector.objects.filter(program__in=ids, floor__gt=0).values_list("pk", flat=True):
        if left.get(program, 0) < kept() // 2:
            enqueue("match-program", bulk=True, program_id=program)


def _fill_people(ids: Iterable[int]) -> None:
    """Compute people again whose full list shrank to half."""
    ids = list(ids)
    left = dict(Match.objects.filter(expert__in=ids).values_list("expert_id").annotate(Count("pk")))
    short = [
        pk
        for pk in PersonVector.objects.filter(expert__in=ids, floor__gt=0).order_by("pk").values_list("pk", flat=True)
        if left.get(pk, 0) < kept() // 2
    ]
    for first in range(0, len(short), BATCH):
        enqueue("match-experts", bulk=True, expert_ids=short[first : first + BATCH])
