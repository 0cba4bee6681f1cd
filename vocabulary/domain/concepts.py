"""The searchable labels of the vocabulary: one copy a process, rebuilt with its copy of the vocabulary."""

from collections.abc import Sequence
from functools import cached_property

from vocabulary.domain.vocabulary import vocabulary
from vocabulary.models import ConceptLabel
from vocabulary.subjects import Labels
from vocabulary.subjects.phrases import FoundPhrase, Phrases
from vocabulary.words import tokens

Row = tuple[int, str, str]
"""A concept, a language or "", a label."""


class _Copy:
    """All labels of one copy of the vocabulary."""

    def __init__(self, serial: int, rows: list[Row], hidden: list[Row]) -> None:
        self.serial = serial
        self.rows, self.hidden = rows, hidden

    @cached_property
    def labels(self) -> Labels:
        return Labels.build(dict.fromkeys([*self.rows, *self.hidden]))

    @cached_property
    def phrases(self) -> Phrases[int]:
        """Of the hidden labels those of several words: a single everyday word ("light", "record") may mean other things in a text."""
        return Phrases(dict.fromkeys([*self.rows, *(row for row in self.hidden if _has_several_words(row))]))

    @cached_property
    def everyday(self) -> Phrases[int]:
        return Phrases(dict.fromkeys(row for row in self.hidden if not _has_several_words(row)))


_copies: list[_Copy] = []


def labels() -> Labels:
    """Every label of every concept in every language, by similarity."""
    return _copy().labels


def concepts_in(words: Sequence[frozenset[str]], language: str = "") -> list[int]:
    """The concepts that a text names, given as the forms of its words: those whose labels stand in it, in the order of the text."""
    return list(dict.fromkeys(pk for found in concept_places(words, language) for pk in found.values))


def hinted_concepts(words: Sequence[frozenset[str]], language: str = "") -> set[int]:
    """The concepts at which everyday words of a text hint, which may mean other things there."""
    return {pk for found in _copy().everyday.read(words, language) for pk in found.values}


def concept_places(words: Sequence[frozenset[str]], language: str = "") -> list[FoundPhrase[int]]:
    """The same, with the places of the labels."""
    return _copy().phrases.read(words, language)


def is_in_labels(forms: frozenset[str]) -> bool:
    """Whether a word with these forms may stand in a label that a text may name."""
    return _copy().phrases.has(forms)


def phrase_tables() -> tuple[Phrases[int], Phrases[int]]:
    """The labels as phrases of texts: those that name a concept, and the everyday words that only hint at one."""
    copy = _copy()
    return copy.phrases, copy.everyday


def _has_several_words(row: Row) -> bool:
    return len(tokens(row[2])) > 1


def _copy() -> _Copy:
    known = vocabulary()
    if not _copies or _copies[-1].serial != known.serial:
        rows: list[Row] = [(term.id, language, text) for term in known for language, text in term.label.items()]
        hidden: list[Row] = []
        for pk, language, text, kind in ConceptLabel.objects.order_by("pk").values_list("concept_id", "language", "text", "kind"):
            (hidden if kind == ConceptLabel.Kind.HIDDEN else rows).append((pk, language, text))
        _copies[:] = [_Copy(known.serial, rows, hidden)]
    return _copies[-1]
