"""Queueing Celery tasks without making a request wait for, or fail on, an unavailable broker."""

import contextlib
import logging
from functools import cache
from typing import Any

from celery import current_app
from kombu import Connection
from kombu.exceptions import LimitExceeded, OperationalError
from kombu.pools import producers

from exchange.core.redis_outage import TIMEOUT_SECONDS, redis_outage

logger = logging.getLogger(__name__)

NORMAL, LOW_PRIORITY = 3, 9
"""Priorities of tasks, 0 being the first: jobs that a user watches, and background jobs."""


def notify_worker(task: str = "exchange.core.jobs.tasks.process_due_events") -> None:
    """Ask a worker to run a periodic task now. Ignored while the broker is unavailable; beat runs the task within seconds."""
    with contextlib.suppress(OperationalError, OSError):
        _queue(task, expires=10)


def start_job(name: str, *args: Any, priority: int = NORMAL) -> None:
    """Queue a long job by its task name. For outbox handlers only: raises while the broker is unavailable, and the event is retried."""
    _queue(name, args=args, priority=priority)


def _queue(name: str, **options: Any) -> None:
    """Send a task to the broker. While Redis is known not to answer this raises at once, without connecting."""
    if not redis_outage.may_ask():
        raise OperationalError("Redis did not answer a moment ago")
    try:
        with producers[_connection()].acquire(block=True, timeout=TIMEOUT_SECONDS) as producer:
            current_app.send_task(name, producer=producer, retry=False, **options)
    except (OperationalError, LimitExceeded, OSError) as error:
        redis_outage.failed()
        logger.warning("broker unavailable, the next beat retries: %s", error)
        raise OperationalError(str(error)) from error
    redis_outage.answered()


@cache
def _connection() -> Connection:
    """A connection for sending: it gives up soon and does not try again, other than that of a worker, which waits for tasks."""
    impatient = {"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS, "max_retries": 0}
    made = current_app.connection_for_write()
    return made.clone(transport_options={**(made.transport_options or {}), **impatient})
