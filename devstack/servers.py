"""The embedded servers without the platform: for tests, benchmarks and development."""

import fcntl
import os
import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from devstack.postgres import Postgres
from devstack.processes import StackError, kill_orphans
from devstack.supervisor import Supervisor
from devstack.valkey import Valkey
from exchange import addresses
from exchange.addresses import make_private

Server = Postgres | Valkey
# Stages: the lowest is stopped last.
SERVERS = 0
PLATFORM = 1

# A stopping stack may still wait for a job to end.
STOPPING_SECONDS = 45


class DataFolder:
    """The data folder, private, and locked by one supervisor at a time."""

    def __init__(self, data: Path) -> None:
        self.path = data
        self._lock: int | None = None

    def take(self) -> list[str]:
        """Create and lock the folder, kill orphans of a killed supervisor; returns their names.

        Raises StackError when a running stack holds it.
        """
        try:
            make_private(self.path)
            lock = os.open(self.path / "stack.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StackError(f"The data folder {self.path} cannot be used: {error}") from error
        deadline = time.monotonic() + STOPPING_SECONDS
        while not _locked(lock):
            holder, _, state = os.pread(lock, 40, 0).decode(errors="replace").strip().partition(" ")
            if state != "stopping" or time.monotonic() > deadline:
                os.close(lock)
                raise StackError(
                    f"The data folder {self.path} is in use by a running stack (process {holder or 'unknown'}).\n"
                    "Stop that one first, or choose another folder and port: PORT=8001 DATA_DIR=.data-2 make demo"
                )
            time.sleep(0.1)
        self._lock = lock
        self._note(str(os.getpid()))
        return kill_orphans(self.path)

    def stopping(self) -> None:
        """Record in the lock file that this stack is stopping, so that the next one waits."""
        self._note(f"{os.getpid()} stopping")

    def release(self) -> None:
        """Release the lock."""
        if self._lock is not None:
            remove_outside_sockets(self.path)
            self._note("")
            os.close(self._lock)
            self._lock = None

    def _note(self, text: str) -> None:
        if self._lock is not None:
            os.ftruncate(self._lock, 0)
            os.pwrite(self._lock, text.encode(), 0)


def remove_outside_sockets(data: Path) -> None:
    """Remove the socket folder when it is outside the data folder (whose path was too long)."""
    folder = addresses.socket_dir(data)
    if not folder.is_relative_to(data):
        shutil.rmtree(folder, ignore_errors=True)


def _locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def wanted_servers(data: Path, *, durable: bool = True) -> list[Server]:
    """The embedded servers to run: those without `DATABASE_URL` or `REDIS_URL`."""
    servers: list[Server] = []
    if addresses.is_embedded_database():
        servers.append(Postgres(data, durable=durable))
    if addresses.is_embedded_redis():
        servers.append(Valkey(data, durable=durable))
    return servers


def start_servers(supervisor: Supervisor, servers: Iterable[Server]) -> None:
    """Start the servers in parallel, then wait until each answers."""
    started = [(server, supervisor.start(server.service(), stage=SERVERS, before=server.prepare)) for server in servers]
    for server, running in started:
        server.wait_ready(running)


class EmbeddedServers:
    """PostgreSQL and Valkey for a `with` block; `durable=False` is faster but not crash-safe, for tests.

    They are not supervised: a server that dies is not restarted.
    """

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        self.folder = DataFolder(data.resolve())
        self.durable = durable
        self.supervisor = Supervisor(self.folder.path)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Start the servers and wait until they answer; on failure stops them and raises StackError."""
        self.folder.take()
        try:
            start_servers(self.supervisor, wanted_servers(self.folder.path, durable=self.durable))
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop them and release the folder."""
        self.folder.stopping()
        self.supervisor.stop()
        self.folder.release()
