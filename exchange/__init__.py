"""The project: settings, addresses, URLs. Loading it makes the Celery app the current one, so `shared_task` finds its broker."""

from exchange.celery import app as celery_app

__all__ = ["celery_app"]
