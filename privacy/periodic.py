"""Scheduled tasks: archives, account removals, retention."""

from celery import shared_task

from privacy.domain import exports, removals, retention


@shared_task
def expire_exports() -> int:
    """Delete expired archives and restart stalled ones; returns how many."""
    return exports.expire_exports()


@shared_task
def carry_out_removals() -> int:
    """Enqueue the removals whose two weeks are over; returns how many."""
    return removals.ask_due_removals()


@shared_task
def enforce_retention() -> dict[str, int]:
    """Runs every night: delete rows older than their retention period; returns the number by rule code."""
    return retention.enforce_retention()
