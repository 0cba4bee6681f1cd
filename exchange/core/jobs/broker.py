"""Queueing Celery tasks without making a request wait for, or fail on, an unavailable broker."""

import contextlib
import logging
import time
from typing import Any

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

PAUSE_AFTER_FAILURE = 5.0
NORMAL, LOW_PRIORITY = 3, 9
"""Priorities of tasks, 0 being the first: jobs that a user watches, and background jobs."""
_unavailable_until = 0.0


def notify_worker(task: str = "exchange.core.jobs.tasks.process_due_events") -> None:
    """Ask a worker to run a periodic task now. Ignored while the broker is unavailable; beat runs the task within seconds."""
    with contextlib.suppress(OperationalError, OSError):
        _queue(task, expires=10)


def start_job(name: str, *args: Any, priority: int = NORMAL) -> None:
    """Queue a long job by its task name. For outbox handlers only: raises while the broker is unavailable, and the event is retried."""
    _queue(name, args=args, priority=priority)


def _queue(name: str, **options: Any) -> None:
    """Send a task to the broker. After a failure this raises at once for a few seconds, without connecting."""
    global _unavailable_until  # noqa: PLW0603 -- one circuit breaker a process
    if time.monotonic() < _unavailable_until:
        raise OperationalError("the broker was away a moment ago")
    try:
        current_app.send_task(name, retry=False, **options)
    except (OperationalError, OSError) as error:
        _unavailable_until = time.monotonic() + PAUSE_AFTER_FAILURE
        logger.warning("broker unavailable, the next beat retries: %s", error)
        raise
