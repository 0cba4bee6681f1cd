"""Concepts read out of texts in seven languages, by the labels that stand in them; what a text denies is read apart.

The labels are those of the search (`vocabulary.subjects.phrases`): each word in any of its forms, the longest label first. A single everyday word only
hints at a concept (potter, light, record), since it may mean something else.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, Self

from vocabulary.subjects.phrases import Phrases, text_words
from vocabulary.words import affirmed, is_function_word, tokens

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
            named.update(key for key, _words in self._names(said, language))
            hinted.update(key for found in self._everyday.read(text_words(said, language), language) for key in found.values)
            if said != short:
                everything.update(key for key, _words in self._names(short, language))
        return Reading(named, frozenset(hinted - named.keys()), frozenset(everything - named.keys() - hinted))

    def places(self, texts: Iterable[tuple[str, str]]) -> Iterator[tuple[Key, str]]:
        """What `read` counts as named, in the order of the texts, each time with the words that name it."""
        for text, language in texts:
            yield from self._names(affirmed(text[:MAX_TEXT], language), language)

    def _names(self, text: str, language: str) -> Iterator[tuple[Key, str]]:
        words = [word for word in tokens(text) if not is_function_word(word)]
        for found in self._phrases.read(text_words(text, language), language):
            for key in found.values:
                yield key, " ".join(words[found.start : found.end])
