"""Live events: after commit, notify a user's open tabs that something changed. They carry ids only, never content.

PostgreSQL stays the source of truth: a lost event only causes a delay, because clients also poll by message number.
Each process has one background event loop with a Redis connection.
"""

import asyncio
import logging
import os
import threading
import time
from collections.abc import Iterable
from concurrent.futures import wait
from typing import Any

from channels.layers import get_channel_layer
from django.db import transaction

logger = logging.getLogger(__name__)

MAX_WAIT = 0.02
SEND_SECONDS = 2.0
PAUSE_AFTER_FAILURE = 5.0
"""Seconds."""

_no_wait_until = 0.0
_lock = threading.Lock()
_loops: dict[int, asyncio.AbstractEventLoop] = {}


def user_group(user_id: int) -> str:
    """The channel group of one person's open tabs."""
    return f"user.{user_id}"


def push_event(user_ids: Iterable[int], kind: str, **ids: int | str) -> None:
    """After commit, send `{"kind": kind, **ids}` to every open tab of these people."""
    groups = [user_group(user_id) for user_id in dict.fromkeys(user_ids)]
    if groups:
        transaction.on_commit(lambda: publish(groups, {"kind": kind, **ids}), robust=True)


def publish(groups: list[str], event: dict[str, Any]) -> None:
    """Send the live event through the background loop, and wait until Redis has it, at most MAX_WAIT seconds.

    Only one thread of a process computes at a time: a request that did not wait would delay its own live event. After an event that was
    not sent in time the next ones are not waited for, so that an outage of Redis does not slow down requests. An event that Redis does not
    take within SEND_SECONDS is dropped: they would pile up in memory otherwise.
    """
    global _no_wait_until  # noqa: PLW0603 -- one a process
    sending = asyncio.run_coroutine_threadsafe(_send(groups, event), _loop())
    if time.monotonic() < _no_wait_until:
        return
    if not wait([sending], timeout=MAX_WAIT).done:
        _no_wait_until = time.monotonic() + PAUSE_AFTER_FAILURE


async def _send(groups: list[str], event: dict[str, Any]) -> None:
    layer = get_channel_layer()
    sending = (layer.group_send(group, {"type": "live_event", "live_event": event}) for group in groups)
    results = await asyncio.gather(*(asyncio.wait_for(each, SEND_SECONDS) for each in sending), return_exceptions=True)
    for error in results:
        if isinstance(error, BaseException):
            logger.warning("live event not sent: %r", error)
            return


def _loop() -> asyncio.AbstractEventLoop:
    """The loop of this process; a forked child creates its own."""
    pid = os.getpid()
    with _lock:
        if pid not in _loops:
            loop = asyncio.new_event_loop()
            threading.Thread(target=loop.run_forever, name="bells", daemon=True).start()
            _loops[pid] = loop
        return _loops[pid]
