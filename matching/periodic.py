"""Scheduled jobs of matching."""

from celery import shared_task

from matching.domain import compute


@shared_task
def match_everything() -> int:
    """Compute all matches again, every night: dates pass, and experience becomes less recent."""
    return compute.match_everything()
