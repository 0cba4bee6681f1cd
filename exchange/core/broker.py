"""Waking the worker without ever making a request wait for, or fail on, a broker that is away."""

import contextlib
import logging
import time
from typing import Any

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

PAUSE_AFTER_FAILURE = 5.0
NORMAL, LOW_PRIORITY = 3, 9
"""Places in the queue of jobs, the first being 0: jobs that somebody watches, and jobs that nobody waits for."""
_silent_until = 0.0


def notify_worker(task: str = "exchange.core.tasks.process_due_events") -> None:
    """Ask a worker to do now what beat has it do every few seconds. Without the broker it is ignored; the next beat retries."""
    with contextlib.suppress(OperationalError, OSError):
        _queue(task, expires=10)


def start_job(name: str, *args: Any, priority: int = NORMAL) -> None:
    """Queue a longer job by its task name. For outbox handlers only: with the broker away it raises, and the event is tried again later."""
    _queue(name, args=args, priority=priority)


def _queue(name: str, **options: Any) -> None:
    """Hand a task to the broker. One that was away a moment ago is not waited for again: then this raises at once."""
    global _silent_until  # noqa: PLW0603 -- one breaker a process
    if time.monotonic() < _silent_until:
        raise OperationalError("the broker was away a moment ago")
    try:
        current_app.send_task(name, retry=False, **options)
    except (OperationalError, OSError) as error:
        _silent_until = time.monotonic() + PAUSE_AFTER_FAILURE
        logger.warning("broker unavailable, what waits is found at the next beat: %s", error)
        raise
