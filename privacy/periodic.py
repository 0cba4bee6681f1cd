"""Scheduled jobs: archives, deletions, retention."""

from celery import shared_task

from privacy.domain import exports, removals, retention


@shared_task
def expire_exports() -> int:
    """Archives whose week is over, and those whose worker fell silent; returns how many."""
    return exports.expire_exports()


@shared_task
def carry_out_removals() -> int:
    """Accounts whose two weeks are over; returns how many were written down for the workers."""
    return removals.ask_due_removals()


@shared_task
def enforce_retention() -> dict[str, int]:
    """Every night: end what has been kept long enough; returns how many of each kind."""
    return retention.enforce_retention()
