"""The whole platform on one machine: `make demo`. Servers, web processes, worker and beat, supervised until Ctrl-C."""

import http.client
import json
import os
import secrets
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http import HTTPStatus
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from devstack.processes import Service, StackError, launch
from devstack.servers import PLATFORM, DataFolder, start_servers, wanted_servers
from devstack.supervisor import StopRequested, Supervisor, ignore_signals, stop_on_signals
from exchange import addresses
from exchange.environment import env_int

HOST = "127.0.0.1"
READY_SECONDS = 90.0


@contextmanager
def supervision(console: Console) -> Iterator[Supervisor]:
    """A supervisor that holds the data folder. Ctrl-C and SIGTERM end the block; leaving the block stops all services in order."""
    data = addresses.data_dir()
    folder = DataFolder(data)
    supervisor = Supervisor(data, lambda line: console.print(f"[yellow]![/] {escape(line)}", soft_wrap=True))
    try:
        stop_on_signals()
        for name in folder.take():
            supervisor.say(f"{name} was left over from a run that was killed; it was ended")
        ensure_secret_key(data)
        yield supervisor
    except StopRequested:
        console.print("\nStopping ...")
    finally:
        ignore_signals()
        folder.stopping()
        supervisor.stop()
        folder.release()
    console.print("Stopped; the data is kept.")


def run_servers(console: Console) -> None:
    """PostgreSQL and Valkey alone, supervised until Ctrl-C: `make servers`."""
    with supervision(console) as supervisor:
        start_servers(supervisor, wanted_servers(supervisor.data))
        for line in (f"DATABASE_URL={addresses.database_url()}", f"REDIS_URL={addresses.redis_url()}"):
            console.print(line, soft_wrap=True, markup=False)
        console.print("[dim]manage.py with the same DATA_DIR uses them; Ctrl-C stops them[/]")
        supervisor.watch()


def run_demo(console: Console) -> None:
    """Start everything, supervise it until a signal, stop everything. Raises StackError when it cannot start."""
    # Stop when `make` is killed with SIGKILL, which it cannot forward. Started without make, the stack outlives its shell.
    parent = os.getppid() if "MAKELEVEL" in os.environ else None
    with supervision(console) as supervisor, closing(open_port(env_int("PORT", 8000))) as listening:
        Demo(console, supervisor).start(listening)
        supervisor.watch(parent=parent)


class Demo:
    """One start of the demo stack."""

    def __init__(self, console: Console, supervisor: Supervisor) -> None:
        self.console = console
        self.supervisor = supervisor
        self.data = supervisor.data
        self.began = time.monotonic()

    def start(self, listening: socket.socket) -> None:
        """Start the servers, prepare the data folder, then start the platform's processes."""
        port = listening.getsockname()[1]
        self.console.print(f"[bold]Miras[/] in {escape(str(self.data))}", soft_wrap=True)
        os.environ |= {"DATA_DIR": str(self.data), "PORT": str(port)}
        os.environ.setdefault("MIRAS_DEMO", "1")
        # The first web process loads its code meanwhile, and starts to serve when the other end of this pipe is closed.
        prepared, preparing = os.pipe()
        first, *others = platform(listening.fileno(), prepared)
        self.supervisor.start(first, stage=PLATFORM)
        start_servers(self.supervisor, wanted_servers(self.data))
        self.done("servers answer")
        self.prepare()
        self.done("tables, message files and data are in place")
        os.close(preparing)
        self.wait_for_page(port)
        self.done("the site answers")
        for service in others:
            self.supervisor.start(service, stage=PLATFORM)
        self.show(port)

    def prepare(self) -> None:
        """Run `devstack.prepare` in a separate process, with its output in this terminal."""
        service = Service("prepare", [sys.executable, "-m", "devstack.prepare"])
        running = launch(service, data=self.data, in_terminal=True)
        try:
            code = running.popen.wait()
        finally:
            running.stop()
        if code != 0:
            raise StackError("The data folder could not be prepared; the lines above say why.")

    def wait_for_page(self, port: int) -> None:
        """Wait until a web process answers; raises StackError when one cannot start."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            self.supervisor.raise_if_any_ended()
            status = page_status(port)
            if status == HTTPStatus.OK:
                return
            if status:
                words = "\n".join(
                    one.running.log_tail() for one in self.supervisor.watched if one.stage == PLATFORM and one.running
                )
                raise StackError(f"The site answers with error {status}. The end of its logs in {self.data / 'logs'}:\n{words}")
            time.sleep(0.05)
        raise StackError(f"The site did not answer within {READY_SECONDS:.0f} seconds; see {self.data / 'logs'}.")

    def done(self, what: str) -> None:
        self.console.print(f"[green]✓[/] {what} [dim]({time.monotonic() - self.began:.1f} s)[/]")

    def show(self, port: int) -> None:
        """Print the URL, the logins and the folder of the logs."""
        logins = read_logins(self.data)
        if logins:
            table = Table(box=None, pad_edge=False, header_style="bold")
            for title in ("role", "country", "name", "e-mail", "password"):
                table.add_column(title, no_wrap=title in {"e-mail", "password"})
            for login in logins:
                table.add_row(*(escape(str(login.get(key, ""))) for key in ("role", "country", "name", "email", "password")))
            self.console.print(table)
            self.console.print(f"[dim]also in {escape(str(self.data / 'demo-logins.json'))}[/]", soft_wrap=True)
        logs = escape(str(self.data / "logs"))
        self.console.print(
            f"\nOpen [bold]http://{HOST}:{port}/[/]   [dim]logs: {logs} · Ctrl-C stops everything[/]", soft_wrap=True
        )


def platform(listening_fd: int, prepared_fd: int) -> list[Service]:
    """The platform's processes, web processes first; those serve after `prepared_fd` is closed."""
    # An idle connection costs a PostgreSQL process of 17 MB; opening another takes a few milliseconds.
    idle = {"DATABASE_IDLE_SECONDS": os.environ.get("DATABASE_IDLE_SECONDS", "45")}
    web = {**idle, "WEB_THREADS": os.environ.get("WEB_THREADS", "6")}
    # Without Django's checks, which load all URLs: `make check` runs them.
    worker = {**idle, "CELERY_SKIP_CHECKS": "1"}
    return [
        *(
            Service(
                name=f"web-{number}",
                command=[sys.executable, "-m", "devstack.web", "--fd", str(listening_fd), "--after", str(prepared_fd)],
                environment=web,
                pass_fds=[listening_fd, prepared_fd],
            )
            for number in range(1, web_processes() + 1)
        ),
        Service(
            name="worker",
            command=[sys.executable, "-m", "devstack.worker", "--schedule", str(addresses.data_dir() / "beat")],
            environment=worker,
            stop_seconds=20,
        ),
    ]


def web_processes() -> int:
    """WEB_PROCESSES, or one a core, at most two: a demo shares its machine with a browser."""
    return max(1, env_int("WEB_PROCESSES", min(2, os.cpu_count() or 1)))


def open_port(port: int) -> socket.socket:
    """Listen before anything is started, so that a port in use is reported at once; raises StackError with a solution."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen(1024)
    except (OSError, OverflowError) as error:
        listening.close()
        raise StackError(f"Port {port} of {HOST} cannot be used: {error}.\nChoose another: PORT={port + 1} make demo") from error
    return listening


def ensure_secret_key(data: Path) -> None:
    """Create the data folder's secret key if it is missing; only its owner may read it."""
    try:
        descriptor = os.open(data / addresses.KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(50) + "\n")


def page_status(port: int) -> int:
    """The HTTP status of a request that needs no other server; 0 while the web process does not answer."""
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def read_logins(data: Path) -> list[dict[str, str]]:
    """The demo logins that loading the data has stored."""
    try:
        found = json.loads((data / "demo-logins.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
