"""What the first search of a process would otherwise wait for: labels of concepts and dictionaries of words, a few seconds."""

import contextlib
import threading

from django.db import DatabaseError, connections

from vocabulary.domain.concepts import concept_places, hinted_concepts, labels
from vocabulary.words import lemma_dictionaries_ready


def prepare_search() -> threading.Thread:
    """Load it in a thread of its own, which is returned. Where the database is not ready, the first search loads it after all."""
    thread = threading.Thread(target=_prepare, name="prepare-search", daemon=True)
    thread.start()
    return thread


def _prepare() -> None:
    lemma_dictionaries_ready()
    with contextlib.suppress(DatabaseError):
        labels()
        concept_places([])
        hinted_concepts([])
    connections.close_all()
