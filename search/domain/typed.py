"""What was typed, as it was meant: another keyboard layout is noticed."""

from exchange.core.towns import spellings
from search.domain.subjects import AS_LABELLED
from vocabulary.domain.concepts import labels
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
    """Whether every word is a label of a concept, or the name of a town."""
    spelt = split(text)
    resolved = labels().resolve(text)
    sure = [span for span in resolved.spans if span.score >= AS_LABELLED]
    named = {place for span in sure for place in range(span.start, span.end)}
    return any(len(word) >= SHORTEST for word in spelt) and all(
        place in named or len(spellings(word)) > 1 for place, word in enumerate(spelt)
    )
