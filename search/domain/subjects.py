"""What the words of a query are about: concepts, filters said in words, and plain words. Each is a unit that a document may have or not."""

import csv
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from search.domain.query import FoundConcept
from search.domain.tokens import BROADER, DECLARED, HINTED, READ, SOUND, SUMMARY, TITLE, TITLED, name_tokens
from search.engines.base import STRONG, WEAK, TextQuery, Unit, Way
from vocabulary.domain.concepts import labels
from vocabulary.subjects.phrases import FoundPhrase, Phrases, asked_words
from vocabulary.subjects.resolving import Span
from vocabulary.subjects.spelling import words as split
from vocabulary.words import asked_forms, is_function_word, is_general_word

MAX_UNITS = 12
AS_LABELLED = 0.98
"""Similarity of words that are a concept's label, in any script."""
AS_GOOD = 0.02
"""Other concepts are meant as well when they are at most so much less similar."""
MAX_MEANINGS = 4

OF_CONCEPT, OF_WORD, OF_FILTER, GENERAL = 6, 4, 4, 1
"""Shares of a unit in a query, by what it is."""
PARTLY = 0.5
"""The share of a query that a document must have to be shown, where few have all of it."""

_AMERICA = re.compile(r"\bU\.?S\.?(?:A\.?)?(?=\s|$)")
FILTER_WORDS = Path(__file__).parents[1] / "data" / "filter_words.csv"


@dataclass(frozen=True)
class Subjects:
    """What the words are about."""

    units: tuple[Unit, ...] = ()
    concepts: tuple[FoundConcept, ...] = ()
    literal: tuple[frozenset[str], ...] = ()
    """The forms of each word that counts."""
    wholly: bool = False
    """Every word that counts belongs to a concept or names a filter."""

    @property
    def text(self) -> TextQuery:
        """For documents that have all of it."""
        return TextQuery(self.units)

    def partly(self, *, with_names: bool) -> TextQuery:
        """For documents that have a good part of it; `with_names`: the words of names count too. Empty when one unit is required only."""
        needed = [unit for unit in self.units if unit.required]
        if len(needed) < 2:
            return TextQuery(())
        least = -(-round(100 * PARTLY) * sum(unit.share for unit in needed) // 100)
        units = (replace(unit, required=False, ways=tuple(_kept(unit, with_names=with_names))) for unit in self.units)
        return TextQuery(tuple(units), least)

    @property
    def outright(self) -> bool:
        """Whether all words are labels of concepts as written, so that no fuzzy match of a name is needed."""
        return self.wholly and all(one.score >= AS_LABELLED for one in self.concepts)

    @classmethod
    def of(cls, words: str, kind: str, as_words: Collection[int]) -> "Subjects":
        """Concepts are looked for first, then filters among the other words."""
        words = _AMERICA.sub("USA", words)  # in lower case "us" is a pronoun
        spelt = split(words)
        filters = list(_filters_in(spelt, kind))
        spans = [
            span for span in labels().resolve(words).spans if span.concept_id not in as_words and not _is_filter(span, filters)
        ]
        named = {place for span in spans for place in range(span.start, span.end)}
        units: list[Unit] = []
        found: list[FoundConcept] = []
        for span in spans:
            run = spelt[span.start : span.end]
            same = [one for one in filters if (one.start, one.end) == (span.start, span.end)]
            tags = tuple(tag for one in same for tag in one.values)
            meanings = _meanings(" ".join(run), int(span.concept_id), as_words)
            units.append(_concept_unit(run, meanings, tags))
            found.append(FoundConcept(int(span.concept_id), " ".join(run), span.score, tuple(meanings)))
        for one in filters:
            places = range(one.start, one.end)
            if named.isdisjoint(places):
                units.append(_filter_unit(spelt[one.start : one.end], one.values))
                named.update(places)
        plain = [word for place, word in enumerate(spelt) if place not in named and not is_function_word(word)]
        units += [_word_unit(word) for word in plain]
        return cls(
            units=_all_needed_somehow(units[:MAX_UNITS]),
            concepts=tuple(found),
            literal=_forms(spelt),
            wholly=bool(units) and not any(_counts(word) for word in plain),
        )

    @classmethod
    def plain(cls, words: str) -> "Subjects":
        """No concept is looked for."""
        counting = [word for word in split(words) if not is_function_word(word)]
        return cls(_all_needed_somehow([_word_unit(word) for word in counting[:MAX_UNITS]]), literal=_forms(counting))


def _kept(unit: Unit, *, with_names: bool) -> Iterator[Way]:
    """The ways of a unit, without those of names: these remain in their places, for nothing."""
    for way in unit.ways:
        named = any(form.startswith(SOUND) for forms in way.words for form in forms)
        yield replace(way, words=(frozenset(),)) if named and not with_names else way


def _forms(words: Sequence[str]) -> tuple[frozenset[str], ...]:
    return tuple(asked_forms(word) for word in words if _counts(word) and not is_function_word(word))


def _counts(word: str) -> bool:
    return not is_general_word(word)


def _all_needed_somehow(units: Sequence[Unit]) -> tuple[Unit, ...]:
    """Words that say little are not required, unless there are no others."""
    if any(unit.required for unit in units):
        return tuple(units)
    return tuple(replace(unit, required=True) for unit in units)


def _meanings(text: str, first: int, as_words: Collection[int]) -> list[int]:
    """The concepts that these words may mean: the one found, and others that they fit as well."""
    matches = labels().rank(text, MAX_MEANINGS)
    best = max((match.score for match in matches), default=0.0)
    others = [int(match.concept_id) for match in matches if match.score >= max(AS_LABELLED, best - AS_GOOD)]
    return list(dict.fromkeys([first, *(pk for pk in others if pk not in as_words)]))


# ---- units -----------------------------------------------------------------------------------------------------------


def _concept_unit(run: Sequence[str], meanings: Sequence[int], tags: tuple[str, ...]) -> Unit:
    def tokens(*signs: str) -> tuple[frozenset[str], ...]:
        return (frozenset(f"{sign}{pk}" for sign in signs for pk in meanings),)

    ways = [
        Way(STRONG, 5, tokens(DECLARED)),
        Way(STRONG, 4, tokens(BROADER)),
        Way(STRONG, 4, tokens(TITLED)),
        Way(WEAK, 2, tokens(READ)),
        Way(WEAK, 0, tokens(HINTED)),
        *_literal(run),
    ]
    return Unit((*ways, Way(STRONG, 3, tags=tags)) if tags else tuple(ways), OF_CONCEPT)


def _literal(run: Sequence[str]) -> Iterator[Way]:
    """The words as they are: all of them in a title, in a summary, anywhere."""
    forms = [asked_forms(word) for word in run if not is_function_word(word)]
    if forms and all(forms):
        for sign, weight, value in ((TITLE, STRONG, 3), (SUMMARY, WEAK, 2), ("", WEAK, 1)):
            yield Way(weight, value, tuple(frozenset(f"{sign}{form}" for form in each) for each in forms))


def _is_filter(span: Span, filters: Sequence[FoundPhrase[str]]) -> bool:
    """Whether the words are rather a filter than a concept, to whose label they are only similar."""
    return span.score < AS_LABELLED and any(one.start <= span.start and span.end <= one.end for one in filters)


def _filter_unit(run: Sequence[str], tags: tuple[str, ...]) -> Unit:
    """A place or a language is required; of kinds and conditions the right ones come first."""
    required = any(tag.partition(":")[0] in REQUIRED for tag in tags)
    return Unit((Way(STRONG, 5, tags=tags), *_literal(run)), OF_FILTER, required)


def _word_unit(word: str) -> Unit:
    ways = [*_literal([word]), Way(WEAK, 2, (name_tokens(word),))]
    return Unit(tuple(ways), OF_WORD if _counts(word) else GENERAL, required=_counts(word))


# ---- filters said in words -------------------------------------------------------------------------------------------

OF_KIND = {
    "program": {"country", "kind", "modality", "funding", "language"},
    "institution": {"country", "kind"},
    "expert": {"country", "language"},
}
"""Filters that words may name, by kind of document."""
REQUIRED = frozenset({"country", "language"})


def _filters_in(spelt: Sequence[str], kind: str) -> list[FoundPhrase[str]]:
    """The words that name filters of this kind of document."""
    return _filter_phrases(kind).read(asked_words(spelt))


@cache
def _filter_phrases(kind: str) -> Phrases[str]:
    with FILTER_WORDS.open(encoding="utf-8", newline="") as lines:
        rows = [
            (row["tag"], row["language"], text.strip())
            for row in csv.DictReader(lines)
            if row["tag"].partition(":")[0] in OF_KIND[kind]
            for text in row["words"].split(";")
        ]
    return Phrases(rows)
