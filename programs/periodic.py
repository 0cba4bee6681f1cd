"""Scheduled tasks of programmes."""

from celery import shared_task

from programs.domain import calendar


@shared_task
def advance_programs() -> int:
    """Close what is over, start what begins, complete what has ended; returns the number of transitions."""
    return calendar.advance_programs()
