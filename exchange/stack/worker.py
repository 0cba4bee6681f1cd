"""The worker of one machine, with the clock (beat) in a thread of it: a process of its own would cost another hundred megabytes.

Where there are several workers the clock runs by itself: `celery -A exchange.celery beat`.
"""

import argparse
import os
import signal
import threading
from typing import Any

from celery import signals
from celery.beat import Service as BeatService

from exchange.celery import app

# Threads: the jobs wait for the database and for others far more than they compute, and the memory is paid once.
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
    """Hands out what is due; if it ever fails it takes the process with it, so that the supervisor starts both again."""

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
        """End the thread after it has written its notes."""
        self.stopping = True
        if self.is_alive():
            self.service.stop()
            self.join(timeout=5)


def main() -> None:
    """Work until told to stop."""
    parser = argparse.ArgumentParser(prog="exchange.stack.worker", description=__doc__)
    parser.add_argument("--schedule", required=True, help="the file of the clock's notes")
    scheduler = Scheduler(parser.parse_args().schedule)

    def on_init(**kwargs: Any) -> None:
        from exchange.core.outbox_thread import start_outbox_thread

        start_outbox_thread()  # ready is a worker that has its broker; the outbox need not wait for that

    def on_ready(**kwargs: Any) -> None:
        scheduler.start()

    def on_shutdown(**kwargs: Any) -> None:
        scheduler.stop()

    signals.worker_init.connect(on_init, weak=False)
    signals.worker_ready.connect(on_ready, weak=False)
    signals.worker_shutting_down.connect(on_shutdown, weak=False)
    app.worker_main(WORKER)


if __name__ == "__main__":
    main()
