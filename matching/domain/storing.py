"""The rows of matches: which pairs are stored, and their explanations."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection
from django.utils import timezone

from matching.domain import calls as of_calls
from matching.domain import people as of_people
from matching.domain.calls import KnownCall
from matching.domain.model import ModelInForce
from matching.domain.people import KnownPerson
from matching.models import Invitation, Match, PersonChoice, ProgramChoice
from matching.scoring.blocks import ELIGIBLE, Blocks, Places, Prepared
from matching.scoring.parts import explain_pair
from matching.scoring.ranking import all_pairs
from matching.scoring.requirements import codes_of, unmet
from matching.scoring.tables import Registers

VALUES = (
    "score",
    "parts",
    "missing",
    "eligible",
    "requirements",
    "host_score",
    "host_parts",
    "host_missing",
    "host_eligible",
    "host_requirements",
)
LOCKS, COMPARING = 0x4D41, 1
Pair = tuple[int, int]


def kept() -> int:
    """How many matches of each person and of each programme are stored."""
    return int(settings.MATCHES_KEPT)


def lock_comparing(*, alone: bool) -> None:
    """Until the end of the transaction: jobs about people run beside each other, a job about a programme or a part of a rebuild runs `alone`."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{'' if alone else '_shared'}(%s, %s)", (LOCKS, COMPARING))


def compare(people: Sequence[KnownPerson], calls: Sequence[KnownCall], force: ModelInForce, today: date) -> tuple[Places, Places]:
    """[programme, person]: points, ELIGIBLE more for eligible pairs; as the people see it, and as hosts do."""
    registers = Registers()
    table = of_calls.table_of(calls, force.model, registers, today)
    concepts = len(force.model.hierarchy)
    prepared = Prepared(table, concepts)
    own = all_pairs(Blocks(prepared, of_people.table_of([one.own for one in people], concepts, registers)))
    hidden = [place for place, one in enumerate(people) if one.host is not one.own]
    if not hidden:
        return own, own
    host = own.copy()
    host[:, hidden] = all_pairs(Blocks(prepared, of_people.table_of([people[place].host for place in hidden], concepts, registers)))
    return own, host


def floor_of(ranked: Places, k: int) -> int:
    """The k-th best, or 0 when there are fewer with points."""
    return int(np.partition(ranked, len(ranked) - k)[len(ranked) - k]) if len(ranked) >= k else 0


def pairs_kept(experts: Collection[int] | None, programs: Collection[int] | None) -> set[Pair]:
    """Pairs (expert, programme) that are stored whatever their rank: invitations, and what experts and hosts saved or dismissed."""
    found: set[Pair] = set()
    for model in (Invitation, ProgramChoice, PersonChoice):
        rows = model.objects.all()
        if experts is not None:
            rows = rows.filter(expert__in=experts)
        if programs is not None:
            rows = rows.filter(program__in=programs)
        found.update(rows.values_list("expert_id", "program_id"))
    return found


def matches_of(
    pairs: Iterable[Pair], people: Mapping[int, KnownPerson], calls: Mapping[int, KnownCall], force: ModelInForce, today: date
) -> list[Match]:
    """Rows for these pairs, unsaved. Those without points on both sides are left out unless somebody keeps them."""
    by_program: dict[int, list[int]] = {}
    for expert, program in sorted(pairs):
        if expert in people and program in calls:
            by_program.setdefault(program, []).append(expert)
    now = timezone.now()
    found = []
    for program, experts in by_program.items():
        own = one_side(calls[program], [people[expert].own for expert in experts], force, today)
        host = one_side(calls[program], [people[expert].host for expert in experts], force, today)
        for expert, mine, theirs in zip(experts, own, host, strict=True):
            values = {**mine, **{f"host_{name}": value for name, value in theirs.items()}}
            found.append(Match(expert_id=expert, program_id=program, computed_at=now, **values))
    return found


def one_side(call: KnownCall, people: Sequence[Any], force: ModelInForce, today: date) -> list[dict[str, Any]]:
    """For each of these people score, parts, missing and requirements, as one side sees them."""
    registers = Registers()
    table = of_calls.table_of([call], force.model, registers, today)
    fails = unmet(table, 0, of_people.table_of(people, len(force.model.hierarchy), registers))
    found = []
    for place, known in enumerate(people):
        points, parts, missing = explain_pair(force.model, known, call.call, call.wanted)
        codes = codes_of(fails[:, place])
        found.append({"score": points, "parts": parts, "missing": missing, "eligible": not codes, "requirements": codes})
    return found


def store(matches: list[Match]) -> None:
    """Write these rows, over those of the same pairs."""
    Match.objects.bulk_create(
        matches, batch_size=500, update_conflicts=True, unique_fields=["expert", "program"], update_fields=[*VALUES, "computed_at"]
    )


def is_same(one: Match, other: Match) -> bool:
    """Whether two rows of a pair say the same."""
    return all(getattr(one, name) == getattr(other, name) for name in VALUES)


def with_points(ranked: Places) -> Places:
    """Points without the mark of eligible pairs."""
    return ranked - ELIGIBLE * (ranked >= ELIGIBLE)
