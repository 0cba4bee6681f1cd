"""Concepts as options of a facet."""

from vocabulary.domain.vocabulary import vocabulary


def field_labels() -> dict[str, str]:
    """Fields of work by id, in the reader's language."""
    return {str(concept.pk): concept.title for concept in vocabulary().fields()}
