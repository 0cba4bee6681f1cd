"""Jobs of the programs app."""

from celery import shared_task

from programs.domain import calendar


@shared_task
def advance_programs() -> int:
    """Close what is over, start what begins, complete what has ended; returns how many programmes moved."""
    return calendar.advance_programs()
