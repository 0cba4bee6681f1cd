"""A vocabulary, the relations, a reader of texts and a table of weights, joined: turns people and programmes into vectors over concepts."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from matching.scoring.evidence import Held, held_concepts
from matching.scoring.hierarchy import ConceptRow, Hierarchy
from matching.scoring.reading import Reader
from matching.scoring.relations import relations
from matching.scoring.similarity import along_the_hierarchy, belongings, with_relations
from matching.scoring.values import Call, Person
from matching.scoring.wanted import MIN_CONTENT, Wanted, wanted_concepts
from matching.scoring.weights import DEFAULT_WEIGHTS, Weights

Key = Hashable
Vector = npt.NDArray[np.uint8]
TECHNIQUES = frozenset({"technique", "skill"})
MAX_EVIDENCE = 255
LEAST = 3
FIELD_SHARE = 0.9
CONTRAST = 1.3
"""Percent below which a concept is not held."""


class Model:
    """Immutable but for caches. `schemes` gives the scheme of each concept by key."""

    def __init__(
        self,
        rows: Iterable[ConceptRow],
        *,
        schemes: Mapping[Key, str],
        reader: Reader | None = None,
        weights: Weights = DEFAULT_WEIGHTS,
    ) -> None:
        self.hierarchy = Hierarchy(rows)
        self.reader = reader
        self.weights = weights
        known = relations()
        self.belongs = belongings(self.hierarchy, known)
        self.general = frozenset(self.hierarchy.by_slug[slug] for slug in known.general if slug in self.hierarchy.by_slug)
        self.records = frozenset(self.hierarchy.by_slug[slug] for slug in known.records if slug in self.hierarchy.by_slug)
        self._fields = frozenset(number for number, key in enumerate(self.hierarchy.keys) if schemes.get(key) == "field")
        self._techniques = frozenset(number for number, key in enumerate(self.hierarchy.keys) if schemes.get(key) in TECHNIQUES)

    @cached_property
    def similar(self) -> npt.NDArray[np.float32]:
        """[asked, held], see `similarity`."""
        return with_relations(self.plain, self.hierarchy, relations())

    @cached_property
    def plain(self) -> npt.NDArray[np.float32]:
        """The same without the relations: for what a row implies, which must not imply more."""
        return along_the_hierarchy(self.hierarchy, self.general)

    def is_technique(self, number: int) -> bool:
        """Whether the concept is a technique or a skill."""
        return number in self._techniques

    def numbers(self, keys: Iterable[Key]) -> set[int]:
        """The numbers of the known ones among these concepts."""
        return {self.hierarchy.numbers[key] for key in keys if key in self.hierarchy.numbers}

    def mentions(self, texts: Sequence[tuple[str, str]], *, hints: bool = False) -> dict[int, int]:
        """How often the texts name each concept, by number; with `hints` also what everyday words hint at."""
        if self.reader is None or not texts:
            return {}
        reading = self.reader.read(texts)
        named = {**dict.fromkeys(reading.hinted, 1), **reading.named} if hints else reading.named
        return {self.hierarchy.numbers[key]: times for key, times in named.items() if key in self.hierarchy.numbers}

    def weight_of(self, number: int, general: int) -> float:
        """What a concept weighs among those that a programme asks: its information content squared, less for a technique that is applied to anything."""
        content = max(MIN_CONTENT, self.hierarchy.content[number])
        share = general / 100 if number in self.general else 1.0
        return content**2 * share * (FIELD_SHARE if number in self._fields else 1.0)

    def wanted(self, call: Call) -> Wanted:
        """Points by concept, see `wanted`."""
        return wanted_concepts(self, call)

    def evidence(self, person: Person, today: date) -> list[Held]:
        """What stands behind the person, see `evidence`."""
        return held_concepts(self, person, today)

    def vector(self, held: Sequence[Held]) -> Vector:
        """For each concept, how far the person answers for it: the best of all evidence, whole percent."""
        return self.best(held)[0]

    def best(self, held: Sequence[Held]) -> tuple[Vector, Vector]:
        """The same, and for each concept the place of that evidence in `held`; of equal ones the first. At most 255 are considered."""
        held = held[:MAX_EVIDENCE]
        if not held:
            nothing = np.zeros(len(self.hierarchy), dtype=np.uint8)
            return nothing, nothing
        strengths = np.array([one.strength for one in held], dtype=np.float32)
        columns = [(self.plain if one.implied else self.similar)[:, one.concept] for one in held]
        values = np.stack(columns, axis=1) * strengths
        place = values.argmax(axis=1)
        found = np.rint(values[np.arange(len(values)), place] ** CONTRAST * 100).astype(np.uint8)
        found[found < LEAST] = 0
        return found, place.astype(np.uint8)
