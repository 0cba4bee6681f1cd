"""Scheduled tasks of profiles."""

from celery import shared_task

from profiles.domain.confirmation import ask_to_confirm


@shared_task
def ask_people_to_confirm() -> int:
    """Runs once a day: yearly reminders to confirm the profile; returns how many."""
    return ask_to_confirm()
