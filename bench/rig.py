"""What the benches share: a stack of their own in a temporary folder, single requests, a table of ratios."""

import contextlib
import http.client
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
_console = Console(width=110)


@contextlib.contextmanager
def stack() -> Iterator[Path]:
    """PostgreSQL and Valkey in a temporary data folder, migrated, with Django set up in this process to speak to them."""
    folder = Path(tempfile.mkdtemp(prefix="miras-bench-"))
    os.environ |= {
        "DATA_DIR": str(folder),
        "MIRAS_DEMO": "1",
        "SECRET_KEY": "bench" * 12,
        "DJANGO_SETTINGS_MODULE": "exchange.settings",
    }
    from devstack.servers import EmbeddedServers

    try:
        with EmbeddedServers(folder):
            manage("migrate", "--verbosity", "0")
            manage("compile_message_files")
            manage("collectstatic", "--noinput", "--verbosity", "0")
            import django

            django.setup()
            yield folder
            django.db.connections.close_all()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def manage(*arguments: str) -> None:
    """A management command in a process of its own."""
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def served(application: str, workers: int = 2) -> Iterator[int]:
    """uvicorn serving `application` on a free port of 127.0.0.1; yields the port."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    command = [
        "-m",
        "uvicorn",
        application,
        "--host",
        HOST,
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--log-level",
        "warning",
    ]
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if get(port, "/healthz")[0] < 500:
                return
        time.sleep(0.2)
    raise RuntimeError("the server did not come up")


def get(port: int, path: str, cookie: str = "") -> tuple[int, bytes]:
    """One GET on a connection of its own."""
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, body


def login(user: object) -> str:
    """The Cookie header of a fresh session of this account."""
    from django.test import Client

    client = Client()
    client.force_login(user)
    return f"sessionid={client.cookies['sessionid'].value}"


def p95(values: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20)[-1]


def table(title: str, rows: list[tuple[str, str, str, str, bool]]) -> bool:
    """Print (measure, ours, beside it, ratio or demand, met) rows; True when every demand is met."""
    shown = Table("measure", "ours", "beside it", "ratio / demand", "met", title=title, title_justify="left")
    for *cells, met in rows:
        shown.add_row(*cells, "[green]yes[/]" if met else "[red]no[/]")
    _console.print(shown)
    return all(row[-1] for row in rows)
