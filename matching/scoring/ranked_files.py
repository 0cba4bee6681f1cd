"""Ranks the people of one file for the programmes of another: every pair with a score above zero, with its unmet requirements and, if wanted, its parts."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from matching.scoring.blocks import ELIGIBLE, Blocks, Prepared
from matching.scoring.model import Model
from matching.scoring.parts import Known, explain_pair
from matching.scoring.ranking import all_pairs
from matching.scoring.requirements import codes_of, unmet
from matching.scoring.tables import Registers, calls_table, facts_table, freshness
from matching.scoring.values import Call, Person


class Ranked(NamedTuple):
    """One pair. `explained` is None unless it was asked for."""

    program: str
    expert: str
    points: int
    unmet: list[str]
    explained: dict[str, Any] | None

    def line(self) -> str:
        """As a line of the run file."""
        return f"{self.program}\t{self.expert}\t{self.points}\t{','.join(self.unmet)}\n"

    def explanation(self) -> str:
        """As a line of the explanations."""
        pair = {"program_id": self.program, "expert_id": self.expert, "score": self.points, "unmet": self.unmet}
        return json.dumps({**pair, **(self.explained or {})}, ensure_ascii=False) + "\n"


class Ranking:
    """All programmes with all people. `without_concepts` are programmes that name no concept: they have no pairs."""

    def __init__(self, model: Model, people: Mapping[str, Person], programs: Mapping[str, Call], today: date) -> None:
        self._model = model
        self._names, self._ids = list(people), list(programs)
        self._programs = list(programs.values())
        registers = Registers()
        self._calls = calls_table(model, self._programs, registers, today)
        self._known = [_known(model, person, today) for person in people.values()]
        vectors = np.array([known.vector for known in self._known], dtype=np.uint8).reshape(len(people), len(model.hierarchy)).T
        fresh = [known.fresh for known in self._known]
        self._people = facts_table(np.ascontiguousarray(vectors), list(people.values()), registers, fresh)
        self.without_concepts = [name for name, wanted in zip(self._ids, self._calls.wanted, strict=True) if not wanted]

    def pairs(self, *, explain: bool = False) -> Iterator[Ranked]:
        """By programme in the order of its file, the highest score first; of equal ones by id."""
        blocks = Blocks(Prepared(self._calls, len(self._model.hierarchy)), self._people)
        ranked = all_pairs(blocks)
        points = ranked - ELIGIBLE * (ranked >= ELIGIBLE)
        for number in range(len(self._calls)):
            fails = unmet(self._calls, number, self._people)
            found = np.flatnonzero(points[number])
            for place in sorted(found.tolist(), key=lambda place: (-points[number, place], self._names[place])):
                explained = self._explained(number, place) if explain else None
                yield Ranked(
                    self._ids[number], self._names[place], int(points[number, place]), codes_of(fails[:, place]), explained
                )

    def _explained(self, number: int, place: int) -> dict[str, Any]:
        _points, parts, missing = explain_pair(self._model, self._known[place], self._programs[number], self._calls.wanted[number])  # type: ignore[arg-type]
        return {"parts": parts, "missing": missing}


def _known(model: Model, person: Person, today: date) -> Known:
    held = model.evidence(person, today)
    vector, best = model.best(held)
    return Known(person, held, vector, best, freshness(person, today))
