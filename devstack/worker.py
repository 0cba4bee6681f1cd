"""A worker with beat in a thread: a separate beat process would need another hundred megabytes.

With several workers beat runs as a process of its own: `celery -A exchange.celery beat`.
"""

import argparse
import os
import signal
import threading
from typing import Any

from celery import signals
from celery.beat import Service as BeatService

from exchange.celery import app

# Threads, because jobs mostly wait for the database, and threads share memory.
WORKER = [
    "--quiet",
    "worker",
    "--pool",
    "threads",
    "--concurrency",
    "4",
    "--without-gossip",
    "--without-mingle",
    "--loglevel",
    "INFO",
]


class Scheduler(threading.Thread):
    """Runs beat in a thread; a failure ends the process, so that the supervisor restarts both."""

    def __init__(self, schedule: str) -> None:
        super().__init__(name="clock", daemon=True)
        self.service = BeatService(app, max_interval=1, schedule_filename=schedule)
        self.stopping = False

    def run(self) -> None:
        try:
            self.service.start()
        finally:
            if not self.stopping:
                os.kill(os.getpid(), signal.SIGTERM)

    def stop(self) -> None:
        """Stop the thread after it has stored its schedule."""
        self.stopping = True
        if self.is_alive():
            self.service.stop()
            self.join(timeout=5)


def main() -> None:
    """Run until stopped."""
    parser = argparse.ArgumentParser(prog="devstack.worker", description=__doc__)
    parser.add_argument("--schedule", required=True, help="the file of the clock's notes")
    scheduler = Scheduler(parser.parse_args().schedule)

    def on_ready(**kwargs: Any) -> None:
        scheduler.start()

    def on_shutdown(**kwargs: Any) -> None:
        scheduler.stop()

    signals.worker_ready.connect(on_ready, weak=False)
    signals.worker_shutting_down.connect(on_shutdown, weak=False)
    app.worker_main(WORKER)


if __name__ == "__main__":
    main()
