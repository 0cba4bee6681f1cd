"""Computes all matches again beside the living rows, and says how far what was stored differs from it.

Rows that are the same are not written. An interrupted rebuild is continued; of two at once the second is refused. A profile that changes, hides or is deleted
meanwhile keeps what its own job stored: the rebuild leaves everybody out whose vector is newer than its own reading.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exchange.core.errors import DomainError
from exchange.core.jobs.cpu_lock import cpu_lock
from matching.domain import calls as of_calls
from matching.domain import people as of_people
from matching.domain.calls import KnownCall, read_calls, store_calls
from matching.domain.compute import BATCH, load_people
from matching.domain.model import ModelInForce, current_model
from matching.domain.people import KnownPerson, compute_people, people_of_vectors, proposed_people, store_people, with_everything
from matching.domain.storing import LOCKS, is_same, kept, lock_comparing, matches_of, pairs_kept, store
from matching.models import CallVector, Match, MatchBuild, PersonVector
from matching.scoring.blocks import ELIGIBLE, Blocks, Prepared
from matching.scoring.ranking import Pairs, best_pairs
from matching.scoring.tables import Registers
from profiles.models import ExpertProfile
from programs.models import Program

BUILDER = 2
TIMEOUT = 3.0
"""Seconds to wait for the lock of another rebuild: one that was killed keeps its lock for a moment."""
Advance = Callable[[int], None]
Step = Callable[[str, int], Advance]
"""Called with the name of a step and how much there is to do; returns what is called with how much was done."""


@dataclass(frozen=True)
class Rebuilt:
    """The result: rows stored; rows that differed although nothing they depend on had changed; whether an interrupted rebuild was continued."""

    stored: int
    drift: int
    resumed: bool


def no_progress(name: str, total: int) -> Advance:
    """For jobs."""
    return lambda done: None


def rebuild_matches(*, step: Step = no_progress) -> Rebuilt:
    """Compute everything again. Refuses (DomainError) while another rebuild runs."""
    with _only_builder():
        today = timezone.now().date()
        force = current_model(today)
        waiting = MatchBuild.objects.filter(finished_at__isnull=True).order_by("-pk").first()
        resumed = waiting is not None and waiting.stamp == force.stamp and waiting.day == today
        build = waiting if resumed else MatchBuild.objects.create(stamp=force.stamp, day=today)
        assert build is not None  # noqa: S101 -- for the type checker
        MatchBuild.objects.filter(finished_at__isnull=True).exclude(pk=build.pk).delete()
        _compute_vectors(build, force, today, step)
        read_at = timezone.now()
        calls = read_calls(force, anew=True)
        people = [one for some in load_people(force) for one in some]
        pairs, person_floors, program_floors = _best(people, calls, force, today)
        store_calls(of_calls.with_floors(calls, program_floors), force)
        _write(build, _Reading(people, calls, pairs, person_floors, read_at, force, today), step)
        _delete_the_rest()
        build.finished_at = timezone.now()
        build.stored = Match.objects.count()
        build.save(update_fields=["finished_at", "stored", "drift"])
    return Rebuilt(build.stored, build.drift, resumed)


@dataclass(frozen=True)
class _Reading:
    """What a rebuild read and computed before it writes."""

    people: list[KnownPerson]
    calls: list[KnownCall]
    pairs: dict[int, set[int]]
    floors: dict[int, int]
    read_at: datetime
    force: ModelInForce
    today: date


def _compute_vectors(build: MatchBuild, force: ModelInForce, today: date, step: Step) -> None:
    """The vectors of all people, from their profiles, after the checkpoint; floors stay."""
    waiting = proposed_people().filter(pk__gt=build.done_id)
    advance = step("profiles", waiting.count())
    while True:
        with transaction.atomic():
            lock_comparing(alone=False)
            rows = proposed_people().filter(pk__gt=build.done_id).select_for_update(of=("self",), no_key=True)
            locked = list(with_everything(rows)[:BATCH])
            with cpu_lock:
                people = compute_people(locked, force, today)
            if not people:
                return
            floors = dict(PersonVector.objects.filter(pk__in=[one.expert_id for one in people]).values_list("pk", "floor"))
            store_people(of_people.with_floors(people, [floors.get(one.expert_id, 0) for one in people]), force)
            build.done_id = people[-1].expert_id
            build.save(update_fields=["done_id"])
        advance(len(people))


def _best(
    people: list[KnownPerson], calls: list[KnownCall], force: ModelInForce, today: date
) -> tuple[dict[int, set[int]], dict[int, int], list[int]]:
    """By person the programmes that are stored, the floors of people, and those of programmes."""
    registers, concepts, k = Registers(), len(force.model.hierarchy), kept()
    table = of_calls.table_of(calls, force.model, registers, today)
    prepared = Prepared(table, concepts)
    of_person, of_program = best_pairs(Blocks(prepared, of_people.table_of([one.own for one in people], concepts, registers)), k)
    if any(one.host is not one.own for one in people):
        seen = of_people.table_of([one.host for one in people], concepts, registers)
        of_program = best_pairs(Blocks(prepared, seen), k)[1]
    pairs: dict[int, set[int]] = {}
    for person, program in [
        *zip(of_person.person, of_person.program, strict=True),
        *zip(of_program.person, of_program.program, strict=True),
    ]:
        pairs.setdefault(people[person].expert_id, set()).add(calls[program].program_id)
    for expert, program in pairs_kept(None, None):
        pairs.setdefault(expert, set()).add(program)
    person_floors = _floors(of_person.person, of_person, len(people), k)
    return (
        pairs,
        {one.expert_id: floor for one, floor in zip(people, person_floors, strict=True)},
        _floors(of_program.program, of_program, len(calls), k),
    )


def _floors(groups: "np.ndarray", pairs: Pairs, size: int, k: int) -> list[int]:  # type: ignore[type-arg]
    """The rank of the last one of each full list, else 0."""
    ranked = pairs.points + ELIGIBLE * pairs.eligible
    found = np.zeros(size, dtype=np.int64)
    counts = np.bincount(groups, minlength=size) if len(groups) else found
    last = np.full(size, 2 * ELIGIBLE, dtype=np.int64)
    np.minimum.at(last, groups, ranked)
    found[counts >= k] = last[counts >= k]
    return [int(floor) for floor in found]


def _write(build: MatchBuild, reading: _Reading, step: Step) -> None:
    advance = step("matches", len(reading.people))
    calls = {call.program_id: call for call in reading.calls}
    for first in range(0, len(reading.people), BATCH):
        some = reading.people[first : first + BATCH]
        with transaction.atomic():
            lock_comparing(alone=True)
            build.drift += _write_some({one.expert_id for one in some}, calls, reading)
        advance(len(some))


def _write_some(ids: set[int], calls: dict[int, KnownCall], reading: _Reading) -> int:
    """Bring the rows of these people in line; returns how many differed without a reason."""
    locked = proposed_people().filter(pk__in=ids).order_by("pk").select_for_update(of=("self",), no_key=True)
    present = set(locked.values_list("pk", flat=True))
    newer = set(CallVector.objects.filter(computed_at__gt=reading.read_at).exclude(pk__in=calls).values_list("pk", flat=True))
    rows = list(PersonVector.objects.filter(pk__in=present, computed_at__lte=reading.read_at, stamp=reading.force.stamp))
    people = {one.expert_id: one for one in people_of_vectors(rows, explained=True)}
    wanted = {(expert, program) for expert in people for program in reading.pairs.get(expert, ()) if program in calls}
    made = {(row.expert_id, row.program_id): row for row in matches_of(wanted, people, calls, reading.force, reading.today)}
    stored = {(row.expert_id, row.program_id): row for row in Match.objects.filter(expert__in=people)}
    changed = [row for pair, row in made.items() if pair not in stored or not is_same(row, stored[pair])]
    others = [row for pair, row in stored.items() if pair not in made and pair[1] not in newer]
    store(changed)
    Match.objects.filter(pk__in=[row.pk for row in others]).delete()
    for row in rows:
        if row.floor != reading.floors.get(row.pk, 0):
            PersonVector.objects.filter(pk=row.pk).update(floor=reading.floors.get(row.pk, 0))
    of_today = [stored[pair] for pair in ((row.expert_id, row.program_id) for row in changed) if pair in stored]
    return sum(row.computed_at.date() == reading.today and row.computed_at > _changed_inputs(reading) for row in of_today)


def _changed_inputs(reading: _Reading) -> datetime:
    """When the vocabulary, the weights or the year last gave another stamp: rows from before differ for that reason."""
    first = MatchBuild.objects.filter(stamp=reading.force.stamp, finished_at__isnull=False).order_by("pk").first()
    return first.finished_at if first and first.finished_at else reading.read_at


def _delete_the_rest() -> None:
    """Rows of programmes that are not open and of people who are not proposed."""
    Match.objects.exclude(program__in=Program.objects.open()).delete()
    Match.objects.exclude(expert__in=proposed_people()).delete()
    PersonVector.objects.exclude(expert__in=ExpertProfile.objects.filter(pk__in=proposed_people())).delete()
    CallVector.objects.exclude(program__in=Program.objects.open()).delete()


@contextlib.contextmanager
def _only_builder() -> Iterator[None]:
    """Hold the builder's lock on this connection: it ends with the process, however that ends."""
    deadline = time.monotonic() + TIMEOUT
    while not _answer("SELECT pg_try_advisory_lock(%s, %s)"):
        if time.monotonic() >= deadline:
            raise DomainError(_("The matches are already being rebuilt."), code="rebuild-runs")
        time.sleep(0.2)
    try:
        yield
    finally:
        _answer("SELECT pg_advisory_unlock(%s, %s)")


def _answer(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql, (LOCKS, BUILDER))
        return cursor.fetchone()[0]
