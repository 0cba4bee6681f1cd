"""A Redis cache that behaves like an empty cache while Redis is unavailable."""

import logging
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from exchange.core.redis_outage import redis_outage

logger = logging.getLogger(__name__)

BATCH = 500
GLOB_SIGNS = re.compile(r"[\\*?\[\]]")
"""Wildcards of key patterns."""


class FailSafeRedisCache(RedisCache):
    """While Redis is unavailable reads miss and writes are dropped. For what may be lost at any time: limits and locks are kept elsewhere."""

    def _forgive(self, operation: Callable[..., Any], fallback: Any, *args: Any, **kwargs: Any) -> Any:
        if not redis_outage.may_ask():
            return fallback
        try:
            result = operation(*args, **kwargs)
        except (RedisError, OSError) as error:
            redis_outage.failed()
            logger.warning("cache unavailable: %s", error)
            return fallback
        redis_outage.answered()
        return result

    def add(self, *args: Any, **kwargs: Any) -> bool:
        # True, as if the key had been free.
        return bool(self._forgive(super().add, True, *args, **kwargs))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._forgive(super().get, default, key, default, version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._forgive(super().set, None, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._forgive(super().touch, False, *args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._forgive(super().delete, False, *args, **kwargs))

    def get_many(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = self._forgive(super().get_many, {}, *args, **kwargs)
        return found

    def set_many(self, *args: Any, **kwargs: Any) -> list[Any]:
        failed: list[Any] = self._forgive(super().set_many, [], *args, **kwargs)
        return failed

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._forgive(super().delete_many, None, *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._forgive(super().has_key, False, *args, **kwargs))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return int(self._forgive(super().incr, delta, key, delta, version))

    def clear(self) -> None:
        """Delete the keys of this cache only. Django would flush the whole server, which also holds tasks and other installations."""
        self._forgive(self._clear_own, None)

    def _clear_own(self) -> None:
        client = self._cache.get_client(None, write=True)
        own = GLOB_SIGNS.sub(r"\\\g<0>", self.make_key(""))
        for keys in _batched(client.scan_iter(match=f"{own}*", count=BATCH), BATCH):
            client.unlink(*keys)


def _batched(keys: Iterator[bytes], size: int) -> Iterator[list[bytes]]:
    """The keys in lists of `size`."""
    while batch := list(islice(keys, size)):
        yield batch
