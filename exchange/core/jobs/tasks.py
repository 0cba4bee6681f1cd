"""Jobs of the ground."""

from celery import shared_task

from exchange.core.jobs import drainer  # noqa: F401 -- begins with every worker
from exchange.core.jobs.outbox import drain


@shared_task
def drain_outbox() -> int:
    """Carry out what waits in the outbox; returns how many events were looked at."""
    return drain()
