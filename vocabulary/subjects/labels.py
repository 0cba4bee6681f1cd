"""The labels of all concepts, ranked for a query: first those that its words name in any form, then by similarity."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from heapq import nsmallest
from itertools import chain, islice
from typing import NamedTuple, Self

from vocabulary.subjects.meeting import BY_FORMS, Forms, is_chance, label_forms, meets_by_forms, meets_by_letters, query_forms
from vocabulary.subjects.resolving import ConceptId, Match, Resolution, resolution
from vocabulary.subjects.spelling import SHORT, Spelling, likeness, one_typo_apart, spelling, typos, words

CACHED = 2048  # cached queries of one Labels
COMMON, COMMON_SHARE = 250, 50  # a trigram in more labels, and in more than one of so many, is not distinctive
SHARING = (
    200  # candidates: so many labels that share most trigrams with the query, and those that share as many as the last of them
)
CONSIDERED = 40  # candidates that are compared in full
TYPO = 0.12  # bonus of a short label that is one typo away, over labels of other scripts


class _Label(NamedTuple):
    concept_id: ConceptId
    language: str
    text: str
    place: int  # position among the labels of its concept
    spelling: Spelling
    grams: int
    forms: tuple[Forms, ...]


class Labels:
    """All labels; immutable."""

    def __init__(self, rows: Iterable[tuple[ConceptId, str, str]]) -> None:
        self._labels: list[_Label] = []
        self._by_gram: dict[str, list[int]] = defaultdict(list)
        self._by_typo: dict[str, list[int]] = defaultdict(list)
        self._by_form: dict[str, list[int]] = defaultdict(list)
        places: Counter[ConceptId] = Counter()
        for number, (concept_id, language, text) in enumerate(rows):
            split = words(text)
            spelt, forms = spelling(split), label_forms(split, language)
            grams = list(_grams(spelt))
            for gram in grams:
                self._by_gram[gram].append(number)
            if len(spelt.text) <= SHORT:
                for typo in typos(spelt.text):
                    self._by_typo[typo].append(number)
            for form in frozenset().union(*forms):
                self._by_form[form].append(number)
            self._labels.append(_Label(concept_id, language, text, places[concept_id], spelt, len(grams), forms))
            places[concept_id] += 1
        self._common = max(COMMON, len(self._labels) // COMMON_SHARE)
        self._ranked = lru_cache(CACHED)(self._rank)

    @classmethod
    def build(cls, rows: Iterable[tuple[ConceptId, str, str]]) -> Self:
        """Build from rows of (concept, language, text); for each concept the displayed label comes first and wins ties."""
        return cls(rows)

    def rank(self, query: str, limit: int = 10) -> list[Match]:
        """The concepts whose labels the whole query names, then those whose labels are most similar, best first, with their best label."""
        return list(self._ranked(words(query))[:limit])

    def resolve(self, query: str) -> Resolution:
        """The concepts a query names, and the remaining words."""
        return resolution(words(query), self._ranked)

    def _rank(self, spelt: tuple[str, ...]) -> tuple[Match, ...]:
        asked, forms = spelling(spelt), query_forms(spelt)
        by_forms = self._with_forms(forms)
        scored = []
        for number in self._nearest(sorted(_grams(asked))) | self._one_typo_away(asked.text) | by_forms:
            label = self._labels[number]
            score = likeness(asked, label.spelling)
            nearer = 0.0
            if asked.text == label.spelling.text or (number in by_forms and not is_chance(forms, label.forms, score)):
                order, score = 0, BY_FORMS + (1 - BY_FORMS) * score
            else:
                order = 1 if meets_by_letters(asked, label.spelling, score) else 2
                nearer = TYPO if one_typo_apart(asked.text, label.spelling.text) else 0.0
            scored.append((order, -score - nearer, label.place, number, score))
        best: dict[ConceptId, Match] = {}
        for order, _order, _place, number, score in sorted(scored):
            label = self._labels[number]
            best.setdefault(label.concept_id, Match(label.concept_id, score, label.text, label.language, named=order < 2))
        return tuple(best.values())

    def _with_forms(self, forms: tuple[Forms, ...]) -> set[int]:
        """The labels whose every word the query has in some form, and no other word."""
        if not forms:
            return set()
        rarest = min(({number for form in one for number in self._by_form.get(form, ())} for one in forms), key=len)
        return {number for number in rarest if meets_by_forms(forms, self._labels[number].forms)}

    def _one_typo_away(self, text: str) -> set[int]:
        """Short labels that are one typo away, which trigrams miss."""
        return {number for typo in typos(text) for number in self._by_typo.get(typo, ())} if len(text) <= SHORT + 1 else set()

    def _nearest(self, grams: list[str]) -> set[int]:
        found = [self._by_gram.get(gram, []) for gram in grams]
        distinctive = [numbers for numbers in found if len(numbers) <= self._common] or found
        shared = Counter(chain.from_iterable(distinctive))
        near = nsmallest(
            CONSIDERED,
            ((-count / (len(grams) + self._labels[number].grams - count), number) for number, count in _most(shared)),
        )
        return {number for _similarity, number in near}


def _most(shared: Counter[int]) -> Iterator[tuple[int, int]]:
    """The SHARING labels that share most trigrams, as `most_common` gives them, but in any order: there are thousands, which are not sorted."""
    times = Counter(shared.values())
    left = SHARING
    for least in sorted(times, reverse=True):
        if times[least] >= left:
            break
        left -= times[least]
    else:
        least = left = 0
    yield from (one for one in shared.items() if one[1] > least)
    yield from islice((one for one in shared.items() if one[1] == least), left)


def _grams(spelt: Spelling) -> Iterator[str]:
    """Each trigram, prefixed with a letter for its set."""
    for form, grams in zip("asml", (spelt.ascii, spelt.strict, spelt.medium, spelt.loose), strict=True):
        for gram in grams:
            yield form + gram
