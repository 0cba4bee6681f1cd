"""Receivers that update this process's copy of the vocabulary."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from vocabulary.domain.vocabulary import forget_vocabulary
from vocabulary.models import Concept, ConceptLabel


@receiver([post_save, post_delete], sender=Concept)
@receiver([post_save, post_delete], sender=ConceptLabel)
def on_vocabulary_written(sender: Any, **kwargs: Any) -> None:
    """Drop this process's copy; other processes check the version."""
    forget_vocabulary()
