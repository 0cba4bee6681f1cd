"""Scheduled tasks: reminders of agreements that end."""

from celery import shared_task

from partnerships.domain.reminders import warn_of_endings


@shared_task
def warn_of_ending_agreements() -> int:
    """Runs once a day; returns the number of agreements reminded of."""
    return warn_of_endings()
