"""Celery tasks of core: process the outbox, run long handlers."""

from typing import Any

from celery import shared_task

from exchange.core.jobs import outbox_thread  # noqa: F401 -- starts with every worker
from exchange.core.jobs.outbox import process_outbox, run_long


@shared_task
def process_due_events() -> int:
    """Process due events of the outbox; returns how many."""
    return process_outbox()


@shared_task
def run_long_handler(kind: str, payload: dict[str, Any]) -> None:
    """Run the handler of one event that is marked long."""
    run_long(kind, payload)
