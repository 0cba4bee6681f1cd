"""The names that match a search: candidates by keys, compared by similarity; when no name is close enough, fuzzy matches as well."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from search.domain.query import Query, floor_of
from search.domain.results import FoundRow
from search.domain.subjects import Subjects
from search.domain.together import Steps
from search.engines.base import Candidate, Filter, Matches, Question, Scope, TextQuery
from search.models import SearchKind, SearchName
from vocabulary.names import FUZZY_BELOW, likeness

CANDIDATES, FUZZY_FOUND = 200, 100
ENOUGH = 0.6
"""Similarity from which a name is shown whose candidate score is below the floor."""
SIMILAR, FEW = 0.3, 10
"""Similarity from which a name may follow at the very end, as long as there are fewer names than FEW: two typos in a short name."""
SUBJECT_FLOOR = 0.7
"""Share of the best possible score that a name needs when all the words are subjects: then few people are meant by name."""


@dataclass(frozen=True)
class MatchedName:
    """The best name of a document for these words."""

    similarity: float
    quality: int
    spelling: str


class NameSearch:
    """The names of one search: first `find_candidates`, then `select` with what the words are about.

    Before `select`, or when it failed, no name is found. `optional` wraps queries whose failure is ignored.
    """

    def __init__(self, asked: Query, forgiving: Callable[[], AbstractContextManager[None]]) -> None:
        self.asked, self.forgiving = asked, forgiving
        self.found: list[FoundRow] = []
        """Names that match, in order; at most CANDIDATES and the fuzzy matches."""
        self.similar: list[FoundRow] = []
        """Names that are less similar, for the end of the list."""
        self.fuzzy_found: tuple[int, ...] = ()
        self.last_candidate: tuple[int, int] | None = None
        """Score and id of the last candidate when there may be more than CANDIDATES."""
        self.best = 0.0
        """Similarity of the best name."""
        self.floor = asked.floor
        self._candidates: list[Candidate] = []
        self._spelled: dict[int, MatchedName] = {}
        self._anywhere: list[Candidate] | None = None
        self._lookalikes: dict[tuple[Filter, ...], list[int]] = {}

    def find_candidates(self) -> Steps[None]:
        """The best candidates by keys, compared by similarity."""
        self._candidates = (yield from self._best_by_keys()) if self.asked.sure else []
        self._spelled = yield from self.judged([one.object_id for one in self._candidates])
        self.best = _best_of(self._spelled)

    def select(self, subjects: Subjects) -> Steps[None]:
        """Which of the candidates match; when none is close enough, fuzzy matches as well. Where the words are concepts and nothing
        else, a name has to match better. What scores below the floor, or is a fuzzy match, matches when it is similar enough.
        """
        asked = self.asked
        if subjects.wholly and self.best < FUZZY_BELOW:
            self.floor = floor_of(asked.clauses, SUBJECT_FLOOR)
        found, spelled = self._candidates, self._spelled
        sure = {one.object_id for one in found if one.score >= self.floor}
        if len(sure) == CANDIDATES:
            self.last_candidate = (found[-1].score, found[-1].object_id)
        if self._may_be_misspelt(subjects) and not (yield from self._is_known(found, spelled)):
            with self.forgiving():
                near = yield Question("candidates", (asked.scope, asked.clauses, asked.least, CANDIDATES))
                others = [one.object_id for one in near] + (yield from self.look_alikes(asked.scope))
                spelled |= yield from self.judged([pk for pk in dict.fromkeys(others) if pk not in spelled], sounds=True)
        self.best = _best_of(spelled)
        kept = {pk: one for pk, one in spelled.items() if pk in sure or one.similarity >= ENOUGH}
        self.found = in_order(kept)
        people = asked.scope.kind == SearchKind.EXPERT
        rest = {pk: one for pk, one in spelled.items() if people and pk not in kept and one.similarity >= SIMILAR}
        self.similar = in_order(rest)[: max(0, FEW - len(kept))]
        self.fuzzy_found = tuple(sorted([*(kept.keys() - sure), *(row.object_id for row in self.similar)]))

    def beyond(self, after: tuple[int, int], count: int) -> Steps[list[Candidate]]:
        """Names after this score and id: by score alone."""
        found: list[Candidate] = yield Question("candidates", (self.asked.scope, self.asked.sure, self.floor, count, after))
        return found

    def among(self, scope: Scope, count: int) -> Steps[set[int]]:
        """The ids of this scope whose names match."""
        known = {row.object_id for row in self.found}
        if self.last_candidate is not None and count:
            found = yield Question("candidates", (scope, self.asked.sure, self.floor, count))
            known |= {one.object_id for one in found}
        return known

    def matches(self, text: TextQuery | None, texts: Collection[int] | None) -> Matches:
        """These names and this text, for a count or a list. Known names are given as ids, so that the engine need not search
        for them again; so are `texts`, where all ids of the text are known.
        """
        if texts is not None and not self.asked.scope.filters:
            text = None
        else:
            texts = ()
        if self.last_candidate is None and not self.asked.scope.filters:
            return Matches(ids=tuple(sorted({row.object_id for row in (*self.found, *self.similar)}.union(texts))), text=text)
        if self._everyone is not None:
            named = {one.object_id for one in self._everyone if one.score >= self.floor}
            return Matches(ids=tuple(sorted(named.union(self.fuzzy_found))), text=text)
        return Matches(self.asked.sure, self.floor, tuple(sorted({*self.fuzzy_found, *texts})), text)

    def look_alikes(self, scope: Scope) -> Steps[list[int]]:
        """Ids by similarity of sound, asked once."""
        if scope.filters not in self._lookalikes:
            self._lookalikes[scope.filters] = yield Question("fuzzy_match", (scope, self.asked.wanted, FUZZY_FOUND))
        return self._lookalikes[scope.filters]

    def judged(self, ids: Sequence[int], *, sounds: bool = False) -> Steps[dict[int, MatchedName]]:
        """The best name of each document that the reader may know, and how similar it is. Ties go to the name with the lowest position.

        `sounds`: compare only one of the names that sound the same, where many are compared.
        """
        if not ids:
            return {}
        scope = self.asked.scope
        rows = SearchName.objects.filter(
            document__generation=scope.generation, document__kind=scope.kind, document__object_id__in=ids, level__lte=scope.level
        )
        if sounds:
            rows = rows.filter(sounds=True)
        best: dict[int, MatchedName] = {}
        names = yield rows.values_list("document__object_id", "document__quality", "position", "text")
        for pk, quality, _position, text in sorted(names, key=lambda row: row[2]):
            similar = round(likeness(self.asked.words, text), 6)
            if pk not in best or similar > best[pk].similarity:
                best[pk] = MatchedName(similar, quality, text)
        return best

    def _best_by_keys(self) -> Steps[list[Candidate]]:
        """With filters on, candidates are looked for without these first: when all are known, no count has to look again."""
        asked, scope = self.asked, self.asked.scope
        if scope.filters:
            anywhere = Scope(scope.generation, scope.kind, scope.level, ids=scope.ids)
            self._anywhere = yield Question("candidates", (anywhere, asked.sure, asked.floor, CANDIDATES))
            if self._everyone is not None:
                scope = scope_among(scope, (one.object_id for one in self._everyone))
        found: list[Candidate] = yield Question("candidates", (scope, asked.sure, asked.floor, CANDIDATES))
        return found

    def _may_be_misspelt(self, subjects: Subjects) -> bool:
        """Whether a fuzzy match is worth a query, because no name is close enough."""
        return bool(self.best < FUZZY_BELOW and self.asked.wanted.medium and not subjects.outright)

    def _is_known(self, found: Sequence[Candidate], judged: Collection[int]) -> Steps[bool]:
        """Whether the name is there as it is spelt, so that no other spelling has to be guessed: in a list full of people who have all
        the words, which gets no better, or outside the filters, among those not compared yet.
        """
        rows = found if self._anywhere is None else self._anywhere
        if len(rows) == CANDIDATES and rows[-1].score >= self.asked.settled:
            return True
        elsewhere = yield from self.judged([one.object_id for one in rows if one.object_id not in judged])
        return any(one.similarity >= FUZZY_BELOW for one in elsewhere.values())

    @property
    def _everyone(self) -> list[Candidate] | None:
        """All name matches without the filters, where they are known."""
        return None if self._anywhere is None or len(self._anywhere) == CANDIDATES else self._anywhere


def in_order(spelled: Mapping[int, MatchedName]) -> list[FoundRow]:
    """The most similar name first; of equal ones the better document."""
    rows = [FoundRow((-one.similarity, -one.quality, pk), pk, "name", one.similarity, one.spelling) for pk, one in spelled.items()]
    return sorted(rows, key=lambda row: row.key)


def scope_among(scope: Scope, ids: Iterable[int]) -> Scope:
    """The same scope, of these ids alone."""
    return Scope(scope.generation, scope.kind, scope.level, scope.filters, tuple(ids))


def _best_of(spelled: Mapping[int, MatchedName]) -> float:
    return max((one.similarity for one in spelled.values()), default=0.0)
