"""Scheduled jobs of the search."""

from celery import shared_task

from search.domain import mirroring, saved


@shared_task
def match_saved_searches() -> int:
    """Begin new saved searches, look which ones the changes concern, and tell those that tell at once; returns how many had news."""
    return saved.match_and_tell()


@shared_task
def tell_saved_searches() -> int:
    """Tell the daily and weekly ones whose owner's morning has come; returns how many had news."""
    return saved.tell_due()


@shared_task
def mend_second_engine() -> None:
    """Let the second engine catch up with what it missed, or fill it; nothing to do in an installation without one."""
    mirroring.mend_second_engine()
