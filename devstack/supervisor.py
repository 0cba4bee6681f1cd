"""The supervisor: restarts services that died, after a pause, and stops all in order."""

import os
import select
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from devstack.processes import Running, Service, StackError, kill_group, launch, trim_log

FIRST_PAUSE = 0.3
MAX_PAUSE = 10.0
STEADY_SECONDS = 30.0
LOOK_SECONDS = 0.5
TRIM_SECONDS = 60.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(BaseException):
    """Ctrl-C or SIGTERM arrived; a BaseException, so that no `except Exception` catches it."""


@dataclass
class Watched:
    """A supervised service. `before` is called before each start, to clean up."""

    service: Service
    stage: int
    running: Running | None = None
    before: Callable[[], None] | None = None
    pause: float = FIRST_PAUSE
    start_at: float = 0.0


class Supervisor:
    """The services in the order they were started."""

    def __init__(self, data: Path, say: Callable[[str], None] = lambda line: None) -> None:
        self.data = data
        self.say = say
        self.watched: list[Watched] = []

    def start(self, service: Service, *, stage: int, before: Callable[[], None] | None = None) -> Running:
        """Start and supervise a service. Services of a later stage depend on those of an earlier one and are stopped first."""
        if before is not None:
            before()
        one = Watched(service, stage, before=before)
        self.watched.append(one)
        one.running = launch(service, data=self.data)
        return one.running

    def watch(self, *, parent: int | None = None) -> None:
        """Supervise all services until StopRequested is raised: by a signal, or because `parent` is no longer the parent process."""
        trimmed = time.monotonic()
        with _signal_wakeup() as wait:
            while True:
                self.look()
                if time.monotonic() - trimmed > TRIM_SECONDS:
                    trimmed = time.monotonic()
                    for one in self.watched:
                        trim_log(self.data / "logs" / f"{one.service.name}.log")
                if parent is not None and os.getppid() != parent:
                    raise StopRequested
                wait(LOOK_SECONDS)

    def look(self) -> None:
        """Restart services that ended, each after its pause."""
        now = time.monotonic()
        for one in self.watched:
            if one.running is not None and not one.running.alive:
                self._note_death(one, one.running, now)
            if one.running is None and now >= one.start_at:
                self._start_again(one)

    def _start_again(self, one: Watched) -> None:
        try:
            if one.before is not None:
                one.before()
            one.running = launch(one.service, data=self.data)
        except (StackError, OSError) as error:
            # For example a full disk: the others continue, and this one is retried.
            self.say(f"{one.service.name} cannot be started: {error}")
            self._pause(one)

    def _note_death(self, one: Watched, running: Running, now: float) -> None:
        # Its child processes must not continue beside the restarted service.
        kill_group(running.popen.pid)
        if now - running.started > STEADY_SECONDS:
            one.pause = FIRST_PAUSE
        self.say(
            f"{one.service.name} ended ({_how(running.popen.returncode)}); starting it again in {one.pause:.1f} s, see {running.log_file}"
        )
        one.running = None
        self._pause(one)

    def _pause(self, one: Watched) -> None:
        one.start_at = time.monotonic() + one.pause
        one.pause = min(one.pause * 2, MAX_PAUSE)

    def raise_if_any_ended(self) -> None:
        """Raise StackError with the end of its log when a service ended during the start."""
        for one in self.watched:
            if one.running is not None and not one.running.alive:
                raise StackError(f"{one.service.name} did not start. The end of {one.running.log_file}:\n{one.running.log_tail()}")

    def stop(self) -> None:
        """Stop all services, the latest stage first; those of a stage in parallel, each with its own timeout."""
        for stage in sorted({one.stage for one in self.watched}, reverse=True):
            running = [one.running for one in self.watched if one.stage == stage and one.running is not None]
            for each in running:
                each.ask_to_stop()
            for each in running:
                each.wait(each.service.stop_seconds)
                kill_group(each.popen.pid)
        self.watched.clear()


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"


def stop_on_signals() -> None:
    """Install handlers: the first Ctrl-C or SIGTERM raises StopRequested in the main thread."""

    def ask(number: int, frame: FrameType | None) -> None:
        ignore_signals()
        raise StopRequested

    for each in STOP_SIGNALS:
        # `nohup` ignores SIGHUP, which is respected; Ctrl-C and SIGTERM are handled even when a shell started this process in the background.
        if each is not signal.SIGHUP or signal.getsignal(each) is not signal.SIG_IGN:
            signal.signal(each, ask)


def ignore_signals() -> None:
    """Ignore signals from now on, so that nothing interrupts the stop."""
    for each in STOP_SIGNALS:
        signal.signal(each, signal.SIG_IGN)


class _signal_wakeup:  # noqa: N801 -- used as a function
    """Waiting that ends as soon as a child process dies: SIGCHLD writes into a pipe."""

    def __enter__(self) -> Callable[[float], None]:
        self.read, self.write = os.pipe()
        os.set_blocking(self.read, False)
        os.set_blocking(self.write, False)
        self.before = signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.write, warn_on_full_buffer=False)
        return self.wait

    def wait(self, seconds: float) -> None:
        if select.select([self.read], [], [], seconds)[0]:
            os.read(self.read, 512)

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, self.before)
        os.close(self.read)
        os.close(self.write)
