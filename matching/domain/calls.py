"""Programmes as matching reads them, and the stored points that each gives to concepts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from django.db.models import QuerySet
from django.utils import timezone

from matching.domain.model import ModelInForce
from matching.models import CallVector
from matching.scoring import Call, Model
from matching.scoring.tables import Calls, Registers, calls_table
from matching.scoring.wanted import Wanted
from programs.domain.seats import left_by_country
from programs.domain.usage import taken_of_many
from programs.models import Program
from programs.states import Modality


@dataclass(frozen=True)
class KnownCall:
    """An open programme with what it asks; or a need, which is compared as one, by its own id."""

    program_id: int
    call: Call
    wanted: Wanted
    floor: int = 0


def open_programs() -> "QuerySet[Program]":
    """Programmes that take applications, with what is compared."""
    rows: QuerySet[Program] = Program.objects.open()
    return rows.prefetch_related("concepts", "required_languages", "quotas").order_by("pk")


def call_of(program: Program, left: dict[str, int]) -> Call:
    """The values of a programme that are compared. `left` gives places left by country. No query for what is prefetched."""
    return Call(
        program.starts,
        program.ends,
        kind=program.kind,
        institution=program.institution_id,
        countries=frozenset(program.eligible_countries),
        concepts=[concept.pk for concept in program.concepts.all()],
        languages={row.language: row.level for row in program.required_languages.all()},
        years=program.minimum_experience,
        left=left,
        away=program.modality != Modality.ONLINE,
        titles=_texts(program.title),
        texts=[*_texts(program.summary), *_texts(program.description)],
    )


def _texts(translated: dict[str, str]) -> list[tuple[str, str]]:
    return [(text, language) for language, text in sorted((translated or {}).items()) if text]


def read_calls(force: ModelInForce, ids: Collection[int] | None = None, *, anew: bool = False) -> list[KnownCall]:
    """The open programmes, or those of them with these ids. What they ask is read from the stored vectors, and computed and stored where there is none for this stamp, or `anew`."""
    rows = open_programs() if ids is None else open_programs().filter(pk__in=ids)
    programs = list(rows)
    taken = taken_of_many([program.pk for program in programs]) if programs else {}
    stored = {row.program_id: row for row in CallVector.objects.filter(program__in=programs)}
    found, fresh = [], []
    for program in programs:
        call = call_of(program, left_by_country(program, taken.get(program.pk, {})))
        row = stored.get(program.pk)
        if row is None or row.stamp != force.stamp or anew:
            one = KnownCall(program.pk, call, force.model.wanted(call), row.floor if row else 0)
            fresh.append(one)
        else:
            one = KnownCall(program.pk, call, _unpacked(row.wanted), row.floor)
        found.append(one)
    store_calls(fresh, force)
    return found


def store_calls(calls: Sequence[KnownCall], force: ModelInForce) -> None:
    """Store what they ask, with their floors."""
    now = timezone.now()
    CallVector.objects.bulk_create(
        [
            CallVector(program_id=one.program_id, stamp=force.stamp, wanted=_packed(one.wanted), floor=one.floor, computed_at=now)
            for one in calls
        ],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["program"],
        update_fields=["stamp", "wanted", "floor", "computed_at"],
    )


def table_of(calls: Sequence[KnownCall], model: Model, registers: Registers, today: date) -> Calls:
    """The arrays of these programmes."""
    return calls_table(model, [one.call for one in calls], registers, today, [one.wanted for one in calls])


def with_floors(calls: Sequence[KnownCall], floors: "Sequence[int] | np.ndarray") -> list[KnownCall]:  # type: ignore[type-arg]
    """The same programmes with new floors."""
    return [replace(one, floor=int(floor)) for one, floor in zip(calls, floors, strict=True)]


def _packed(wanted: Wanted) -> list[list[object]]:
    return [[number, points, wanted.sources[number]] for number, points in wanted.items()]


def _unpacked(rows: list[list[object]]) -> Wanted:
    found = Wanted({int(number): int(points) for number, points, _source in rows})  # type: ignore[call-overload]
    found.sources = {int(number): str(source) for number, _points, source in rows}  # type: ignore[call-overload]
    return found
