"""Receivers that update this process's copy of the vocabulary; the lists of options that forms offer."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from vocabulary.domain.choosing import likely_options, option_lists
from vocabulary.domain.option_lists import (
    CONCEPTS,
    LANGUAGES,
    ZONE_LIST,
    concept_options,
    language_options,
    likely_languages,
    likely_zones,
    zone_options,
)
from vocabulary.domain.vocabulary import forget_vocabulary
from vocabulary.models import Concept, ConceptLabel

option_lists.add(concept_options, CONCEPTS)
option_lists.add(language_options, LANGUAGES)
option_lists.add(zone_options, ZONE_LIST)
likely_options.add(likely_languages, LANGUAGES)
likely_options.add(likely_zones, ZONE_LIST)


@receiver([post_save, post_delete], sender=Concept)
@receiver([post_save, post_delete], sender=ConceptLabel)
def on_vocabulary_written(sender: Any, **kwargs: Any) -> None:
    """Drop this process's copy; other processes check the version."""
    forget_vocabulary()
