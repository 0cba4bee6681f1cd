"""A whole demo stack as a person starts it: another process, a folder and a port of its own."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time

from devstack.processes import kill_group, start_time
from exchange.addresses import PROJECT_DIR, postgres_socket_dir

NOT_INHERITED = (
    "MAKELEVEL",
    "DJANGO_SETTINGS_MODULE",
    "MIRAS_TEST_RUN",
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "DEBUG",
    "MIRAS_TESTING",
    "MIRAS_DEMO",
    "REDIS_PREFIX",
    "PYTEST_XDIST_WORKER",
)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Stack:
    """`python -m devstack demo` with what is needed to look at it from outside."""

    def __init__(self, data, port=None, **environment):
        self.data = data
        self.port = port or free_port()
        inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        # Every process costs seconds to start, and one shows as much as two.
        alone = {"WEB_PROCESSES": "1"}
        self.environment = {**inherited, **alone, "DATA_DIR": str(data), "PORT": str(self.port), **environment}
        self.output = data.parent / f"{data.name}.out"
        self.popen = None

    def start(self, *, through_a_parent=False, **popen_options):
        command = [sys.executable, "-m", "devstack", "demo"]
        environment = self.environment
        if through_a_parent:
            # What make does: a process in between, and the variable by which its children know it.
            command = [sys.executable, "-c", f"import subprocess; subprocess.run({command!r})"]
            environment = {**environment, "MAKELEVEL": "1"}
        with self.output.open("ab") as output:
            self.popen = subprocess.Popen(
                command,
                cwd=PROJECT_DIR,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                **popen_options,
            )
        return self

    def said(self):
        return self.output.read_text(errors="replace")

    def get(self, path):
        """Status and body, or (0, "") while nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=3)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except OSError:
            return 0, ""
        finally:
            connection.close()

    def parts(self):
        status, body = self.get("/readyz")
        return json.loads(body)["parts"] if status in {200, 503} else {}

    def wait_ready(self, seconds=400):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert self.popen.poll() is None, self.said()
            if self.get("/readyz")[0] == 200:
                return self
            time.sleep(0.1)
        raise AssertionError(f"not ready: {self.parts()}\n{self.said()}")

    def processes(self):
        """Process ids by service name, from the pid files."""
        return {file.stem: int(file.read_text().split()[0]) for file in (self.data / "pids").glob("*.pid")}

    def alive(self):
        return {name: pid for name, pid in self.processes().items() if start_time(pid)}

    def kill(self, name):
        """Kill one service and wait until another process has its place."""
        before = self.processes()[name]
        os.kill(before, signal.SIGKILL)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            now = self.alive().get(name)
            if now not in {None, before}:
                return
            time.sleep(0.05)
        raise AssertionError(f"{name} was not started again\n{self.said()}")

    def stop(self, number=signal.SIGINT):
        """Stop it as a person would; returns the exit code."""
        if self.popen.poll() is None:
            self.popen.send_signal(number)
        return self.popen.wait(timeout=120)

    def destroy(self):
        """Leave nothing running, whatever happened."""
        if self.popen and self.popen.poll() is None:
            self.popen.kill()
            self.popen.wait()
        for pid in self.alive().values():
            kill_group(pid)

    def database(self):
        """The address of its database, for a connection of the test's own."""
        return {"host": str(postgres_socket_dir(self.data)), "user": "miras", "dbname": "miras", "autocommit": True}
