"""The words of a document as an engine stores them: forms of its words, and the concepts it is about, each with its place.

A query asks for the same tokens. No token of one sort can be one of another: forms of words are letters and digits alone.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from vocabulary.domain.concepts import concepts_in, hinted_concepts
from vocabulary.domain.vocabulary import vocabulary
from vocabulary.names import word_keys
from vocabulary.subjects.phrases import text_words
from vocabulary.words import affirmed

TITLE, SUMMARY, SOUND = "^", "*", "@"
"""Before a form: the word stands in a title; in a summary; the word of a name, by its sound."""
DECLARED, BROADER, READ, HINTED = "=", "~", "+", "-"
"""Before the id of a concept: chosen for the document; broader than a chosen one; named in a text of it; hinted at by an everyday word."""
TITLED = "^+"
"""Before the id of a concept that is named in a title."""

CACHED, MAX_SHORT = 4096, 120
"""Texts of at most so many characters whose tokens are kept."""
MAX_TEXT = 40_000
"""Characters of one text that are read."""


def text_tokens(text: str, language: str = "", place: str = "") -> Iterator[str]:
    """The tokens of a text that stands in this place ("" for any other than a title or a summary). What a text denies is not stored."""
    # Short texts are mostly names of institutions and towns, which thousands of documents share.
    made = _of_short_text if len(text) <= MAX_SHORT else _tokens
    return iter(made(text, language, place, vocabulary().serial))


def _tokens(text: str, language: str, place: str, _serial: int) -> tuple[str, ...]:
    """The tokens with this copy of the vocabulary."""
    return tuple(_each_token(text, language, place))


_of_short_text = lru_cache(CACHED)(_tokens)


def _each_token(text: str, language: str, place: str) -> Iterator[str]:
    said = affirmed(text[:MAX_TEXT], language)
    words = text_words(said, language)
    for forms in words:
        for form in forms:
            yield form
            if place:
                yield f"{place}{form}"
    for pk in with_broader(concepts_in(words, language)):
        yield f"{READ}{pk}"
        if place == TITLE:
            yield f"{TITLED}{pk}"
    for pk in hinted_concepts(words, language):
        yield f"{HINTED}{pk}"


@lru_cache(CACHED)
def name_tokens(text: str) -> frozenset[str]:
    """The words of a name by their sound, so that they are found from any script. Kept: towns and institutions have them in every profile."""
    return frozenset(f"{SOUND}{reading}" for readings in word_keys(text) for reading in readings)


def concept_tokens(ids: Iterable[int]) -> Iterator[str]:
    """The concepts chosen for a document, and all broader ones."""
    for pk in ids:
        yield f"{DECLARED}{pk}"
        for broader in vocabulary().ancestors(pk):
            yield f"{BROADER}{broader}"


def with_broader(ids: Iterable[int]) -> set[int]:
    """These concepts and all broader ones."""
    found: set[int] = set()
    for pk in ids:
        found |= {pk, *vocabulary().ancestors(pk)}
    return found
