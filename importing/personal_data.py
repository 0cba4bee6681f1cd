"""Retention of uploaded tables. The people in them are exported and erased with their profiles."""

import datetime

from exchange.core.personal_data import delete_batch
from importing.models import ExpertImport
from importing.states import ImportState

FINISHED = (ImportState.DONE, ImportState.REFUSED, ImportState.CANCELLED)


def end_uploaded_tables(before: datetime.datetime, most: int) -> int:
    """Delete finished tables whose state is older than `before`, at most so many; returns how many."""
    return delete_batch(ExpertImport.objects.filter(state__in=FINISHED, state_since__lt=before), most)
