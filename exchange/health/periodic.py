"""The periodic task of the heartbeat."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from redis.exceptions import RedisError

from exchange.health.heartbeat import write_heartbeat


@shared_task
def record_heartbeat() -> None:
    """Renew the heartbeat. The task goes from beat through the broker to a worker, so it covers all three."""
    write_heartbeat()


@worker_ready.connect
def on_worker_ready(**kwargs: Any) -> None:
    """Write the first heartbeat without waiting for beat."""
    try:
        write_heartbeat()
    except RedisError:
        return
