"""Entry point of the search, and the order of hits: words and filters in, one page of hits out; the same on either engine.

Stages follow each other on the pages of one search: names by similarity, names whose score alone is known, subjects. A cursor names
the stage and the last row of it, so that no page computes those before it.
"""

import datetime
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from search.domain.cursors import Position, bad_cursor, plain_value, read_cursor, read_value, write_cursor
from search.domain.indexing import active_generation
from search.domain.name_matching import ENOUGH, MatchedName, NameSearch, in_order, scope_among
from search.domain.passages import Passage, passages_of
from search.domain.query import FACETS, SORTS, Query, SearchRequest, clean_words
from search.domain.results import FoundRow, Hit, SearchResult, Suggestions, without_document
from search.domain.subjects import Subjects
from search.domain.text_matching import TextSearch
from search.domain.together import Steps, VisibleRows, run_together
from search.domain.typed import as_meant
from search.domain.visibility_check import shown_name, without_hidden_spellings
from search.engines.base import Counts, EngineError, Matches, Question, Scope
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
    return search_together(user, [request], now=now, until=until, index=index)[0]


def search_together(
    user: Any,
    requests: Sequence[SearchRequest],
    *,
    now: datetime.datetime | None = None,
    until: float | None = None,
    index: SearchIndex | None = None,
) -> list[SearchResult]:
    """The same for several requests, which PostgreSQL answers together."""
    index = index or active_generation()
    positions = [read_cursor(request) for request in requests]
    if index is None:
        return [SearchResult([]) for _request in requests]
    moment = now or timezone.now()
    if any(request.words for request in requests):
        labels()  # loading them for the first time in a process takes a moment that must not count
    meant = {words: as_meant(clean_words(words)) for words in {request.words for request in requests} if words}
    asked = [Query.of(user, request, index, moment, meant.get(request.words, "")) for request in requests]
    results: dict[int, SearchResult] = {}
    rest: dict[int, Steps[SearchResult]] = {}
    end = _deadline(until)
    for number, (one, position) in enumerate(zip(asked, positions, strict=True)):
        # PostgreSQL has the latest changes first: queries among given documents go there.
        engine, right_one = answering_engine(
            min(end, time.monotonic() + REPLICA_TIMEOUT), mirrored=index.mirrored and one.request.among is None
        )
        if not isinstance(engine, PostgresEngine):
            try:
                [results[number]] = run_together(engine, [_Search(user, one, strict=True).page(position)])
                continue
            except EngineError:
                pause_replica_engine()
                right_one = False
        rest[number] = _Search(user, one, simpler=not right_one).page(position)
    results |= dict(zip(rest, run_together(PostgresEngine(end), list(rest.values())), strict=True))
    return [results[number] for number in range(len(requests))]


def _deadline(until: float | None) -> float:
    end = time.monotonic() + TIMEOUT
    return end if until is None else min(until, end)


Stage = Callable[[tuple[Any, ...] | None, int], Steps[list[FoundRow]]]


class _Search:
    """One search, as steps. `strict`: a failure of the engine is raised; otherwise that part is left out and the result is simpler."""

    def __init__(self, user: Any, asked: Query, *, strict: bool = False, simpler: bool = False) -> None:
        self.user, self.asked, self.strict, self.simpler = user, asked, strict, simpler
        self.names = NameSearch(asked, self._optional)
        self.subjects = Subjects()
        self.texts = TextSearch(asked)

    def page(self, position: Position) -> Steps[SearchResult]:
        request = self.asked.request
        if self.asked.words:
            with self._optional():
                yield from self._match()
        limit = max(0, min(request.limit, MAX_HITS))
        found, hits = (yield from self._filled(position, limit)) if limit else ([], [])
        more = len(hits) > limit
        counts = Counts()
        if request.with_facets or position is None:
            with self._optional():
                counts = yield Question("count", (self.asked.scope, self._matches(), self.asked.now))
        suggestions = Suggestions()
        near: tuple[Hit, ...] = ()
        if limit and not hits and position is None and self.asked.words:
            with self._optional():
                near = yield from self._near()
                suggestions = yield from self._suggestions()
        shown = yield from self._with_concepts(hits[:limit])
        return SearchResult(
            hits=shown,
            total=max(counts.total, len(hits[:limit])),
            more_than_total=counts.more,
            facets=_facets(counts) if request.with_facets else {},
            cursor=write_cursor(request, *found[limit - 1]) if more else "",
            concepts=self.subjects.concepts,
            suggestions=suggestions,
            simpler=self.simpler,
            near=near,
            read_as=self.asked.words if self.asked.corrected else "",
            passages=self._passages((*shown, *near)) if request.with_passages else {},
        )

    def _near(self) -> Steps[tuple[Hit, ...]]:
        if self.asked.request.among is not None:
            return ()
        rows = yield from self.texts.near(self.subjects)
        hits = yield from _hits(self.user, self.asked.scope.kind, rows)
        return tuple(replace(hit, near=True) for hit in hits if hit is not None)

    def _passages(self, hits: Iterable[Hit]) -> dict[int, Passage]:
        """Of hits that were found by their texts."""
        subjects = {hit.object_id: hit.subject for hit in hits if hit.why == "subject"}
        return passages_of(self.user, self.asked.scope.kind, subjects, self.subjects, get_language() or "")

    @contextmanager
    def _optional(self) -> Iterator[None]:
        try:
            yield
        except EngineError:
            if self.strict:
                raise
            self.simpler = True

    def _match(self) -> Steps[None]:
        """Match names and subjects. Where the words are surely a person's name no concept is looked for."""
        asked = self.asked
        yield from self.names.find_candidates()
        if asked.scope.kind == SearchKind.EXPERT and self.names.best >= SURE:
            self.subjects = Subjects.plain(asked.words)
        else:
            self.subjects = Subjects.of(asked.words, asked.scope.kind, asked.request.as_words)
        yield from self.names.select(self.subjects)
        self.texts.expect(self.subjects)
        # Part of the words is worth showing where they are nobody's name.
        if self.names.best < ENOUGH and asked.request.among is None:
            with self._optional():
                yield from self.texts.find(self.subjects)
        elif self.names.best < FUZZY_BELOW:
            with self._optional():
                yield from self.texts.best()

    # ---- stages ------------------------------------------------------------------------------------------------------

    def _stages(self) -> dict[str, Stage]:
        if not self.asked.words or self.asked.request.sort != SORTS[0]:
            return {"listed": self._listed}
        names: dict[str, Stage] = {"names": self._names, "scored": self._scored}
        subjects: dict[str, Stage] = {"subjects": self._subjects, "further": self._further}
        similar: dict[str, Stage] = {"similar": self._similar}
        return {**subjects, **names, **similar} if self._texts_first() else {**names, **subjects, **similar}

    def _texts_first(self) -> bool:
        """Whether the words are rather what somebody works on than a name: all of them are known so, or texts have all of them."""
        all_said = bool(self.texts.found) and not self.texts.found[0].partly
        return self.names.best < FUZZY_BELOW and (self.subjects.wholly or all_said)

    def _names(self, after: tuple[Any, ...] | None, count: int) -> Steps[list[FoundRow]]:
        rows = [row for row in self.names.found if after is None or row.key > after][:count]
        return (yield from self._without_subjects(rows))

    def _similar(self, after: tuple[Any, ...] | None, count: int) -> Steps[list[FoundRow]]:
        """Less similar names, when there is little else."""
        rows = [row for row in self.names.similar if after is None or row.key > after][:count]
        return (yield from self._without_text(rows))

    def _scored(self, after: tuple[Any, ...] | None, count: int) -> Steps[list[FoundRow]]:
        """Names beyond those that were compared: by score alone."""
        if self.names.last_candidate is None:
            return []
        found = yield from self.names.beyond(self.names.last_candidate if after is None else (-after[0], after[1]), count)
        known = {row.object_id for row in self.names.found}
        rows = [FoundRow((-one.score, one.object_id), one.object_id, "name", 0.0) for one in found]
        rows = [without_document(row) if row.object_id in known else row for row in rows]
        return (yield from self._without_subjects(rows))

    def _subjects(self, after: tuple[Any, ...] | None, count: int) -> Steps[list[FoundRow]]:
        best = yield from self.texts.best()
        rows = [row for row in best if after is None or row.key > after][:count]
        return (yield from self._after_names(rows))

    def _further(self, after: tuple[Any, ...] | None, count: int) -> Steps[list[FoundRow]]:
        """Texts beyond those that were compared: in the order of the engine."""
        if self.texts.last is None:
            return []
        found = yield from self.texts.beyond(self.texts.last if after is None else (-after[0], -after[1], after[2]), count)
        known = {row.object_id for row in self.texts.found}
        rows = [FoundRow((-hit.weight, -hit.quality, hit.object_id), hit.object_id, "subject", float(hit.weight)) for hit in found]
        rows = [without_document(row) if row.object_id in known else row for row in rows]
        return (yield from self._after_names(rows))

    def _after_names(self, rows: list[FoundRow]) -> Steps[list[FoundRow]]:
        return rows if self._texts_first() else (yield from self._without_names(rows))

    def _without_names(self, rows: list[FoundRow]) -> Steps[list[FoundRow]]:
        """Rows that are not among the names already; the others stay as places without a document."""
        known = yield from self.names.among(self._among(rows), len(rows))
        return [without_document(row) if row.object_id in known else row for row in rows]

    def _without_subjects(self, rows: list[FoundRow]) -> Steps[list[FoundRow]]:
        return (yield from self._without_text(rows)) if self._texts_first() else rows

    def _without_text(self, rows: list[FoundRow]) -> Steps[list[FoundRow]]:
        if not rows or not self.texts.query:
            return rows
        known = yield from self.texts.among(self._among(rows), len(rows))
        return [without_document(row) if row.object_id in known else row for row in rows]

    def _among(self, rows: Iterable[FoundRow]) -> Scope:
        return scope_among(self.asked.scope, (row.object_id for row in rows))

    def _listed(self, after: tuple[Any, ...] | None, count: int) -> Steps[list[FoundRow]]:
        order = COLUMN_OF_SORT.get(self.asked.request.sort, COLUMN_OF_SORT[SORTS[0]])
        last = None if after is None else (read_value(order, after[0]), after[1])
        found = yield Question("listed", (self.asked.scope, self._matches(), order, count, last))
        spelled = (yield from self.names.judged([row.object_id for row in found])) if self.asked.words else {}
        return [
            FoundRow((plain_value(row.value), row.object_id), row.object_id, *_reason(spelled.get(row.object_id))) for row in found
        ]

    def _matches(self) -> Matches | None:
        return self.names.matches(self.texts.query or None, self.texts.known) if self.asked.words else None

    # ---- the page ----------------------------------------------------------------------------------------------------

    def _filled(self, position: Position, limit: int) -> Steps[tuple[list[tuple[str, tuple[Any, ...]]], list[Hit]]]:
        """One hit more than the page holds, with their places; filled up where hits turn out to be hidden."""
        stages = self._stages()
        names = list(stages)
        if position is not None and position[0] not in stages:
            raise bad_cursor()
        found = _Found(self.user, self.asked.scope.kind, limit + 1)
        for name in names[names.index(position[0]) if position else 0 :]:
            after = position[1] if position and position[0] == name else None
            with self._optional():
                for _round in range(ROUNDS):
                    if not (wanted := (yield from found.missing())):
                        return found.places, found.hits
                    if name != names[0]:  # much of it may be in an earlier stage
                        wanted = max(wanted, BATCH)
                    rows = yield from stages[name](after, wanted)
                    found.add(name, rows)
                    if len(rows) < wanted:
                        break
                    after = rows[-1].key
        yield from found.check()
        return found.places, found.hits

    def _with_concepts(self, hits: list[Hit]) -> Steps[list[Hit]]:
        """The same hits with those of the asked concepts that they are about."""
        scope, wanted = self.asked.scope, {f"about:{one.concept_id}": one.concept_id for one in self.subjects.concepts}
        if not wanted or not hits:
            return hits
        rows = SearchDocument.objects.filter(
            generation=scope.generation, kind=scope.kind, object_id__in=[hit.object_id for hit in hits]
        )
        tags = {pk: set(found) for pk, found in (yield rows.values_list("object_id", f"tags_{scope.level}"))}
        return [replace(hit, concepts=_about(tags.get(hit.object_id), wanted)) for hit in hits]

    def _suggestions(self) -> Steps[Suggestions]:
        """The most similar names, whatever the filters, and concepts near the words."""
        asked = self.asked
        scope = Scope(asked.scope.generation, asked.scope.kind, asked.scope.level)
        spelled = (yield from self.names.judged((yield from self.names.look_alikes(scope)))) if asked.wanted.medium else {}
        near = [row for row in in_order(spelled) if row.score >= NEAR][: 4 * NEAREST]
        names = list(
            dict.fromkeys(
                hit.also_written or hit.name for hit in (yield from _hits(self.user, scope.kind, near)) if hit is not None
            )
        )
        concepts = dict.fromkeys(
            int(match.concept_id) for match in labels().rank(asked.words, NEAREST) if match.score >= NEAR_CONCEPT
        )
        return Suggestions(tuple(names[:NEAREST]), tuple(concepts))


class _Found:
    """The hits of a page, among the rows of the stages; those are checked when there are enough of them to fill the page."""

    def __init__(self, user: Any, kind: str, wanted: int) -> None:
        self.user, self.kind, self.wanted = user, kind, wanted
        self.places: list[tuple[str, tuple[Any, ...]]] = []
        self.hits: list[Hit] = []
        self._unchecked: list[tuple[str, FoundRow]] = []

    def add(self, stage: str, rows: Iterable[FoundRow]) -> None:
        self._unchecked += [(stage, row) for row in rows if row.object_id]

    def missing(self) -> Steps[int]:
        """How many rows there should be more. When enough are there they are checked first: 0 means that the page is full."""
        if len(self.hits) + len(self._unchecked) >= self.wanted:
            yield from self.check()
        return max(0, self.wanted - len(self.hits) - len(self._unchecked))

    def check(self) -> Steps[None]:
        """The rows become hits, except those that are hidden: first as many as the page needs, then, where some were, all others."""
        needed = self.wanted - len(self.hits)
        for portion in (self._unchecked[:needed], self._unchecked[needed:]):
            if portion and len(self.hits) < self.wanted:
                hits = yield from _hits(self.user, self.kind, [row for _stage, row in portion])
                shown = [(stage, row, hit) for (stage, row), hit in zip(portion, hits, strict=True) if hit is not None]
                self.places += [(stage, row.key) for stage, row, _hit in shown]
                self.hits += [hit for _stage, _row, hit in shown]
        self._unchecked = []


def _hits(user: Any, kind: str, rows: Sequence[FoundRow]) -> Steps[list[Hit | None]]:
    """The hit of each row; None where this reader may not see it now."""
    spellings = {row.object_id: row.spelling for row in rows}
    subjects = (yield VisibleRows(kind, user, frozenset(spellings))) if spellings else {}
    if kind == SearchKind.EXPERT:
        subjects = without_hidden_spellings(user, subjects, spellings)
    return [_hit(kind, row, subjects[row.object_id]) if row.object_id in subjects else None for row in rows]


def _hit(kind: str, row: FoundRow, subject: Any) -> Hit:
    name = shown_name(kind, subject)
    spelling = row.spelling if row.spelling != name else ""
    return Hit(kind, row.object_id, name, spelling, row.why, row.score, near=row.partly, subject=subject)


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
