"""What was typed, as it was meant: another keyboard layout is noticed."""

from exchange.core.towns import spellings
from vocabulary.domain.concepts import concept_places, hinted_concepts
from vocabulary.subjects.phrases import asked_words
from vocabulary.subjects.spelling import words as split
from vocabulary.words import looks_like_other_layout, other_layout

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
    forms = asked_words(spelt)
    named = {place for found in concept_places(forms) for place in range(found.start, found.end)}
    return any(len(word) >= SHORTEST for word in spelt) and all(
        place in named or hinted_concepts([forms[place]]) or len(spellings(word)) > 1 for place, word in enumerate(spelt)
    )
