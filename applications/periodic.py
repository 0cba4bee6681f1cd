"""Jobs of the applications app."""

from celery import shared_task

from applications.domain import offers


@shared_task
def expire_offers() -> int:
    """End the offers that nobody answered in time."""
    return offers.expire_offers()
