"""The whole search: words and filters in, one page of hits out; the same on either engine.

Stages follow each other on the pages of one search: names by likeness, names whose score alone is known, subjects. A cursor names
the stage and the last row of it, so that no page computes those before it.
"""

import base64
import binascii
import datetime
import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exchange.core.errors import DomainError
from exchange.core.folding import LONGEST_QUERY
from exchange.core.towns import town_key
from profiles.domain.visibility import can_see_part
from profiles.models import ExpertProfile, Institution
from profiles.models.experts import audiences_open_to
from profiles.states import NameKind, Part
from programs.models import Program
from search.domain.concepts import labels
from search.domain.indexing import living_generation
from search.engines.base import Counts, Engine, EngineError, Filter, Matches, Scope, TextQuery, Unit
from search.engines.choosing import answering_engine, pause_second_engine
from search.engines.postgres import PostgresEngine
from search.models import SearchDocument, SearchIndex, SearchKind, SearchName
from search.names import (
    MATCH_FLOOR,
    RESCUE_BELOW,
    Clause,
    Skeletons,
    best_possible,
    likeness,
    query_clauses,
    skeletons,
    word_keys,
)
from search.names.keys import MEDIUM_NEAR, STEM, STRICT
from search.subjects.spelling import words as split

PAGE, MOST = 20, 100
SORTS = ("relevance", "name", "new", "fresh")
COLUMN_OF_SORT = {"relevance": "quality", "name": "sort_name", "new": "created", "fresh": "confirmed"}
FACETS = frozenset(
    [
        "about",
        "city",
        "country",
        "eligible",
        "field",
        "free",
        "funding",
        "institution",
        "kind",
        "language",
        "material",
        "modality",
        "month",
        "object",
        "open",
        "specialism",
        "teaches",
        "technique",
        "verified",
    ]
)
"""What may be filtered by; of these all but `about` are counted."""

CANDIDATES, RESCUED, NEAREST = 200, 100, 3
ENOUGH = 0.6
"""Likeness from which a name is shown whose candidate score is below the floor."""
ALIKE, FEW = 0.3, 10
"""Likeness from which a name may follow at the very end, as long as there are fewer names than FEW: two slips in a short name."""
SURE = 1.5
"""Likeness from which the words are a person's name and nothing else."""
NEAR = 0.2
"""Likeness from which a name is proposed when nothing was found."""
NEAR_CONCEPT = 0.45
"""The same of a concept."""
SUBJECT_FLOOR = 0.7
"""Share of the best possible score that a name needs when all the words are subjects: then few people are meant by name."""
MOST_UNITS, MOST_CLAUSES = 12, 24
MOST_VALUES, LONGEST_VALUE = 50, 120
BATCH = 200
ROUNDS = 6
"""How often a page is filled up when hits turn out to be hidden."""
PATIENCE, SECOND_PATIENCE = 0.8, 0.35
"""Seconds for all questions of one search, and of these how many the second engine gets before PostgreSQL answers."""


@dataclass(frozen=True)
class SearchRequest:
    """What somebody asks for. `filters` are values by facet name; values of one facet are alternatives, facets add up."""

    kind: str
    words: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    open_now: bool = False
    available: str = ""
    """A month, "2027-03": experts who could travel then."""
    sort: str = "relevance"
    limit: int = PAGE
    cursor: str = ""
    with_facets: bool = False
    as_words: frozenset[int] = frozenset()
    """Concepts not meant, though the words would resolve to them: there the words are plain words."""
    among: tuple[int, ...] | None = None
    """Only these documents, when given: saved searches ask which of the changed ones fit."""


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
class FoundConcept:
    """A concept the words resolved to: where in the query, and how surely."""

    concept_id: int
    text: str
    score: float


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
    index = living_generation()
    position = _read_cursor(request)
    if index is None:
        return SearchResult([])
    asked = _Question.of(user, request, index, now or timezone.now())
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
            pause_second_engine()
            right_one = False
    return _Search(user, asked, PostgresEngine(end), simpler=not right_one).page(position)


# ---- the question ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Question:
    """A request, read: cleaned words with all that is made of them, filters as tags, the reader's level."""

    request: SearchRequest
    scope: Scope
    now: datetime.datetime
    words: str
    clauses: tuple[Clause, ...]
    sure: tuple[Clause, ...]
    """The clauses without the keys of words that are only near: few documents have many of these, and every one of them would be read."""
    floor: int
    wanted: Skeletons

    @classmethod
    def of(cls, user: Any, request: SearchRequest, index: SearchIndex, now: datetime.datetime) -> "_Question":
        level = len(audiences_open_to(user)) - 1
        words = clean_words(request.words)
        clauses = query_clauses(words)[:MOST_CLAUSES]
        return cls(
            request=request,
            scope=Scope(index.pk, str(SearchKind(request.kind)), level, _filters(request, now), _among(request.among)),
            now=now,
            words=words,
            clauses=clauses,
            sure=_without_near(clauses),
            # One word of a name that goes on: the clause of the whole name cannot be met, and says nothing the word does not.
            floor=min(_floor(clauses, MATCH_FLOOR), STEM) if len(split(words)) == 1 else _floor(clauses, MATCH_FLOOR),
            wanted=skeletons(words),
        )


def _without_near(clauses: Sequence[Clause]) -> tuple[Clause, ...]:
    """Words left with one sound missing match half a country; the same of pairs and of whole names few people, so those stay."""
    kept = (
        tuple((key, weight) for key, weight in clause if weight > MEDIUM_NEAR or max(of for _, of in clause) < STRICT)
        for clause in clauses
    )
    return tuple(clause for clause in kept if clause)


def _floor(clauses: Sequence[Clause], share: float) -> int:
    """In whole numbers, so that no engine rounds it another way."""
    return max(1, -(-best_possible(clauses) * round(share * 100) // 100))


@dataclass(frozen=True)
class _Subjects:
    """What the words are about: concepts and plain words, all of which have to be there."""

    text: TextQuery = field(default_factory=lambda: TextQuery(()))
    concepts: tuple[FoundConcept, ...] = ()
    wholly: bool = False
    """Every word belongs to a concept."""

    @classmethod
    def of(cls, words: str, as_words: Collection[int]) -> "_Subjects":
        resolved = labels().resolve(words)
        units: list[Unit] = []
        found: list[FoundConcept] = []
        rest = list(resolved.rest)
        spelt = split(words)
        for start, end, concept_id, score in resolved.spans:
            text = " ".join(spelt[start:end])
            if concept_id in as_words:
                rest.append(text)
            else:
                units.append(Unit(word_keys(text), int(concept_id)))
                found.append(FoundConcept(int(concept_id), text, score))
        plain = _plain_units(" ".join(rest))
        return cls(TextQuery(tuple([*units, *plain][:MOST_UNITS])), tuple(found), bool(found) and not plain)

    @classmethod
    def plain(cls, words: str) -> "_Subjects":
        """No concept is looked for."""
        return cls(TextQuery(tuple(_plain_units(words)[:MOST_UNITS])))


def _plain_units(words: str) -> list[Unit]:
    return [Unit((readings,)) for readings in word_keys(words)]


def clean_words(text: str) -> str:
    """What somebody typed without what no database stores, in one line, no longer than a query may be."""
    plain = text[: 4 * LONGEST_QUERY].encode("utf-8", "ignore").decode()
    return " ".join("".join(char if char.isprintable() else " " for char in plain).split())[:LONGEST_QUERY]


def _filters(request: SearchRequest, now: datetime.datetime) -> tuple[Filter, ...]:
    """Known facets with something chosen, always in the same order. A value that no database stores finds nothing."""
    chosen = {name: values for name, values in request.filters.items() if name in FACETS and name != "open" and values}
    if request.available:
        chosen["free"] = [request.available]
    filters = [
        Filter(name, tuple(dict.fromkeys(f"{name}:{_value(name, value)}" for value in list(values)[:MOST_VALUES])))
        for name, values in sorted(chosen.items())
    ]
    return (*filters, Filter("open", open_at=now)) if request.open_now else tuple(filters)


def _value(name: str, value: str) -> str:
    plain = clean_words(str(value)[:LONGEST_VALUE])
    return town_key(plain) if name == "city" else plain


def _among(ids: tuple[int, ...] | None) -> tuple[int, ...] | None:
    return None if ids is None else tuple(pk for pk in ids if 0 < pk < 2**31)


# ---- the answer ------------------------------------------------------------------------------------------------------


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
Position = tuple[str, tuple[Any, ...]] | None


class _Search:
    """One search on one engine. `strict`: an engine that fails ends it; otherwise what failed is left out, and the answer says so."""

    def __init__(self, user: Any, asked: _Question, engine: Engine, *, strict: bool = False, simpler: bool = False) -> None:
        self.user, self.asked, self.engine, self.strict, self.simpler = user, asked, engine, strict, simpler
        self.named: list[_Found] = []
        self.alike: list[_Found] = []
        self.rescued: tuple[int, ...] = ()
        self.last_candidate: tuple[int, int] | None = None
        self.best = 0.0
        self.floor = asked.floor
        self.subjects = _Subjects()

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
            cursor=_write_cursor(request, *found[limit - 1]) if more else "",
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
        found = self.engine.candidates(asked.scope, asked.sure, asked.floor, CANDIDATES) if asked.sure else []
        spelled = self._judged([one.object_id for one in found])
        self.best = max((one.likeness for one in spelled.values()), default=0.0)
        self._find_subjects()
        sure = {one.object_id for one in found if one.score >= self.floor}
        if len(sure) == CANDIDATES:
            self.last_candidate = (found[-1].score, found[-1].object_id)
        if self.best < RESCUE_BELOW and asked.wanted.medium:
            with self._forgiving():
                others = [one.object_id for one in self.engine.candidates(asked.scope, asked.clauses, 1, CANDIDATES)]
                others += self.engine.rescue(asked.scope, asked.wanted, RESCUED)
                spelled |= self._judged([pk for pk in dict.fromkeys(others) if pk not in spelled], sounds=True)
        self.best = max((one.likeness for one in spelled.values()), default=0.0)
        kept = {pk: one for pk, one in spelled.items() if pk in sure or one.likeness >= ENOUGH}
        self.named = self._in_order(kept)
        rest = {pk: one for pk, one in spelled.items() if pk not in kept and one.likeness >= ALIKE}
        self.alike = self._in_order(rest)[: max(0, FEW - len(kept))]
        self.rescued = tuple(sorted([*(kept.keys() - sure), *(row.object_id for row in self.alike)]))

    def _find_subjects(self) -> None:
        """What the words are about. Where they are surely a person's name no concept is looked for; where they are concepts and
        nothing else, a name has to match better.
        """
        asked = self.asked
        if asked.scope.kind == SearchKind.EXPERT and self.best >= SURE:
            self.subjects = _Subjects.plain(asked.words)
        else:
            self.subjects = _Subjects.of(asked.words, asked.request.as_words)
        if self.subjects.wholly and self.best < RESCUE_BELOW:
            self.floor = _floor(asked.clauses, SUBJECT_FLOOR)

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
            alike = round(likeness(self.asked.words, text), 6)
            if pk not in best or alike > best[pk].likeness:
                best[pk] = _Spelled(alike, quality, text)
        return best

    # ---- stages ------------------------------------------------------------------------------------------------------

    def _stages(self) -> dict[str, Stage]:
        if not self.asked.words or self.asked.request.sort != SORTS[0]:
            return {"listed": self._listed}
        names: dict[str, Stage] = {"names": self._names, "scored": self._scored}
        subjects: dict[str, Stage] = {"subjects": self._subjects}
        first_subjects = self.subjects.wholly and self.best < RESCUE_BELOW
        alike: dict[str, Stage] = {"alike": self._alike}
        return {**subjects, **names, **alike} if first_subjects else {**names, **subjects, **alike}

    def _names(self, after: tuple[Any, ...] | None, count: int) -> list[_Found]:
        rows = [row for row in self.named if after is None or row.key > after][:count]
        return self._without_subjects(rows)

    def _alike(self, after: tuple[Any, ...] | None, count: int) -> list[_Found]:
        """Names that are something like it, when there is little else."""
        return self._without_text([row for row in self.alike if after is None or row.key > after][:count])

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
        last = None if after is None else (_read_value(order, after[0]), after[1])
        found = self.engine.listed(self.asked.scope, self._matches(), order, count, after=last)
        spelled = self._judged([row.object_id for row in found]) if self.asked.words else {}
        return [
            _Found((_plain_value(row.value), row.object_id), row.object_id, *_reason(spelled.get(row.object_id))) for row in found
        ]

    def _matches(self) -> Matches | None:
        asked = self.asked
        if not asked.words:
            return None
        text = self.subjects.text or None
        if self.last_candidate is None and not asked.scope.filters:
            # Every name that matches is known by its id: no engine has to look for them again.
            return Matches(ids=tuple(sorted(row.object_id for row in (*self.named, *self.alike))), text=text)
        return Matches(asked.sure, self.floor, self.rescued, text)

    # ---- the page ----------------------------------------------------------------------------------------------------

    def _filled(self, position: Position, limit: int) -> tuple[list[tuple[str, tuple[Any, ...]]], list[Hit]]:
        """One hit more than the page holds, with their places; filled up where hits turn out to be hidden."""
        places: list[tuple[str, tuple[Any, ...]]] = []
        hits: list[Hit] = []
        stages = self._stages()
        names = list(stages)
        if position is not None and position[0] not in stages:
            raise _bad_cursor()
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
        open_now = _VISIBLE[SearchKind(self.asked.scope.kind)](
            self.user, {row.object_id: row.spelling for row in rows if row.object_id}
        )
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
        spelled = self._judged(self.engine.rescue(scope, asked.wanted, RESCUED)) if asked.wanted.medium else {}
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


# ---- the last look ---------------------------------------------------------------------------------------------------


def _visible_experts(user: Any, spellings: Mapping[int, str]) -> dict[int, str]:
    """Shown names by id. A profile that was found by a spelling that is hidden by now is not there."""
    rows = ExpertProfile.objects.visible_to(user).filter(pk__in=spellings, shown_name__gt="")
    fields = ("user_id", "audience", "audiences", "shown_name", "latin_name")
    shown = {}
    for profile in rows.only(*fields).prefetch_related("names"):
        spelling = spellings[profile.pk]
        if spelling in {"", profile.shown_name, profile.latin_name} or _may_know(user, profile, spelling):
            shown[profile.pk] = str(profile)
    return shown


def _may_know(user: Any, profile: ExpertProfile, spelling: str) -> bool:
    parts = {
        Part.PASSPORT if name.kind == NameKind.PASSPORT else Part.OTHER_NAMES
        for name in profile.names.all()
        if name.full == spelling
    }
    return any(can_see_part(profile, part, user) for part in parts)


def _visible_programs(user: Any, spellings: Mapping[int, str]) -> dict[int, str]:
    rows = Program.objects.visible_to(user).filter(pk__in=spellings, was_published=True).only("title")
    return {program.pk: str(program.title) for program in rows}


def _visible_institutions(user: Any, spellings: Mapping[int, str]) -> dict[int, str]:
    rows = Institution.objects.visible_to(user).filter(pk__in=spellings).only("name")
    return {institution.pk: str(institution.name) for institution in rows}


_VISIBLE: dict[SearchKind, Callable[[Any, Mapping[int, str]], dict[int, str]]] = {
    SearchKind.EXPERT: _visible_experts,
    SearchKind.PROGRAM: _visible_programs,
    SearchKind.INSTITUTION: _visible_institutions,
}


# ---- cursors ---------------------------------------------------------------------------------------------------------


def _write_cursor(request: SearchRequest, stage: str, key: tuple[Any, ...]) -> str:
    text = json.dumps([_fingerprint(request), stage, *key], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(request: SearchRequest) -> Position:
    if not request.cursor:
        return None
    try:
        fingerprint, stage, *key = json.loads(base64.urlsafe_b64decode(request.cursor + "=" * (-len(request.cursor) % 4)))
    except (ValueError, TypeError, binascii.Error, UnicodeDecodeError):
        raise _bad_cursor() from None
    if fingerprint != _fingerprint(request) or not isinstance(stage, str) or not _sound(stage, key, request):
        raise _bad_cursor()
    return stage, tuple(key)


def _sound(stage: str, key: list[Any], request: SearchRequest) -> bool:
    """Whether the key is one this stage could have written."""
    number = (int, float)
    shapes: dict[str, tuple[Any, ...]] = {
        "names": (number, int, int),
        "alike": (number, int, int),
        "scored": (int, int),
        "subjects": (int, int, int),
        "listed": ((int if request.sort not in {"name", "new", "fresh"} else str), int),
    }
    shape = shapes.get(stage, ())
    return len(key) == len(shape) > 0 and all(
        isinstance(value, kind) and not isinstance(value, bool) and (not isinstance(value, int) or abs(value) < 2**31)
        for value, kind in zip(key, shape, strict=True)
    )


def _fingerprint(request: SearchRequest) -> str:
    """Of the question: a cursor continues the search it came from, and no other."""
    filters = sorted((name, sorted(map(str, values))) for name, values in request.filters.items())
    asked = [request.kind, request.words, filters, request.open_now, request.available, request.sort, sorted(request.as_words)]
    return hashlib.blake2b(json.dumps(asked).encode("utf-8", "replace"), digest_size=6).hexdigest()


def _plain_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


def _read_value(order: str, value: Any) -> Any:
    try:
        if order == "created":
            return datetime.datetime.fromisoformat(value)
        if order == "confirmed":
            return datetime.date.fromisoformat(value)
    except (ValueError, TypeError):
        raise _bad_cursor() from None
    return value


def _bad_cursor() -> DomainError:
    return DomainError(_("This page address is no longer valid. Start again from the first page."), code="bad-cursor", status=400)
