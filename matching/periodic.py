"""Scheduled jobs of matching."""

from celery import shared_task

from matching.domain import compute


@shared_task
def match_everything() -> int:
    """Everything anew, every night: dates pass, and what was done grows older."""
    return compute.match_everything()
