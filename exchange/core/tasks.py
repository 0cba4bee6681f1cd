"""Tasks of core."""

from celery import shared_task

from exchange.core import outbox_thread  # noqa: F401 -- begins with every worker
from exchange.core.outbox import process_outbox


@shared_task
def process_due_events() -> int:
    """Carry out what waits in the outbox; returns how many events were looked at."""
    return process_outbox()
