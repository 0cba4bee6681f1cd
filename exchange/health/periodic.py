"""The beat of the worker."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from redis.exceptions import RedisError

from exchange.health.heartbeat import write_heartbeat


@shared_task
def record_heartbeat() -> None:
    """Renew the worker's sign of life; it went from the clock through the broker to a worker, so it speaks for all three."""
    write_heartbeat()


@worker_ready.connect
def on_worker_ready(**kwargs: Any) -> None:
    """The first sign of life, without waiting for the clock."""
    try:
        write_heartbeat()
    except RedisError:
        return
