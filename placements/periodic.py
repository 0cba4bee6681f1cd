"""Scheduled jobs of placements: reminders to countries, and coordinators' appointments that begin or end by date."""

from celery import shared_task

from placements.domain.conversations import follow_calendar
from placements.domain.reminders import remind_countries


@shared_task
def remind_of_approvals() -> int:
    """Several times a day; returns how many reminders were sent."""
    return remind_countries()


@shared_task
def follow_appointments() -> int:
    """Once a day; returns how many times a user was added to or removed from a thread."""
    return follow_calendar()
