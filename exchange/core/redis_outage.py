"""While Redis does not answer, a process asks it once every few seconds only, so that no page waits for it again and again."""

import threading
import time
from functools import cache

import redis
from django.conf import settings

TIMEOUT_SECONDS = 0.4
"""How long a request waits for an answer of Redis, and for a connection. A page meets this once: the failure stops all further questions."""
PAUSE_SECONDS = 5.0


class RedisOutage:
    """Shared by everything in a process that asks Redis while somebody waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._paused_until: float | None = None

    def may_ask(self) -> bool:
        """Whether Redis may be asked now. At the end of a pause one thread may; the others wait for what it finds."""
        if self._paused_until is None:
            return True
        with self._lock:
            now = time.monotonic()
            if self._paused_until is None or now < self._paused_until:
                return self._paused_until is None
            self._paused_until = now + PAUSE_SECONDS
            return True

    def failed(self) -> None:
        """Redis did not answer: nobody asks for PAUSE_SECONDS."""
        with self._lock:
            self._paused_until = time.monotonic() + PAUSE_SECONDS

    def answered(self) -> None:
        """Redis answers (again)."""
        if self._paused_until is not None:
            with self._lock:
                self._paused_until = None


redis_outage = RedisOutage()


@cache
def redis_client() -> "redis.Redis":
    """A client for what may go without an answer; shared by the threads of a process."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=TIMEOUT_SECONDS, socket_timeout=TIMEOUT_SECONDS)
