"""Jobs of the programs room."""

from celery import shared_task

from programs.domain import calendar


@shared_task
def keep_calendar() -> int:
    """Close what is over, start what begins, complete what has ended; returns how many programmes moved."""
    return calendar.keep_calendar()
