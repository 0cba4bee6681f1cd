"""A thread of every worker that carries out what is due while all its others are at long jobs, or the broker is away."""

import logging
import sys
import threading
from typing import Any

from celery.signals import worker_ready, worker_shutdown
from django.db import close_old_connections, connection

from exchange.core.outbox import process_outbox

logger = logging.getLogger(__name__)

EVERY = 0.5
"""Seconds between two looks. At rest a worker is woken at once; this is how long an event waits behind matchings and imports."""
GIVE_WAY = 0.0005
"""Seconds after which a thread that computes lets another one go on; Python's own 5 ms, many times over, make a short job a long one."""


class OutboxThread(threading.Thread):
    """Looks every moment what is due, bulk aside. Logs an outage once and retries."""

    def __init__(self) -> None:
        super().__init__(name="drainer", daemon=True)
        self.stopping = threading.Event()
        self.failing = False

    def run(self) -> None:
        while not self.stopping.wait(EVERY):
            self.look()
        connection.close()

    def look(self) -> None:
        """Once."""
        try:
            close_old_connections()
            process_outbox(bulk=False)
        except Exception:
            # Whatever it was, the outbox keeps what waits; a thread that ended would be missed by nobody.
            if not self.failing:
                logger.exception("the outbox cannot be read")
            self.failing = True
        else:
            self.failing = False


_running: list[OutboxThread] = []


@worker_ready.connect
def start_outbox_thread(**kwargs: Any) -> None:
    """Begin, once, in the process that holds the pool of a worker: when it is ready, or before where it may not wait for the broker."""
    if not _running:
        sys.setswitchinterval(GIVE_WAY)
        _running.append(OutboxThread())
        _running[-1].start()


@worker_shutdown.connect
def stop_outbox_thread(**kwargs: Any) -> None:
    """End with the worker, after the event at hand."""
    while _running:
        outbox_thread = _running.pop()
        outbox_thread.stopping.set()
        outbox_thread.join(timeout=5)
