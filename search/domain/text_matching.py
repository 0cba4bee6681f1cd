"""The texts that match a search: the best documents by an engine, put in order by how much of the query they have, and where."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from search.domain.query import Query
from search.domain.results import FoundRow
from search.domain.subjects import Subjects
from search.domain.together import Steps
from search.engines.base import STRONG, Question, Scope, TextHit, TextQuery, Unit, Way
from search.models import SearchKind

WINDOW = 100
"""The best documents, which are compared in full; those beyond come in the order of the engine."""
FEW = 10
"""Where fewer documents have all of the query, those that have a good part of it follow."""
NEAREST = 3
"""Documents that are shown as near when nothing was found."""


class TextSearch:
    """The texts of one search: `find` asks for the best of them."""

    def __init__(self, asked: Query) -> None:
        self.asked = asked
        self.query = TextQuery(())
        """What the documents that are found match."""
        self._units: tuple[Unit, ...] = ()
        self._found: list[FoundRow] | None = None
        self.last: tuple[int, int, int] | None = None
        """Weight, quality and id of the last one compared, when there may be more."""

    def expect(self, subjects: Subjects) -> None:
        """Texts that have all of the query match; they are asked for when they are needed."""
        self.query, self._units = subjects.text, subjects.units

    def find(self, subjects: Subjects) -> Steps[None]:
        """The best of those that have all of the query, and where these are few, of those that have a good part of it."""
        self.expect(subjects)
        yield from self.best()
        # A person who has one of the words in a name is meant by the whole name or not at all.
        partly = subjects.partly(with_names=self.asked.scope.kind != SearchKind.EXPERT)
        if len(self.found) < FEW and partly:
            self.query, self._found = partly, None
            yield from self.best()

    def best(self) -> Steps[list[FoundRow]]:
        """The best documents in order, asked for once."""
        if self._found is None:
            hits: list[TextHit] = (yield Question("text", (self.asked.scope, self.query, WINDOW))) if self.query else []
            if len(hits) == WINDOW:
                self.last = (hits[-1].weight, hits[-1].quality, hits[-1].object_id)
            self._found = in_order(hits, self._units)
        return self._found

    @property
    def found(self) -> list[FoundRow]:
        """The best documents, as far as they were asked for."""
        return self._found or []

    @property
    def known(self) -> tuple[int, ...] | None:
        """The ids of all that match, when these are no more than were compared."""
        return None if self._found is None or self.last is not None else tuple(row.object_id for row in self._found)

    def beyond(self, after: tuple[int, int, int], count: int) -> Steps[list[TextHit]]:
        """Documents after this weight, quality and id, in the order of the engine."""
        found: list[TextHit] = yield Question("text", (self.asked.scope, self.query, count, after))
        return found

    def near(self, subjects: Subjects) -> Steps[list[FoundRow]]:
        """For a search that found nothing: documents that have one of the things that were asked for, where they say what they are about."""
        units = tuple(replace(unit, required=False, ways=_strong(unit)) for unit in subjects.units if unit.required)
        if not units:
            return []
        query = TextQuery(units, min(unit.share for unit in units))
        hits = yield Question("text", (self.asked.scope, query, WINDOW))
        return in_order(hits, query.units)[:NEAREST]

    def among(self, scope: Scope, count: int) -> Steps[set[int]]:
        """Ids whose texts match, among them all of this scope."""
        if not self.query or not count:
            return set()
        if self.known is not None:
            return set(self.known)
        found = yield Question("text", (scope, self.query, count))
        return {hit.object_id for hit in found}


def _strong(unit: Unit) -> tuple[Way, ...]:
    return tuple(way for way in unit.ways if way.weight == STRONG)


def in_order(hits: Iterable[TextHit], units: Sequence[Unit]) -> list[FoundRow]:
    """Those that have all required units first; then by the places where they stand, quality and id."""
    rows = []
    for hit in hits:
        missing, value = _compared(hit, units)
        rows.append(
            FoundRow((missing, -value, -hit.quality, hit.object_id), hit.object_id, "subject", float(value), partly=missing > 0)
        )
    return sorted(rows, key=lambda row: row.key)


def _compared(hit: TextHit, units: Sequence[Unit]) -> tuple[int, int]:
    """The share of the query that the document lacks, and the value of what it has."""
    ways = iter(hit.ways)
    missing = value = 0
    for unit in units:
        applying = [way.value for way in unit.ways if next(ways)]
        value += unit.share * sum(applying)
        if unit.required and not applying:
            missing += unit.share
    return missing, value
