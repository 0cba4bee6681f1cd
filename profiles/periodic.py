"""Scheduled jobs of profiles."""

from celery import shared_task

from profiles.domain.confirmation import ask_to_confirm
from profiles.domain.importing import uploads


@shared_task
def ask_people_to_confirm() -> int:
    """Once a day; returns how many were asked whether their profile still holds."""
    return ask_to_confirm()


@shared_task
def resume_stalled_imports() -> int:
    """Go on with imports that broke off, and forget tables that nobody confirmed; returns how many were started anew."""
    uploads.forget_tables()
    return uploads.resume_imports()
