"""The worker's heartbeat: a Redis key that it renews and that expires soon after it stops."""

import time
from functools import cache

import redis
from django.conf import settings

from exchange.environment import env_str

# One heartbeat every ten seconds: three may be late, behind long jobs, before the worker counts as down.
LIFETIME_SECONDS = 45
PATIENCE_SECONDS = 1


def key() -> str:
    """The Redis key of the heartbeat."""
    return f"{env_str('REDIS_PREFIX', 'miras')}:health:worker"


@cache
def client() -> "redis.Redis":
    """A client with a timeout of one second, shared by the threads of a process."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=PATIENCE_SECONDS, socket_timeout=PATIENCE_SECONDS)


def write_heartbeat() -> None:
    """Record that a worker has just run a task. Raises RedisError when Redis is unavailable."""
    client().set(key(), int(time.time()), ex=LIFETIME_SECONDS)


def worker_is_alive() -> bool:
    """Whether a worker has run a task recently. Raises RedisError when Redis is unavailable."""
    return client().get(key()) is not None
