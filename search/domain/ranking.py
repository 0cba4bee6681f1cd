"""Entry point of the search, and the order of hits: words and filters in, one page of hits out; the same on either engine.

Stages follow each other on the pages of one search: names by similarity, names whose score alone is known, subjects. A cursor names
the stage and the last row of it, so that no page computes those before it.
"""

import datetime
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.utils import timezone

from search.domain.cursors import Position, bad_cursor, plain_value, read_cursor, read_value, write_cursor
from search.domain.indexing import active_generation
from search.domain.name_matching import ENOUGH, MatchedName, NameSearch, in_order, scope_among
from search.domain.query import FACETS, SORTS, Query, SearchRequest, Subjects
from search.domain.results import FoundRow, Hit, SearchResult, Suggestions, without_document
from search.domain.visibility_check import still_visible
from search.engines.base import Counts, Engine, EngineError, Matches, Scope
from search.engines.choosing import answering_engine, pause_replica_engine
from search.engines.postgres import PostgresEngine
from search.models import SearchDocument, SearchIndex, SearchKind
from vocabulary.domain.concepts import labels
from vocabulary.names import FUZZY_BELOW

MAX_HITS = 100
COLUMN_OF_SORT = {"relevance": "quality", "name": "sort_name", "new": "created", "fresh": "confirmed"}
NEAREST = 3
SURE = 1.5
"""Similarity from which the words are taken for a person's name only."""
NEAR = 0.2
"""Similarity from which a name is proposed when nothing was found."""
NEAR_CONCEPT = 0.45
"""The same for a concept."""
BATCH = 200
ROUNDS = 6
"""How often a page is filled up when hits turn out to be hidden."""
TIMEOUT, REPLICA_TIMEOUT = 1.5, 0.8
"""Seconds for all queries of one search, and how many of them the replica has before PostgreSQL answers."""


def search(
    user: Any,
    request: SearchRequest,
    *,
    now: datetime.datetime | None = None,
    until: float | None = None,
    index: SearchIndex | None = None,
) -> SearchResult:
    """One page of what this reader may see. Never raises for user input; a foreign cursor is DomainError (400).

    `until` (of time.monotonic) is the deadline, where several searches share one time limit; they may share `index` too, the
    generation that answers.
    """
    index = index or active_generation()
    position = read_cursor(request)
    if index is None:
        return SearchResult([])
    asked = Query.of(user, request, index, now or timezone.now())
    if asked.words:
        labels()  # loading them for the first time in a process takes a moment that must not count
    begun = time.monotonic()
    end = begun + TIMEOUT if until is None else min(until, begun + TIMEOUT)
    # PostgreSQL has the latest changes first: queries among given documents go there.
    engine, right_one = answering_engine(min(end, begun + REPLICA_TIMEOUT), mirrored=index.mirrored and request.among is None)
    if not isinstance(engine, PostgresEngine):
        try:
            return _Search(user, asked, engine, strict=True).page(position)
        except EngineError:
            pause_replica_engine()
            right_one = False
    return _Search(user, asked, PostgresEngine(end), simpler=not right_one).page(position)


Stage = Callable[[tuple[Any, ...] | None, int], list[FoundRow]]


class _Search:
    """One search on one engine. `strict`: a failure of the engine is raised; otherwise that part is left out and the result is simpler."""

    def __init__(self, user: Any, asked: Query, engine: Engine, *, strict: bool = False, simpler: bool = False) -> None:
        self.user, self.asked, self.engine, self.strict, self.simpler = user, asked, engine, strict, simpler
        self.names = NameSearch(asked, engine, self._optional)
        self.subjects = Subjects()

    def page(self, position: Position) -> SearchResult:
        request = self.asked.request
        if self.asked.words:
            with self._optional():
                self._match()
        limit = max(1, min(request.limit, MAX_HITS))
        found, hits = self._filled(position, limit)
        more = len(hits) > limit
        counts = Counts()
        if request.with_facets or position is None:
            with self._optional():
                counts = self.engine.count(self.asked.scope, self._matches(), self.asked.now)
        suggestions = Suggestions()
        if not hits and position is None and self.asked.words:
            with self._optional():
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
    def _optional(self) -> Iterator[None]:
        try:
            yield
        except EngineError:
            if self.strict:
                raise
            self.simpler = True

    def _match(self) -> None:
        """Match names and subjects. Where the words are surely a person's name no concept is looked for."""
        asked = self.asked
        self.names.find_candidates()
        if asked.scope.kind == SearchKind.EXPERT and self.names.best >= SURE:
            self.subjects = Subjects.plain(asked.words)
        else:
            self.subjects = Subjects.of(asked.words, asked.request.as_words)
        self.names.select(self.subjects)

    # ---- stages ------------------------------------------------------------------------------------------------------

    def _stages(self) -> dict[str, Stage]:
        if not self.asked.words or self.asked.request.sort != SORTS[0]:
            return {"listed": self._listed}
        names: dict[str, Stage] = {"names": self._names, "scored": self._scored}
        subjects: dict[str, Stage] = {"subjects": self._subjects}
        first_subjects = self.subjects.wholly and self.names.best < FUZZY_BELOW
        similar: dict[str, Stage] = {"similar": self._similar}
        return {**subjects, **names, **similar} if first_subjects else {**names, **subjects, **similar}

    def _names(self, after: tuple[Any, ...] | None, count: int) -> list[FoundRow]:
        rows = [row for row in self.names.found if after is None or row.key > after][:count]
        return self._without_subjects(rows)

    def _similar(self, after: tuple[Any, ...] | None, count: int) -> list[FoundRow]:
        """Less similar names, when there is little else."""
        return self._without_text([row for row in self.names.similar if after is None or row.key > after][:count])

    def _scored(self, after: tuple[Any, ...] | None, count: int) -> list[FoundRow]:
        """Names beyond those that were compared: by score alone."""
        if self.names.last_candidate is None:
            return []
        found = self.names.beyond(self.names.last_candidate if after is None else (-after[0], after[1]), count)
        known = {row.object_id for row in self.names.found}
        rows = [FoundRow((-one.score, one.object_id), one.object_id, "name", 0.0) for one in found]
        return self._without_subjects([without_document(row) if row.object_id in known else row for row in rows])

    def _subjects(self, after: tuple[Any, ...] | None, count: int) -> list[FoundRow]:
        if not self.subjects.text:
            return []
        last = None if after is None else (-after[0], -after[1], after[2])
        found = self.engine.text(self.asked.scope, self.subjects.text, count, after=last)
        rows = [FoundRow((-hit.weight, -hit.quality, hit.object_id), hit.object_id, "subject", float(hit.weight)) for hit in found]
        return rows if next(iter(self._stages())) == "subjects" else self._without_names(rows)

    def _without_names(self, rows: list[FoundRow]) -> list[FoundRow]:
        """Replace rows that are among the names already by places without a document."""
        known = self.names.among(self._among(rows), len(rows))
        return [without_document(row) if row.object_id in known else row for row in rows]

    def _without_subjects(self, rows: list[FoundRow]) -> list[FoundRow]:
        return self._without_text(rows) if next(iter(self._stages())) == "subjects" else rows

    def _without_text(self, rows: list[FoundRow]) -> list[FoundRow]:
        if not rows or not self.subjects.text:
            return rows
        known = {hit.object_id for hit in self.engine.text(self._among(rows), self.subjects.text, len(rows))}
        return [without_document(row) if row.object_id in known else row for row in rows]

    def _among(self, rows: Iterable[FoundRow]) -> Scope:
        return scope_among(self.asked.scope, (row.object_id for row in rows))

    def _listed(self, after: tuple[Any, ...] | None, count: int) -> list[FoundRow]:
        order = COLUMN_OF_SORT.get(self.asked.request.sort, COLUMN_OF_SORT[SORTS[0]])
        last = None if after is None else (read_value(order, after[0]), after[1])
        found = self.engine.listed(self.asked.scope, self._matches(), order, count, after=last)
        spelled = self.names.compare_names([row.object_id for row in found]) if self.asked.words else {}
        return [
            FoundRow((plain_value(row.value), row.object_id), row.object_id, *_reason(spelled.get(row.object_id))) for row in found
        ]

    def _matches(self) -> Matches | None:
        return self.names.matches(self.subjects.text or None) if self.asked.words else None

    # ---- the page ----------------------------------------------------------------------------------------------------

    def _filled(self, position: Position, limit: int) -> tuple[list[tuple[str, tuple[Any, ...]]], list[Hit]]:
        """One hit more than the page has, with their positions; hidden hits are replaced by later ones."""
        places: list[tuple[str, tuple[Any, ...]]] = []
        hits: list[Hit] = []
        stages = self._stages()
        names = list(stages)
        if position is not None and position[0] not in stages:
            raise bad_cursor()
        for name in names[names.index(position[0]) if position else 0 :]:
            after = position[1] if position and position[0] == name else None
            with self._optional():
                for _round in range(ROUNDS):
                    if len(hits) > limit:
                        return places, hits
                    wanted = limit + 1 - len(hits)
                    if name != names[0]:  # much of it may be in an earlier stage
                        wanted = max(wanted, BATCH)
                    rows = stages[name](after, wanted)
                    for row, hit in self._shown(rows):
                        places.append((name, row.key))
                        hits.append(hit)
                    if len(rows) < wanted:
                        break
                    after = rows[-1].key
        return places, hits

    def _shown(self, rows: list[FoundRow]) -> Iterator[tuple[FoundRow, Hit]]:
        """The rows that this reader may see now, with their hits."""
        open_now = still_visible(self.asked.scope.kind, self.user, {row.object_id: row.spelling for row in rows if row.object_id})
        for row in rows:
            if row.object_id in open_now:
                name = open_now[row.object_id]
                written = row.spelling if row.spelling != name else ""
                yield row, Hit(self.asked.scope.kind, row.object_id, name, written, row.why, row.score)

    def _with_concepts(self, hits: list[Hit]) -> list[Hit]:
        """The same hits, each with the requested concepts that it is about."""
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
        """The most similar names, whatever the filters, and concepts near the words."""
        asked = self.asked
        scope = Scope(asked.scope.generation, asked.scope.kind, asked.scope.level)
        spelled = self.names.compare_names(self.names.fuzzy_ids(scope)) if asked.wanted.medium else {}
        near = [row for row in in_order(spelled) if row.score >= NEAR][: 4 * NEAREST]
        names = list(dict.fromkeys(hit.also_written or hit.name for _row, hit in self._shown(near)))
        concepts = dict.fromkeys(
            int(match.concept_id) for match in labels().rank(asked.words, NEAREST) if match.score >= NEAR_CONCEPT
        )
        return Suggestions(tuple(names[:NEAREST]), tuple(concepts))


def _reason(spelled: MatchedName | None) -> tuple[str, float, str]:
    if spelled is None or spelled.similarity < ENOUGH:
        return "subject", 0.0, ""
    return "name", spelled.similarity, spelled.spelling


def _about(tags: set[str] | None, wanted: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(pk for tag, pk in wanted.items() if tags and tag in tags)


def _facets(counts: Counts) -> dict[str, dict[str, int]]:
    facets: dict[str, dict[str, int]] = defaultdict(dict)
    for tag, number in counts.tags.items():
        name, _colon, value = tag.partition(":")
        if name in FACETS and name != "about":
            facets[name][value] = number
    return dict(facets)
