"""How many WebSockets a person has open, counted over all processes in Redis, and in each process while Redis does not answer."""

import threading
import time
from collections import defaultdict

from django.conf import settings
from redis.exceptions import RedisError

from exchange.core.redis_outage import redis_client, redis_outage

MAX_SOCKETS = 20
RENEWED_SECONDS = 40.0
STALE_SECONDS = 120.0
"""A socket that was not renewed for so long is not counted: its process has died."""

_lock = threading.Lock()
_here: dict[int, set[str]] = defaultdict(set)


def enter(user_id: int, name: str) -> bool:
    """Count one more socket of this person. Returns False, and counts nothing, when there are MAX_SOCKETS already."""
    with _lock:
        if len(_here[user_id]) >= MAX_SOCKETS:
            return False
        _here[user_id].add(name)
    if renew(user_id, name) <= MAX_SOCKETS:
        return True
    leave(user_id, name)
    return False


def renew(user_id: int, name: str) -> int:
    """Say that this socket is still open. Returns how many this person has open, or 0 while Redis does not answer."""
    if not redis_outage.may_ask():
        return 0
    now, key = time.time(), _key(user_id)
    try:
        with redis_client().pipeline() as pipeline:
            pipeline.zremrangebyscore(key, 0, now - STALE_SECONDS)
            pipeline.zadd(key, {name: now})
            pipeline.expire(key, int(STALE_SECONDS))
            pipeline.zcard(key)
            count = int(pipeline.execute()[-1])
    except (RedisError, OSError):
        redis_outage.failed()
        return 0
    redis_outage.answered()
    return count


def leave(user_id: int, name: str) -> None:
    """Stop counting a socket; one that Redis keeps because it does not answer becomes stale by itself."""
    with _lock:
        _here[user_id].discard(name)
        if not _here[user_id]:
            del _here[user_id]
    if redis_outage.may_ask():
        try:
            redis_client().zrem(_key(user_id), name)
        except (RedisError, OSError):
            redis_outage.failed()
        else:
            redis_outage.answered()


def _key(user_id: int) -> str:
    return f"{settings.CACHES['redis']['KEY_PREFIX']}:sockets:{user_id}"
