"""The embedded servers without the platform: for tests, benches, and developers who run the web process themselves."""

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from exchange.stack import addresses
from exchange.stack.addresses import make_private
from exchange.stack.postgres import Postgres
from exchange.stack.processes import Running, StackError, end_leftovers, launch
from exchange.stack.valkey import Valkey

Server = Postgres | Valkey
Say = Callable[[str, float], None]


def say_nothing(line: str, seconds: float) -> None:
    """The default for who listens to the progress."""


class DataFolder:
    """The data folder, private and held by one supervisor at a time."""

    def __init__(self, data: Path) -> None:
        self.path = data
        self._lock: int | None = None

    def take(self) -> list[str]:
        """Make the folder, lock it, end what a killed supervisor left; returns the names of those leftovers.

        Raises StackError when a living stack holds it.
        """
        try:
            make_private(self.path)
            lock = os.open(self.path / "stack.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StackError(f"The data folder {self.path} cannot be used: {error}") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(lock, 20).decode(errors="replace").strip() or "unknown"
            os.close(lock)
            raise StackError(
                f"The data folder {self.path} is in use by a running stack (process {holder}).\n"
                "Stop that one first, or choose another folder and port: PORT=8001 DATA_DIR=.data-2 make demo"
            ) from None
        os.ftruncate(lock, 0)
        os.write(lock, str(os.getpid()).encode())
        self._lock = lock
        return end_leftovers(self.path)

    def release(self) -> None:
        """Let the next one have it."""
        if self._lock is not None:
            os.ftruncate(self._lock, 0)
            os.close(self._lock)
            self._lock = None


def wanted_servers(data: Path, *, durable: bool = True) -> list[Server]:
    """The servers that are ours to run: those nobody named in `DATABASE_URL` and `REDIS_URL`."""
    servers: list[Server] = []
    if addresses.is_embedded_database():
        servers.append(Postgres(data, durable=durable))
    if addresses.is_embedded_redis():
        servers.append(Valkey(data, durable=durable))
    return servers


class EmbeddedServers:
    """PostgreSQL and Valkey for as long as the `with` block lasts; `durable=False` trades safety for speed, for tests."""

    def __init__(self, data: Path, *, durable: bool = True, say: Say = say_nothing) -> None:
        self.folder = DataFolder(data.resolve())
        self.durable = durable
        self.say = say
        self.running: list[tuple[Server, Running]] = []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Start what is wanted and wait until it answers; raises StackError, leaving nothing behind, when it cannot."""
        self.folder.take()
        try:
            self.start_servers()
        except BaseException:
            self.stop()
            raise

    def start_servers(self) -> None:
        """Start the servers in a folder that is held already."""
        data = self.folder.path
        began = time.monotonic()
        servers = wanted_servers(data, durable=self.durable)
        for server in servers:
            server.prepare()
            self.running.append((server, launch(server.service(), data=data)))
        for server, running in self.running:
            server.wait_ready(running)
            self.say(f"{running.service.name} answers", time.monotonic() - began)

    def stop(self) -> None:
        """Stop them in reverse order and release the folder."""
        for _, running in self.running:
            running.ask_to_stop()
        for _, running in reversed(self.running):
            running.wait(running.service.stop_seconds)
        self.running.clear()
        self.folder.release()
