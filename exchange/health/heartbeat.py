"""The worker's sign of life: a key in Redis that it renews, and that is gone soon after it stops."""

import time
from functools import cache

import redis
from django.conf import settings

from exchange.stack.environment import env_str

# A beat every ten seconds: three may be late, behind long jobs, before the worker counts as gone.
LIFETIME_SECONDS = 45
PATIENCE_SECONDS = 1


def key() -> str:
    """Where the sign of life is kept."""
    return f"{env_str('REDIS_PREFIX', 'miras')}:health:worker"


@cache
def client() -> "redis.Redis":
    """A client that gives up after a second, shared by the threads of a process."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=PATIENCE_SECONDS, socket_timeout=PATIENCE_SECONDS)


def write_heartbeat() -> None:
    """Say that a worker carried out a job now. Raises RedisError when Redis is away."""
    client().set(key(), int(time.time()), ex=LIFETIME_SECONDS)


def worker_is_alive() -> bool:
    """Whether a worker did lately. Raises RedisError when Redis is away."""
    return client().get(key()) is not None
