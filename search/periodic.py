"""Jobs of the search app."""

from celery import shared_task

from search.domain import replica_sync, saved


@shared_task
def match_saved_searches() -> int:
    """Begin new saved searches, look which ones the changes concern, and tell those that tell at once; returns how many had notifications."""
    saved.begin_waiting()
    saved.match_changed()
    return saved.notify_instant_searches()


@shared_task
def notify_saved_searches() -> int:
    """Tell the daily and weekly ones whose owner's morning has come; returns how many had notifications."""
    return saved.notify_due_searches()


@shared_task
def sync_replica() -> None:
    """Let the second engine catch up with what it missed, or fill it; nothing to do in an installation without one."""
    replica_sync.sync_replica()
