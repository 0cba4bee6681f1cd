"""A thread of every worker that processes the outbox while all other threads run long jobs, or the broker is unavailable."""

import logging
import sys
import threading
from typing import Any

from celery.signals import worker_init, worker_shutdown
from django.db import close_old_connections, connection

from exchange.core.jobs.outbox import process_outbox

logger = logging.getLogger(__name__)

INTERVAL = 0.5
"""Seconds between two runs. An idle worker is notified at once; this is how long an event may wait behind matching and imports."""
SWITCH_INTERVAL = 0.0005
"""Python's thread switch interval in seconds; its default of 5 ms would make short jobs slow beside computing threads."""


class OutboxThread(threading.Thread):
    """Processes due events, except bulk ones, at a fixed interval. Logs an outage once and retries."""

    def __init__(self) -> None:
        super().__init__(name="outbox", daemon=True)
        self.stopping = threading.Event()
        self.failing = False

    def run(self) -> None:
        while not self.stopping.wait(INTERVAL):
            self.look()
        connection.close()

    def look(self) -> None:
        """Process due events once."""
        try:
            close_old_connections()
            process_outbox(bulk=False)
        except Exception:
            # Any error is survived: nothing would restart this thread, and the outbox keeps its events.
            if not self.failing:
                logger.exception("the outbox cannot be read")
            self.failing = True
        else:
            self.failing = False


_running: list[OutboxThread] = []


@worker_init.connect
def start_outbox_thread(**kwargs: Any) -> None:
    """Start once, with the worker process, even before its broker is reachable."""
    if not _running:
        sys.setswitchinterval(SWITCH_INTERVAL)
        _running.append(OutboxThread())
        _running[-1].start()


@worker_shutdown.connect
def stop_outbox_thread(**kwargs: Any) -> None:
    """Stop with the worker, after the current event."""
    while _running:
        outbox_thread = _running.pop()
        outbox_thread.stopping.set()
        outbox_thread.join(timeout=5)
