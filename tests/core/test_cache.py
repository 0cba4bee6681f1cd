"""The cache shares its server with waiting tasks, with sockets and with other installations."""

import contextlib
import socket

import pytest
from django.core.cache import caches
from django.test import override_settings

from exchange.core.cache import BATCH
from exchange.core.redis_outage import RedisOutage


@pytest.fixture
def cache():
    return caches["redis"]


@pytest.fixture
def server(cache):
    return cache._cache.get_client(None, write=True)


def test_clear_forgets_what_the_cache_keeps_however_much(cache):
    cache.set_many({f"key-{number}": number for number in range(2 * BATCH + 1)})

    cache.clear()

    assert cache.get_many([f"key-{number}" for number in range(2 * BATCH + 1)]) == {}


def test_clear_leaves_the_neighbours_alone(cache, server):
    """Among them a queue of tasks under our own prefix, and an installation whose prefix begins like ours."""
    neighbours = [f"{cache.key_prefix}:celery-queue", f"{cache.key_prefix}2:1:theirs", f"{cache.key_prefix}:21:theirs"]
    for key in neighbours:
        server.set(key, "kept", ex=60)
    cache.set("ours", 1)

    cache.clear()

    assert cache.get("ours") is None
    assert [server.get(key) for key in neighbours] == [b"kept"] * 3
    server.delete(*neighbours)


def test_clear_takes_its_prefix_by_the_letter(settings, cache, server):
    odd = settings.CACHES["redis"] | {"KEY_PREFIX": "od[d]*"}
    with override_settings(CACHES=settings.CACHES | {"redis": odd}):
        caches["redis"].set("ours", 1)
        cache.set("theirs", 1)
        server.set("oddity:1:theirs", "kept", ex=60)

        caches["redis"].clear()

        assert caches["redis"].get("ours") is None
    assert cache.get("theirs") == 1
    assert server.get("oddity:1:theirs") == b"kept"
    server.delete("oddity:1:theirs")


def test_clear_without_a_server_is_no_error(settings, monkeypatch):
    monkeypatch.setattr("exchange.core.cache.redis_outage", RedisOutage())
    away = settings.CACHES["redis"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    with override_settings(CACHES=settings.CACHES | {"redis": away}):
        caches["redis"].clear()


@pytest.fixture
def silent(tmp_path, settings, monkeypatch):
    """A server that takes connections and says nothing, in place of Redis; gives the connections it got."""
    monkeypatch.setattr("exchange.core.cache.redis_outage", RedisOutage())
    path = str(tmp_path / "silent")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(path)
        listening.listen(100)
        listening.setblocking(False)
        with override_settings(CACHES=settings.CACHES | {"redis": settings.CACHES["redis"] | {"LOCATION": f"unix://{path}"}}):
            yield listening


def test_a_server_that_says_nothing_is_waited_for_once(silent):
    cache = caches["redis"]

    answers = [
        cache.get("key", "nothing"),
        cache.add("key", 1),
        cache.set("key", 1),
        cache.get_many(["key"]),
        cache.incr("key"),
        cache.delete("key"),
        cache.get("key"),
    ]

    assert answers == ["nothing", True, None, {}, 1, False, None]
    connections = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            silent.accept()[0].close()
            connections += 1
    assert connections == 1
