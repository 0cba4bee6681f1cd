"""Scheduled jobs of the search."""

from celery import shared_task

from search.domain import mirroring, saved_notifications


@shared_task
def match_saved_searches() -> int:
    """Begin new saved searches, match them against changed documents, send what is sent at once; returns for how many searches."""
    return saved_notifications.match_and_notify()


@shared_task
def tell_saved_searches() -> int:
    """Send the new results of daily and weekly searches whose time has come; returns for how many searches."""
    return saved_notifications.tell_due()


@shared_task
def mend_second_engine() -> None:
    """Copy to the replica what it missed, or everything when it is empty; does nothing in an installation without one."""
    mirroring.mend_second_engine()
