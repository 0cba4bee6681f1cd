"""Jobs of the clock: warning of agreements that end."""

from celery import shared_task

from partnerships.domain.reminders import warn_of_endings


@shared_task
def warn_of_ending_agreements() -> int:
    """Once a day; returns how many agreements were told of."""
    return warn_of_endings()
