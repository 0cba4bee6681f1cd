"""A Redis cache that an outage turns into an empty cache, never into an error page."""

import logging
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

BATCH = 500
GLOB_SIGNS = re.compile(r"[\\*?\[\]]")
"""What a pattern of keys would take for a wildcard."""


class FailSafeRedisCache(RedisCache):
    """Reads miss and writes are dropped while Redis is away; the first answer after it returns is served as usual."""

    def _forgive(self, operation: Callable[..., Any], fallback: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return operation(*args, **kwargs)
        except (RedisError, OSError) as error:
            logger.warning("cache unavailable: %s", error)
            return fallback

    def add(self, *args: Any, **kwargs: Any) -> bool:
        # True, as if the key had been free: rate limits and locks then let people in rather than lock everyone out.
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
        """Forget what this cache keeps. Django would empty the whole server, where tasks wait and other installations live."""
        self._forgive(self._clear_own, None)

    def _clear_own(self) -> None:
        client = self._cache.get_client(None, write=True)
        own = GLOB_SIGNS.sub(r"\\\g<0>", self.make_key(""))
        for keys in _batched(client.scan_iter(match=f"{own}*", count=BATCH), BATCH):
            client.unlink(*keys)


def _batched(keys: Iterator[bytes], size: int) -> Iterator[list[bytes]]:
    """The keys, so many at a time."""
    while batch := list(islice(keys, size)):
        yield batch
