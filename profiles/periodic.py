"""Jobs of the clock."""

from celery import shared_task

from profiles.domain.freshness import ask_to_confirm


@shared_task
def ask_people_to_confirm() -> int:
    """Once a day; returns how many were asked whether their profile still holds."""
    return ask_to_confirm()
