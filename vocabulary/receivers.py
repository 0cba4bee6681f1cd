"""Keeping the copy of the vocabulary in this process up to date."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from vocabulary.domain.vocabulary import forget_vocabulary
from vocabulary.models import Concept, ConceptLabel


@receiver([post_save, post_delete], sender=Concept)
@receiver([post_save, post_delete], sender=ConceptLabel)
def on_vocabulary_written(sender: Any, **kwargs: Any) -> None:
    """This process's own edits show at once; other processes notice by the version."""
    forget_vocabulary()
