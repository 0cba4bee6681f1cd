"""What was typed, as it was meant: another keyboard layout is noticed."""

from exchange.core.towns import spellings
from vocabulary.domain.concepts import concept_places, hinted_concepts, is_in_labels
from vocabulary.subjects.spelling import words as split
from vocabulary.words import asked_forms, looks_like_other_layout, other_layout

SHORTEST = 4
"""Letters from which a word typed on another layout is looked for among labels: shorter ones are anything."""


def as_meant(text: str) -> str:
    """The words as they were meant. They are changed only when they are nothing as typed, and something on another layout."""
    if _is_named(text):
        return text
    return looks_like_other_layout(text) or next(filter(_is_named, other_layout(text)), "") or text


def _is_named(text: str) -> bool:
    """Whether every word is a label of a concept in one of its forms, or the name of a town. Looked up, not compared: every search asks it."""
    spelt = split(text)
    if not any(len(word) >= SHORTEST for word in spelt):
        return False
    forms: list[frozenset[str]] = []
    for word in spelt:  # mostly the first word is in no label, and the forms of the others need not be known
        forms.append(asked_forms(word))
        if not is_in_labels(forms[-1]) and not _is_named_alone(word, forms[-1]):
            return False
    named = {place for found in concept_places(forms) for place in range(found.start, found.end)}
    return all(place in named or _is_named_alone(word, forms[place]) for place, word in enumerate(spelt))


def _is_named_alone(word: str, forms: frozenset[str]) -> bool:
    return len(spellings(word)) > 1 or bool(hinted_concepts([forms]))
