"""Concepts read out of texts in seven languages, by the labels that stand in them; what a text denies is read apart.

The labels are those of the search (`vocabulary.subjects.phrases`): each word in any of its forms, the longest label first. A single everyday word only
hints at a concept (potter, light, record), since it may mean something else.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import Any, NamedTuple, Self

from vocabulary.subjects.phrases import Phrases, text_words
from vocabulary.words import affirmed, tokens

Key = Hashable
MAX_TEXT = 20_000
"""Letters of a text that are read; a biography has at most 5,000."""


class Reading(NamedTuple):
    """How often a text names each concept, without what it denies; the concepts at which only an everyday word hints; those that it only denies."""

    named: Mapping[Key, int]
    hinted: frozenset[Key]
    denied: frozenset[Key]


class Reader:
    """Reads concepts out of texts."""

    def __init__(self, rows: Iterable[tuple[Key, str, str]], hidden: Iterable[tuple[Key, str, str]] = ()) -> None:
        """From rows of (concept, language or "", label). Of the hidden labels single words only hint at their concept."""
        several: list[tuple[Key, str, str]] = []
        single: list[tuple[Key, str, str]] = []
        for row in hidden:
            (several if len(tokens(row[2])) > 1 else single).append(row)
        self._phrases: Phrases[Key] = Phrases(dict.fromkeys([*rows, *several]))
        self._everyday: Phrases[Key] = Phrases(dict.fromkeys(single))

    @classmethod
    def of(cls, phrases: Phrases[Any], everyday: Phrases[Any]) -> Self:
        """From labels that are prepared already."""
        made = cls([])
        made._phrases, made._everyday = phrases, everyday
        return made

    def read(self, texts: Iterable[tuple[str, str]]) -> Reading:
        """Of (text, language) pairs; a language that is not known is any."""
        named: Counter[Key] = Counter()
        hinted: set[Key] = set()
        everything: set[Key] = set()
        for text, language in texts:
            short = text[:MAX_TEXT]
            said = affirmed(short, language)
            names, hints = self._concepts(said, language)
            named.update(names)
            hinted.update(hints)
            if said != short:
                everything.update(self._concepts(short, language)[0])
        return Reading(named, frozenset(hinted - named.keys()), frozenset(everything - named.keys() - hinted))

    def _concepts(self, text: str, language: str) -> tuple[list[Key], list[Key]]:
        words = text_words(text, language)
        names, hints = (
            [value for found in phrases.read(words, language) for value in found.values]
            for phrases in (self._phrases, self._everyday)
        )
        return names, hints
