"""What this room does when it hears news from others, and of its own rows being written."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from profiles.domain.vocabulary import forget_vocabulary
from profiles.models import Concept, ConceptLabel


@receiver([post_save, post_delete], sender=Concept)
@receiver([post_save, post_delete], sender=ConceptLabel)
def on_vocabulary_written(sender: Any, **kwargs: Any) -> None:
    """This process's own edits show at once; other processes notice by the version."""
    forget_vocabulary()
