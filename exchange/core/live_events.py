"""Live events: after commit, tell a person's open tabs that something changed. Ids only, never words.

Redis is a hint, PostgreSQL is the truth: a lost event costs a moment only, because clients also ask by number.
One background loop a process keeps its connection, so that pushing takes no time from the request.
"""

import asyncio
import logging
import os
import threading
from collections.abc import Iterable
from typing import Any

from channels.layers import get_channel_layer
from django.db import transaction

logger = logging.getLogger(__name__)

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
    """Hand the live event to the background loop and return at once."""
    asyncio.run_coroutine_threadsafe(_send(groups, event), _loop())


async def _send(groups: list[str], event: dict[str, Any]) -> None:
    layer = get_channel_layer()
    results = await asyncio.gather(
        *(layer.group_send(group, {"type": "live_event", "live_event": event}) for group in groups), return_exceptions=True
    )
    for error in results:
        if isinstance(error, BaseException):
            logger.warning("bell not rung: %s", error)
            return


def _loop() -> asyncio.AbstractEventLoop:
    """The loop of this process; a forked child makes its own."""
    pid = os.getpid()
    with _lock:
        if pid not in _loops:
            loop = asyncio.new_event_loop()
            threading.Thread(target=loop.run_forever, name="bells", daemon=True).start()
            _loops[pid] = loop
        return _loops[pid]
