"""Waking the worker without ever making a request wait for, or fail on, a broker that is away."""

import logging
import time
from typing import Any

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

PAUSE_AFTER_FAILURE = 5.0
_silent_until = 0.0


def wake_worker() -> None:
    """Ask a worker to look at the outbox now. With the broker away this is a no-op: beat asks again every few seconds."""
    global _silent_until  # noqa: PLW0603 -- one breaker a process
    if time.monotonic() < _silent_until:
        return
    try:
        current_app.send_task("exchange.core.tasks.drain_outbox", expires=10, retry=False)
    except (OperationalError, OSError) as error:
        _silent_until = time.monotonic() + PAUSE_AFTER_FAILURE
        logger.warning("broker unavailable, the outbox waits for the next beat: %s", error)


def start_job(name: str, *args: Any) -> None:
    """Queue a longer job by its task name. For outbox handlers only: with the broker away it raises, and the event is tried again later."""
    current_app.send_task(name, args=args, retry=False)
