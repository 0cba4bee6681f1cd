"""Celery tasks of the core: the outbox, and handlers of events that take long."""

from typing import Any

from celery import shared_task

from exchange.core.jobs import drainer  # noqa: F401 -- begins with every worker
from exchange.core.jobs.outbox import drain, run_long


@shared_task
def drain_outbox() -> int:
    """Carry out what waits in the outbox; returns how many events were looked at."""
    return drain()


@shared_task
def run_long_handler(kind: str, payload: dict[str, Any]) -> None:
    """Carry out one event of the outbox whose handler is marked long."""
    run_long(kind, payload)
