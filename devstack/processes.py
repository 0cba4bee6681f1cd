"""Child processes: started in their own process group, signalled when their parent dies, stopped in order, found again after a crash.

A process is identified by its id *and* its start time, because the system reuses ids.
"""

import contextlib
import ctypes
import os
import platform
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from exchange.addresses import PROJECT_DIR, make_private

LOG_LIMIT = 5_000_000
PR_SET_PDEATHSIG = 1
LINUX = platform.system() == "Linux"


class StackError(Exception):
    """An error that the user can act upon; only its text is printed."""


@dataclass(frozen=True)
class Service:
    """A command and how to stop it. `enter` changes the user of the child process before the program starts."""

    name: str
    command: Sequence[str]
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 10.0
    environment: Mapping[str, str] = field(default_factory=dict)
    pass_fds: Sequence[int] = ()
    enter: Callable[[], None] | None = None


class Running:
    """A running service."""

    def __init__(self, service: Service, popen: subprocess.Popen[bytes], pid_file: Path, log_file: Path) -> None:
        self.service = service
        self.popen = popen
        self.pid_file = pid_file
        self.log_file = log_file
        self.started = time.monotonic()

    @property
    def alive(self) -> bool:
        return self.popen.poll() is None

    def ask_to_stop(self) -> None:
        """Send the service's stop signal, once."""
        if self.alive:
            self.popen.send_signal(self.service.stop_signal)

    def wait(self, seconds: float) -> None:
        """Wait for its end; after `seconds` the process group is killed."""
        try:
            self.popen.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            kill_group(self.popen.pid)
            self.popen.wait()
        self.pid_file.unlink(missing_ok=True)

    def stop(self) -> None:
        """Send the stop signal, wait as long as the service allows, then kill the process group."""
        self.ask_to_stop()
        self.wait(self.service.stop_seconds)

    def log_tail(self, lines: int = 15) -> str:
        """The end of its log, for an error message."""
        try:
            text = self.log_file.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-lines:])


def launch(service: Service, *, data: Path, in_terminal: bool = False) -> Running:
    """Start a service with its log under `logs/` (or in this terminal) and its pid file under `pids/`."""
    log_file = make_private(data / "logs") / f"{service.name}.log"
    trim_log(log_file)
    with open_log(log_file) as log:
        popen = subprocess.Popen(
            list(service.command),
            stdin=subprocess.DEVNULL,
            stdout=None if in_terminal else log,
            stderr=None if in_terminal else log,
            cwd=PROJECT_DIR,
            env={**os.environ, **service.environment},
            # An own process group: Ctrl-C in the terminal reaches only the supervisor, which then stops all services in order.
            start_new_session=True,
            pass_fds=tuple(service.pass_fds),
            preexec_fn=_before_program(service),  # noqa: PLW1509 -- the supervisor has one thread
        )
    pid_file = make_private(data / "pids") / f"{service.name}.pid"
    pid_file.write_text(f"{popen.pid} {start_time(popen.pid)}\n", encoding="utf-8")
    return Running(service, popen, pid_file, log_file)


def _before_program(service: Service) -> Callable[[], None]:
    parent = os.getpid()
    libc = ctypes.CDLL(None, use_errno=True) if LINUX else None

    def prepare() -> None:
        if service.enter is not None:
            service.enter()
        if libc is not None:
            # After `enter`, because a change of user id clears it.
            libc.prctl(PR_SET_PDEATHSIG, int(service.stop_signal), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def start_time(pid: int) -> str:
    """The start time of a process, in a system-dependent form; empty when there is none."""
    if LINUX:
        try:
            after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        except OSError:
            return ""
        state, ticks = after_name[0], after_name[19]
        return "" if state == "Z" else f"{boot}-{ticks}"
    found = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S607 -- macOS has it in /bin
    return "-".join(found.stdout.split())


def command_line(pid: int) -> str:
    """The command line of a process, or an empty string when there is none."""
    if LINUX:
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    found = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S607 -- macOS has it in /bin
    return found.stdout.strip()


def is_taken(pid: int) -> bool:
    """Whether a process with this id exists, including zombies."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def kill_group(pid: int) -> None:
    """Kill the process group of a process we started, which is its group leader."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def kill_orphans(data: Path, *, patience: float = 8.0) -> list[str]:
    """Kill processes that a killed supervisor of this data folder left running; returns their names."""
    found: list[tuple[str, int, str]] = []
    pid_files = sorted((data / "pids").glob("*.pid"))
    for pid_file in pid_files:
        pid_text, _, began = pid_file.read_text(encoding="utf-8", errors="replace").strip().partition(" ")
        if pid_text.isdigit() and began and start_time(int(pid_text)) == began:
            found.append((pid_file.stem, int(pid_text), began))
    # Most have already received the signal of their parent's death and are stopping.
    for _, pid, _ in found:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and any(start_time(pid) == began for _, pid, began in found):
        time.sleep(0.05)
    for _, pid, began in found:
        if start_time(pid) == began:
            kill_group(pid)
    for pid_file in pid_files:
        pid_file.unlink(missing_ok=True)
    return [name for name, _, _ in found]


def open_log(path: Path) -> IO[bytes]:
    """A log file opened for appending, readable by its owner only."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600), "ab")


def trim_log(path: Path) -> None:
    """Copy the end of a log that exceeds the limit to `.1` and truncate it; its writers append, so they need not reopen it."""
    try:
        if path.stat().st_size <= LOG_LIMIT:
            return
        with path.open("rb") as log:
            log.seek(-LOG_LIMIT, os.SEEK_END)
            tail = log.read()
        path.with_suffix(".log.1").write_bytes(tail)
        path.with_suffix(".log.1").chmod(0o600)
        os.truncate(path, 0)
    except OSError:
        return
