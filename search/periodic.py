"""Scheduled jobs of the search."""

from celery import shared_task

from search.domain import replica_sync, saved_notifications


@shared_task
def match_saved_searches() -> int:
    """Begin new saved searches, match them against changed documents, send what is sent at once; returns for how many searches."""
    return saved_notifications.match_and_notify()


@shared_task
def notify_saved_searches() -> int:
    """Send the new results of daily and weekly searches whose time has come; returns for how many searches."""
    return saved_notifications.notify_due_searches()


@shared_task
def sync_replica() -> None:
    """Copy to the replica what it missed, or everything when it is empty; does nothing in an installation without one."""
    replica_sync.sync_replica()
