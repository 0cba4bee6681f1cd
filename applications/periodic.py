"""Scheduled jobs of applications."""

from celery import shared_task

from applications.domain import offers


@shared_task
def expire_offers() -> int:
    """Expire the offers that were not answered in time."""
    return offers.expire_offers()
