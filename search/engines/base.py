"""The interface of search engines, and the plain values of its arguments and results.

An engine finds and counts; it does not rank. Scores are integers below 2**24, ties go by id, so that two engines that hold the
same documents return exactly the same rows. Similarity of names, order of the page and visibility are shared code above.
"""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from vocabulary.names import Clause, Skeletons

SIMILAR_STEPS, ENOUGH_SIMILAR = (0.5, 0.4, 0.3), 20
"""Trigram similarity from which a name is a fuzzy match, tried from the highest: where ENOUGH_SIMILAR reach it, lower ones are not read."""
COUNTED = 10_000
"""Totals and facets are counted over the matches with the lowest ids, up to this many; a total that reaches it says that there may be more."""
SAMPLED = 3_000
"""Where words alone match COUNTED or more, facets are counted over so many: they show proportions then, and every one is read."""

STRONG, WEAK = 3, 1
"""What a unit weighs that stands where a document says what it is about (titles, declared concepts), and anywhere else."""
LEVELS = (0, 1, 2)
"""Levels of readers: everyone, members, coordinators and the secretariat."""


class EngineError(Exception):
    """The engine is unavailable, too slow, or returned an error: another engine has to answer, or less is searched."""


class OutOfTimeError(EngineError):
    """The deadline had passed before the engine was queried: the engine did not fail."""


# ---- what is stored --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Name:
    """One name of a document, found and shown by readers of `level` and above."""

    text: str
    language: str
    kind: str
    level: int
    skeletons: Skeletons


@dataclass(frozen=True)
class Document:
    """The indexed data of one expert, programme or institution. `tags` and `words` are by level, each including the one before."""

    kind: str
    object_id: int
    level: int
    names: tuple[Name, ...]
    keys: Mapping[str, int]
    """Each key with the lowest level that finds the document by it: a set, so that many spellings weigh no more than one."""
    tags: tuple[frozenset[str], frozenset[str], frozenset[str]]
    words: tuple[frozenset[str], frozenset[str], frozenset[str]]
    opens: datetime.datetime | None
    closes: datetime.datetime | None
    quality: int
    sort_name: str
    created: datetime.datetime
    confirmed: datetime.date


# ---- queries -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filter:
    """One facet with something chosen: documents with any of `tags`; or, with `open_at`, those open at that moment."""

    name: str
    tags: tuple[str, ...] = ()
    open_at: datetime.datetime | None = None


@dataclass(frozen=True)
class Scope:
    """What every query is limited to: a generation, a kind, the reader's level, filters (all of them apply)."""

    generation: int
    kind: str
    level: int
    filters: tuple[Filter, ...] = ()
    ids: tuple[int, ...] | None = None
    """Only among these documents, when given."""


@dataclass(frozen=True)
class Way:
    """One way in which a document has a unit: all of `words` (of each, any of its forms), or any of `tags`."""

    weight: int
    """For the engine: STRONG or WEAK."""
    value: int
    """For the order of the best hits, where the values of all ways that apply are added up."""
    words: tuple[frozenset[str], ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unit:
    """One thing that is asked for: a concept, a filter said in words, or one word. A document has it in any of these ways."""

    ways: tuple[Way, ...]
    share: int = 1
    """How much of the query it is."""
    required: bool = True


@dataclass(frozen=True)
class TextQuery:
    """A document matches when it has every required unit and its units add up to the share `least`.

    Its weight is the sum over its units of the heaviest way.
    """

    units: tuple[Unit, ...]
    least: int = 0

    def __bool__(self) -> bool:
        return bool(self.units)

    @property
    def ways(self) -> list[Way]:
        """All ways of all units, in the order of `TextHit.ways`."""
        return [way for unit in self.units for way in unit.ways]


@dataclass(frozen=True)
class Matches:
    """Everything a search found: names whose candidate score reaches `floor`, documents by id (fuzzy matches), subjects. One of them is enough."""

    clauses: tuple[Clause, ...] = ()
    floor: int = 1
    ids: tuple[int, ...] = ()
    text: TextQuery | None = None


@dataclass(frozen=True)
class Question:
    """One call of an engine's method, not made yet."""

    method: str
    arguments: tuple[Any, ...]


# ---- what is answered ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Candidate:
    """A document with its integer score."""

    object_id: int
    score: int


@dataclass(frozen=True)
class TextHit:
    """A document with the weight of its units, and which of the ways of the query apply to it."""

    object_id: int
    weight: int
    quality: int
    ways: tuple[bool, ...] = ()


@dataclass(frozen=True)
class Listed:
    """A document with the value it is ordered by."""

    object_id: int
    value: Any


@dataclass(frozen=True)
class Counts:
    """How many match with all filters on (`more`: COUNTED or beyond), and documents by tag, for each facet with its own filter off.

    Over the first COUNTED by id of those that pass all filters; for a facet that has a filter also over the first COUNTED of those
    that only this filter keeps out.

    `tags` counts whole tags ("country:UZ"); the pseudo tag "open:now" counts those open at the moment asked about.
    """

    total: int = 0
    more: bool = False
    tags: Mapping[str, int] = field(default_factory=dict)


OPEN_TAG = "open:now"
ORDERS = {"quality": True, "sort_name": False, "created": True, "confirmed": True}
"""Columns a list may be ordered by, and whether the largest come first. Ties go by ascending id."""


class Engine(Protocol):
    """Implemented by both engines. Queries raise EngineError; so do writes of the replica."""

    name: str

    def candidates(
        self, scope: Scope, clauses: Sequence[Clause], floor: int, limit: int, after: tuple[int, int] | None = None
    ) -> list[Candidate]:
        """Documents by the sum over clauses of the heaviest key they have, at least `floor`: score descending, id ascending.

        `after` is the (score, id) of the last one already known.
        """

    def fuzzy_match(self, scope: Scope, wanted: Skeletons, limit: int) -> list[int]:
        """Documents with a name (of the reader's level) of similar trigrams of `f"{medium} {loose}"`: most similar first, then id.

        At least as similar as the first of SIMILAR_STEPS that finds ENOUGH_SIMILAR; where none does, as the last.
        """

    def text(self, scope: Scope, query: TextQuery, limit: int, after: tuple[int, int, int] | None = None) -> list[TextHit]:
        """Subject matches: weight descending, quality descending, id ascending. `after` is that triple of the last one known."""

    def listed(
        self, scope: Scope, matches: Matches | None, order: str, limit: int, after: tuple[Any, int] | None = None
    ) -> list[Listed]:
        """All matches (all documents when None) by one of ORDERS; `after` is the (value, id) of the last one known."""

    def count(self, scope: Scope, matches: Matches | None, now: datetime.datetime) -> Counts:
        """Total and facets, as `Counts` says: tags of a facet that has a filter are counted with this filter off and all others on."""

    def answer(self, questions: Sequence[Question]) -> list[Any]:
        """The answers to several questions. When one of them fails, none is answered."""

    def write(self, generation: int, documents: Sequence[Document]) -> None:
        """Store these documents, over what is there."""

    def erase(self, generation: int, kind: str, ids: Collection[int]) -> None:
        """Delete these documents; unknown ones are ignored."""

    def drop(self, generation: int) -> None:
        """Delete a whole generation."""
