"""The whole search: words and filters in, one page of hits out; the same on either engine.

Stages follow each other on the pages of one search: names by likeness, names whose score alone is known, subjects. A cursor names
the stage and the last row of it, so that no page computes those before it.
"""

import datetime
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from search.domain.concepts import labels
from search.domain.cursors import Position, bad_cursor, plain_value, read_cursor, read_value, write_cursor
from search.domain.indexing import active_generation
from search.domain.query import FACETS, SORTS, FoundConcept, Query, SearchRequest, Subjects, floor_of
from search.domain.visibility_check import still_visible
from search.engines.base import Candidate, Counts, Engine, EngineError, Filter, Matches, Scope
from search.engines.choosing import answering_engine, pause_replica_engine
from search.engines.postgres import PostgresEngine
from search.models import SearchDocument, SearchKind, SearchName
from search.names import (
    FUZZY_BELOW,
    likeness,
)

MOST = 100
COLUMN_OF_SORT = {"relevance": "quality", "name": "sort_name", "new": "created", "fresh": "confirmed"}
CANDIDATES, FUZZY_FOUND, NEAREST = 200, 100, 3
ENOUGH = 0.6
"""Likeness from which a name is shown whose candidate score is below the floor."""
SIMILAR, FEW = 0.3, 10
"""Likeness from which a name may follow at the very end, as long as there are fewer names than FEW: two slips in a short name."""
SURE = 1.5
"""Likeness from which the words are a person's name and nothing else."""
NEAR = 0.2
"""Likeness from which a name is proposed when nothing was found."""
NEAR_CONCEPT = 0.45
"""The same of a concept."""
SUBJECT_FLOOR = 0.7
"""Share of the best possible score that a name needs when all the words are subjects: then few people are meant by name."""
BATCH = 200
ROUNDS = 6
"""How often a page is filled up when hits turn out to be hidden."""
PATIENCE, SECOND_PATIENCE = 1.5, 0.8
"""Seconds for all questions of one search, and of these how many the second engine gets before PostgreSQL answers."""


@dataclass(frozen=True)
class Hit:
    """One found document. `also_written` is the spelling that was found when it is not the shown one; `why` is "name" or "subject"."""

    kind: str
    object_id: int
    name: str
    also_written: str
    why: str
    score: float
    concepts: tuple[int, ...] = ()
    """The asked concepts that the document is about."""


@dataclass(frozen=True)
class Suggestions:
    """What to try when nothing was found: names that look alike, and concepts near the words."""

    names: tuple[str, ...] = ()
    concepts: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.names or self.concepts)


@dataclass(frozen=True)
class SearchResult:
    """One page. `facets` are counts by facet name and value; `simpler` says that an engine was away or slow and less was searched."""

    hits: list[Hit]
    total: int = 0
    more_than_total: bool = False
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    cursor: str = ""
    concepts: tuple[FoundConcept, ...] = ()
    suggestions: Suggestions = field(default_factory=Suggestions)
    simpler: bool = False


def search(user: Any, request: SearchRequest, *, now: datetime.datetime | None = None, until: float | None = None) -> SearchResult:
    """One page of what this reader may see. Never raises for what somebody typed; a foreign cursor is DomainError (400).

    `until` (of time.monotonic) is when the asker stops waiting, where several searches share one patience.
    """
    index = active_generation()
    position = read_cursor(request)
    if index is None:
        return SearchResult([])
    asked = Query.of(user, request, index, now or timezone.now())
    if asked.words:
        labels()  # the first of a process takes a moment that is not the engine's
    begun = time.monotonic()
    end = begun + PATIENCE if until is None else min(until, begun + PATIENCE)
    # What changed a moment ago is in PostgreSQL first: questions among given documents go there.
    engine, right_one = answering_engine(min(end, begun + SECOND_PATIENCE), mirrored=index.mirrored and request.among is None)
    if not isinstance(engine, PostgresEngine):
        try:
            return _Search(user, asked, engine, strict=True).page(position)
        except EngineError:
            pause_replica_engine()
            right_one = False
    return _Search(user, asked, PostgresEngine(end), simpler=not right_one).page(position)


@dataclass(frozen=True)
class _Found:
    """A row of a stage, before anybody looked whether it may be shown. `key` is its place in the stage."""

    key: tuple[Any, ...]
    object_id: int
    why: str
    score: float
    spelling: str = ""


@dataclass(frozen=True)
class _Spelled:
    """The best name of a document for these words."""

    likeness: float
    quality: int
    spelling: str


Stage = Callable[[tuple[Any, ...] | None, int], list[_Found]]


class _Search:
    """One search on one engine. `strict`: an engine that fails ends it; otherwise what failed is left out, and the answer says so."""

    def __init__(self, user: Any, asked: Query, engine: Engine, *, strict: bool = False, simpler: bool = False) -> None:
        self.user, self.asked, self.engine, self.strict, self.simpler = user, asked, engine, strict, simpler
        self.named: list[_Found] = []
        self.similar: list[_Found] = []
        self.fuzzy_found: tuple[int, ...] = ()
        self.lookalikes: dict[tuple[Filter, ...], list[int]] = {}
        self.last_candidate: tuple[int, int] | None = None
        self.anywhere: list[Candidate] | None = None
        self.best = 0.0
        self.floor = asked.floor
        self.subjects = Subjects()

    def page(self, position: Position) -> SearchResult:
        request = self.asked.request
        if self.asked.words:
            with self._forgiving():
                self._find_names()
        limit = max(1, min(request.limit, MOST))
        found, hits = self._filled(position, limit)
        more = len(hits) > limit
        counts = Counts()
        if request.with_facets or position is None:
            with self._forgiving():
                counts = self.engine.count(self.asked.scope, self._matches(), self.asked.now)
        suggestions = Suggestions()
        if not hits and position is None and self.asked.words:
            with self._forgiving():
                suggestions = self._suggestions()
        return SearchResult(
            hits=self._with_concepts(hits[:limit]),
            total=max(counts.total, len(hits[:limit])),
            more_than_total=counts.more,
            facets=_facets(counts) if request.with_facets else {},
            cursor=write_cursor(request, *found[limit - 1]) if more else "",
            concepts=self.subjects.concepts,
            suggestions=suggestions,
            simpler=self.simpler,
        )

    @contextmanager
    def _forgiving(self) -> Iterator[None]:
        try:
            yield
        except EngineError:
            if self.strict:
                raise
            self.simpler = True

    # ---- names -------------------------------------------------------------------------------------------------------

    def _find_names(self) -> None:
        """The best candidates by keys, judged by likeness; when none is sure enough, those that look alike as well.

        What scores below the floor, or only looks alike, is there when it is alike enough.
        """
        asked = self.asked
        found = self._candidates() if asked.sure else []
        spelled = self._judged([one.object_id for one in found])
        self.best = max((one.likeness for one in spelled.values()), default=0.0)
        self._find_subjects()
        sure = {one.object_id for one in found if one.score >= self.floor}
        if len(sure) == CANDIDATES:
            self.last_candidate = (found[-1].score, found[-1].object_id)
        if self._may_be_misspelt() and not self._is_known(found, spelled):
            with self._forgiving():
                others = [one.object_id for one in self.engine.candidates(asked.scope, asked.clauses, asked.least, CANDIDATES)]
                others += self._look_alikes(asked.scope)
                spelled |= self._judged([pk for pk in dict.fromkeys(others) if pk not in spelled], sounds=True)
        self.best = max((one.likeness for one in spelled.values()), default=0.0)
        kept = {pk: one for pk, one in spelled.items() if pk in sure or one.likeness >= ENOUGH}
        self.named = self._in_order(kept)
        rest = {pk: one for pk, one in spelled.items() if pk not in kept and one.likeness >= SIMILAR}
        self.similar = self._in_order(rest)[: max(0, FEW - len(kept))]
        self.fuzzy_found = tuple(sorted([*(kept.keys() - sure), *(row.object_id for row in self.similar)]))

    def _may_be_misspelt(self) -> bool:
        """Whether the words, of whom no name is sure enough, are worth guessing at."""
        return bool(self.best < FUZZY_BELOW and self.asked.wanted.medium and not self.subjects.outright)

    def _candidates(self) -> list[Candidate]:
        """The best by keys. With filters on they are looked for without these first: when all are known, no count has to look again."""
        asked, scope = self.asked, self.asked.scope
        if scope.filters:
            anywhere = Scope(scope.generation, scope.kind, scope.level, ids=scope.ids)
            self.anywhere = self.engine.candidates(anywhere, asked.sure, asked.floor, CANDIDATES)
            if self.everyone is not None:
                scope = self._among(one.object_id for one in self.everyone)
        return self.engine.candidates(scope, asked.sure, asked.floor, CANDIDATES)

    def _look_alikes(self, scope: Scope) -> list[int]:
        """Ids by likeness of sound, asked once."""
        if scope.filters not in self.lookalikes:
            self.lookalikes[scope.filters] = self.engine.fuzzy_match(scope, self.asked.wanted, FUZZY_FOUND)
        return self.lookalikes[scope.filters]

    def _is_known(self, found: Sequence[Candidate], judged: Collection[int]) -> bool:
        """Whether the name is there as it is spelt, so that no other spelling has to be guessed: in a list full of people who have all
        the words, which gets no better, or outside the filters, among those not judged yet.
        """
        rows = found if self.anywhere is None else self.anywhere
        if len(rows) == CANDIDATES and rows[-1].score >= self.asked.settled:
            return True
        elsewhere = self._judged([one.object_id for one in rows if one.object_id not in judged])
        return any(one.likeness >= FUZZY_BELOW for one in elsewhere.values())

    @property
    def everyone(self) -> list[Candidate] | None:
        """All whom the names match without the filters, where so many are known."""
        return None if self.anywhere is None or len(self.anywhere) == CANDIDATES else self.anywhere

    def _find_subjects(self) -> None:
        """What the words are about. Where they are surely a person's name no concept is looked for; where they are concepts and
        nothing else, a name has to match better.
        """
        asked = self.asked
        if asked.scope.kind == SearchKind.EXPERT and self.best >= SURE:
            self.subjects = Subjects.plain(asked.words)
        else:
            self.subjects = Subjects.of(asked.words, asked.request.as_words)
        if self.subjects.wholly and self.best < FUZZY_BELOW:
            self.floor = floor_of(asked.clauses, SUBJECT_FLOOR)

    @staticmethod
    def _in_order(spelled: Mapping[int, _Spelled]) -> list[_Found]:
        rows = [_Found((-one.likeness, -one.quality, pk), pk, "name", one.likeness, one.spelling) for pk, one in spelled.items()]
        return sorted(rows, key=lambda row: row.key)

    def _judged(self, ids: Sequence[int], *, sounds: bool = False) -> dict[int, _Spelled]:
        """The best name of each document that the reader may know, and how alike it is. Ties go to the name that stands first.

        `sounds`: of names that sound alike only one, where many are judged of whom most are not meant.
        """
        scope = self.asked.scope
        rows = SearchName.objects.filter(
            document__generation=scope.generation, document__kind=scope.kind, document__object_id__in=ids, level__lte=scope.level
        )
        if sounds:
            rows = rows.filter(sounds=True)
        best: dict[int, _Spelled] = {}
        for pk, quality, text in (
            rows.order_by("position").values_list("document__object_id", "document__quality", "text") if ids else ()
        ):
            similar = round(likeness(self.asked.words, text), 6)
            if pk not in best or similar > best[pk].likeness:
                best[pk] = _Spelled(similar, quality, text)
        return best

    # ---- stages ------------------------------------------------------------------------------------------------------

    def _stages(self) -> dict[str, Stage]:
        if not self.asked.words or self.asked.request.sort != SORTS[0]:
            return {"listed": self._listed}
        names: dict[str, Stage] = {"names": self._names, "scored": self._scored}
        subjects: dict[str, Stage] = {"subjects": self._subjects}
        first_subjects = self.subjects.wholly and self.best < FUZZY_BELOW
        similar: dict[str, Stage] = {"alike": self._similar}
        return {**subjects, **names, **similar} if first_subjects else {**names, **subjects, **similar}

    def _names(self, after: tuple[Any, ...] | None, count: int) -> list[_Found]:
        rows = [row for row in self.named if after is None or row.key > after][:count]
        return self._without_subjects(rows)

    def _similar(self, after: tuple[Any, ...] | None, count: int) -> list[_Found]:
        """Names that are something like it, when there is little else."""
        return self._without_text([row for row in self.similar if after is None or row.key > after][:count])

    def _scored(self, after: tuple[Any, ...] | None, count: int) -> list[_Found]:
        """Names beyond those that were judged: by score alone."""
        if self.last_candidate is None:
            return []
        last = self.last_candidate if after is None else (-after[0], after[1])
        found = self.engine.candidates(self.asked.scope, self.asked.sure, self.floor, count, after=last)
        known = {row.object_id for row in self.named}
        rows = [_Found((-one.score, one.object_id), one.object_id, "name", 0.0) for one in found]
        return self._without_subjects([_without_document(row) if row.object_id in known else row for row in rows])

    def _subjects(self, after: tuple[Any, ...] | None, count: int) -> list[_Found]:
        if not self.subjects.text:
            return []
        last = None if after is None else (-after[0], -after[1], after[2])
        found = self.engine.text(self.asked.scope, self.subjects.text, count, after=last)
        rows = [_Found((-hit.weight, -hit.quality, hit.object_id), hit.object_id, "subject", float(hit.weight)) for hit in found]
        return rows if next(iter(self._stages())) == "subjects" else self._without_names(rows)

    def _without_names(self, rows: list[_Found]) -> list[_Found]:
        """Rows that did not stand among the names already; the others stay as places without a document."""
        known = {row.object_id for row in self.named}
        if self.last_candidate is not None and rows:
            scope = self._among(row.object_id for row in rows)
            known |= {one.object_id for one in self.engine.candidates(scope, self.asked.sure, self.floor, len(rows))}
        return [_without_document(row) if row.object_id in known else row for row in rows]

    def _without_subjects(self, rows: list[_Found]) -> list[_Found]:
        return self._without_text(rows) if next(iter(self._stages())) == "subjects" else rows

    def _without_text(self, rows: list[_Found]) -> list[_Found]:
        if not rows or not self.subjects.text:
            return rows
        known = {
            hit.object_id for hit in self.engine.text(self._among(row.object_id for row in rows), self.subjects.text, len(rows))
        }
        return [_without_document(row) if row.object_id in known else row for row in rows]

    def _among(self, ids: Iterable[int]) -> Scope:
        scope = self.asked.scope
        return Scope(scope.generation, scope.kind, scope.level, scope.filters, tuple(ids))

    def _listed(self, after: tuple[Any, ...] | None, count: int) -> list[_Found]:
        order = COLUMN_OF_SORT.get(self.asked.request.sort, COLUMN_OF_SORT[SORTS[0]])
        last = None if after is None else (read_value(order, after[0]), after[1])
        found = self.engine.listed(self.asked.scope, self._matches(), order, count, after=last)
        spelled = self._judged([row.object_id for row in found]) if self.asked.words else {}
        return [
            _Found((plain_value(row.value), row.object_id), row.object_id, *_reason(spelled.get(row.object_id))) for row in found
        ]

    def _matches(self) -> Matches | None:
        asked = self.asked
        if not asked.words:
            return None
        text = self.subjects.text or None
        if self.last_candidate is None and not asked.scope.filters:
            # Every name that matches is known by its id: no engine has to look for them again.
            return Matches(ids=tuple(sorted(row.object_id for row in (*self.named, *self.similar))), text=text)
        if self.everyone is not None:
            named = {one.object_id for one in self.everyone if one.score >= self.floor}
            return Matches(ids=tuple(sorted(named.union(self.fuzzy_found))), text=text)
        return Matches(asked.sure, self.floor, self.fuzzy_found, text)

    # ---- the page ----------------------------------------------------------------------------------------------------

    def _filled(self, position: Position, limit: int) -> tuple[list[tuple[str, tuple[Any, ...]]], list[Hit]]:
        """One hit more than the page holds, with their places; filled up where hits turn out to be hidden."""
        places: list[tuple[str, tuple[Any, ...]]] = []
        hits: list[Hit] = []
        stages = self._stages()
        names = list(stages)
        if position is not None and position[0] not in stages:
            raise bad_cursor()
        for name in names[names.index(position[0]) if position else 0 :]:
            after = position[1] if position and position[0] == name else None
            with self._forgiving():
                for _round in range(ROUNDS):
                    if len(hits) > limit:
                        return places, hits
                    wanted = limit + 1 - len(hits)
                    if name != names[0]:  # much of it may have stood in an earlier stage
                        wanted = max(wanted, BATCH)
                    rows = stages[name](after, wanted)
                    for row, hit in self._shown(rows):
                        places.append((name, row.key))
                        hits.append(hit)
                    if len(rows) < wanted:
                        break
                    after = rows[-1].key
        return places, hits

    def _shown(self, rows: list[_Found]) -> Iterator[tuple[_Found, Hit]]:
        """What of the rows this reader may see at this moment."""
        open_now = still_visible(self.asked.scope.kind, self.user, {row.object_id: row.spelling for row in rows if row.object_id})
        for row in rows:
            if row.object_id in open_now:
                name = open_now[row.object_id]
                written = row.spelling if row.spelling != name else ""
                yield row, Hit(self.asked.scope.kind, row.object_id, name, written, row.why, row.score)

    def _with_concepts(self, hits: list[Hit]) -> list[Hit]:
        """The same hits, saying which of the asked concepts they are about."""
        scope, wanted = self.asked.scope, {f"about:{one.concept_id}": one.concept_id for one in self.subjects.concepts}
        if not wanted or not hits:
            return hits
        rows = SearchDocument.objects.filter(
            generation=scope.generation, kind=scope.kind, object_id__in=[hit.object_id for hit in hits]
        )
        tags = {pk: set(found) for pk, found in rows.values_list("object_id", f"tags_{scope.level}")}
        return [
            Hit(hit.kind, hit.object_id, hit.name, hit.also_written, hit.why, hit.score, _about(tags.get(hit.object_id), wanted))
            for hit in hits
        ]

    def _suggestions(self) -> Suggestions:
        """Names that look most alike, whatever the filters, and concepts near the words."""
        asked = self.asked
        scope = Scope(asked.scope.generation, asked.scope.kind, asked.scope.level)
        spelled = self._judged(self._look_alikes(scope)) if asked.wanted.medium else {}
        near = [row for row in self._in_order(spelled) if row.score >= NEAR][: 4 * NEAREST]
        names = list(dict.fromkeys(hit.also_written or hit.name for _row, hit in self._shown(near)))
        concepts = dict.fromkeys(
            int(match.concept_id) for match in labels().rank(asked.words, NEAREST) if match.score >= NEAR_CONCEPT
        )
        return Suggestions(tuple(names[:NEAREST]), tuple(concepts))


def _without_document(row: _Found) -> _Found:
    return _Found(row.key, 0, row.why, row.score)


def _reason(spelled: _Spelled | None) -> tuple[str, float, str]:
    if spelled is None or spelled.likeness < ENOUGH:
        return "subject", 0.0, ""
    return "name", spelled.likeness, spelled.spelling


def _about(tags: set[str] | None, wanted: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(pk for tag, pk in wanted.items() if tags and tag in tags)


def _facets(counts: Counts) -> dict[str, dict[str, int]]:
    facets: dict[str, dict[str, int]] = defaultdict(dict)
    for tag, number in counts.tags.items():
        name, _colon, value = tag.partition(":")
        if name in FACETS and name != "about":
            facets[name][value] = number
    return dict(facets)
