"""Connections that wait while PostgreSQL restarts. Django finds this module by the ENGINE of the settings."""

import threading
import time
from typing import Any

from django.db.backends.postgresql import base

WAIT_SECONDS = 5.0
"""How long after the first failure requests wait for a connection. After that each tries once, so that waiting takes up no threads."""
PAUSE_SECONDS = 0.1


class Outage:
    """When connections of this process began to fail."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._since: float | None = None

    def wait(self) -> bool:
        """Pause before another attempt; False, without a pause, when there has been enough waiting."""
        with self._lock:
            now = time.monotonic()
            self._since = self._since or now
            if now - self._since > WAIT_SECONDS:
                return False
        time.sleep(PAUSE_SECONDS)
        return True

    def over(self) -> None:
        """A connection was made."""
        with self._lock:
            self._since = None


outage = Outage()


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, which checks a kept connection before each request, and tries to make a new one for some seconds."""

    def get_new_connection(self, conn_params: Any) -> Any:
        while True:
            try:
                connection = super().get_new_connection(conn_params)
            except self.Database.OperationalError:
                if not outage.wait():
                    raise
            else:
                outage.over()
                return connection
