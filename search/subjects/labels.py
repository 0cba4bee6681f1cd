"""The labels of all concepts, ranked by likeness to a query."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple, Self

from search.subjects.resolving import Resolution, resolution
from search.subjects.spelling import Spelling, likeness, spelling, words

CACHED = 2048  # queries remembered by one Labels
COMMON = 250  # labels a trigram may stand in before it tells them apart no more
SHARING = 200  # labels looked at, of those that share most trigrams with the query
CONSIDERED = 40  # of these, labels compared in full

ConceptId = int | str


class Match(NamedTuple):
    """A concept, how alike its best label is (0 to 1), and that label."""

    concept_id: ConceptId
    score: float
    label: str
    language: str


class _Label(NamedTuple):
    concept_id: ConceptId
    language: str
    text: str
    place: int  # among the labels of its concept
    spelling: Spelling
    grams: int


class Labels:
    """A vocabulary, built once and asked many times; it never changes."""

    def __init__(self, rows: Iterable[tuple[ConceptId, str, str]]) -> None:
        self._labels: list[_Label] = []
        self._by_gram: dict[str, list[int]] = defaultdict(list)
        places: Counter[ConceptId] = Counter()
        for number, (concept_id, language, text) in enumerate(rows):
            spelt = spelling(words(text))
            grams = list(_grams(spelt))
            for gram in grams:
                self._by_gram[gram].append(number)
            self._labels.append(_Label(concept_id, language, text, places[concept_id], spelt, len(grams)))
            places[concept_id] += 1
        self._ranked = lru_cache(CACHED)(self._rank)

    @classmethod
    def build(cls, rows: Iterable[tuple[ConceptId, str, str]]) -> Self:
        """From rows of (concept, language, text), of each concept the label to be shown first: it wins ties."""
        return cls(rows)

    def rank(self, query: str, limit: int = 10) -> list[Match]:
        """The concepts whose labels are most alike to the whole query, best first; of each its best label."""
        return list(self._ranked(words(query))[:limit])

    def resolve(self, query: str) -> Resolution:
        """The concepts a query names, and the words that name none."""
        return resolution(words(query), self._ranked)

    def _rank(self, spelt: tuple[str, ...]) -> tuple[Match, ...]:
        asked = spelling(spelt)
        scored = sorted(
            (-likeness(asked, self._labels[number].spelling), self._labels[number].place, number)
            for number in self._nearest(list(_grams(asked)))
        )
        best: dict[ConceptId, Match] = {}
        for score, _place, number in scored:
            label = self._labels[number]
            best.setdefault(label.concept_id, Match(label.concept_id, -score, label.text, label.language))
        return tuple(best.values())

    def _nearest(self, grams: list[str]) -> list[int]:
        shared: Counter[int] = Counter()
        found = [self._by_gram.get(gram, []) for gram in grams]
        for numbers in [numbers for numbers in found if len(numbers) <= COMMON] or found:
            shared.update(numbers)
        near = sorted(
            (-count / (len(grams) + self._labels[number].grams - count), number) for number, count in shared.most_common(SHARING)
        )
        return [number for _similarity, number in near[:CONSIDERED]]


def _grams(spelt: Spelling) -> Iterator[str]:
    """Each trigram with a letter for its set."""
    for form, grams in zip("asml", (spelt.ascii, spelt.strict, spelt.medium, spelt.loose), strict=True):
        for gram in grams:
            yield form + gram
