"""Celery tasks of the core: the outbox, and handlers of events that take long."""

from typing import Any

from celery import shared_task

from exchange.core.jobs import outbox_thread  # noqa: F401 -- begins with every worker
from exchange.core.jobs.outbox import process_outbox, run_long


@shared_task
def process_due_events() -> int:
    """Carry out what waits in the outbox; returns how many events were looked at."""
    return process_outbox()


@shared_task
def run_long_handler(kind: str, payload: dict[str, Any]) -> None:
    """Carry out one event of the outbox whose handler is marked long."""
    run_long(kind, payload)
