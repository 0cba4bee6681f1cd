"""A web process and a worker of their own on the database of the test run, with a Valkey that a test may stop and start."""

import asyncio
import http.client
import json
import os
import sys
import time
from urllib.parse import quote, urlencode

import websockets
from django.conf import settings
from django.db import connection
from django.test import Client

from exchange.stack.demo import open_port, page_status
from exchange.stack.processes import Service, kill_orphans, launch
from exchange.stack.supervisor import Supervisor
from exchange.stack.valkey import Valkey

CSRF = "a" * 32


class Platform:
    def __init__(self, data, **environment):
        self.data = data
        self.valkey = Valkey(data, durable=True)
        self.valkey_running = None
        self.listening = open_port(0)
        self.port = self.listening.getsockname()[1]
        database = connection.settings_dict
        place = quote(str(database["HOST"]), safe="")
        self.environment = {
            "DATABASE_URL": f"postgresql://{database['USER']}@{place}/{database['NAME']}",
            "REDIS_URL": f"unix://{self.valkey.socket}",
            "DATA_DIR": str(data),
            "SECRET_KEY": settings.SECRET_KEY,
            "DEBUG": "1",
            "MIRAS_TESTING": "0",
            "DJANGO_SETTINGS_MODULE": "exchange.settings",
            "EMAIL_URL": f"file://{data / 'mail'}",
            "PORT": str(self.port),
            "CELERY_SKIP_CHECKS": "1",
            **environment,
        }
        self.supervisor = Supervisor(data)

    def __enter__(self):
        self.start_valkey()
        web = [sys.executable, "-m", "exchange.stack.web", "--fd", str(self.listening.fileno())]
        here = {name: value for name, value in os.environ.items() if not name.startswith("REDIS_PREFIX")}
        here |= self.environment
        fds = [self.listening.fileno()]
        self.supervisor.start(Service("web", web, environment=here, pass_fds=fds), stage=1)
        worker = [sys.executable, "-m", "exchange.stack.worker", "--schedule", str(self.data / "beat")]
        self.worker = Service("worker", worker, environment=here)
        self.working = None
        self.until(lambda: page_status(self.port) == 200, 60, "no page")
        return self

    def __exit__(self, *error):
        self.stop_worker()
        self.supervisor.stop()
        self.stop_valkey()
        self.listening.close()
        kill_orphans(self.data)

    def start_worker(self):
        self.working = launch(self.worker, data=self.data)

    def stop_worker(self):
        if self.working is not None:
            self.working.stop()
            self.working = None

    def start_valkey(self):
        self.valkey.prepare()
        self.valkey_running = launch(self.valkey.service(), data=self.data)
        self.valkey.wait_ready(self.valkey_running)

    def stop_valkey(self):
        if self.valkey_running is not None:
            self.valkey_running.stop()
            self.valkey_running = None

    def until(self, condition, seconds, otherwise):
        """Wait as the demo stack does: whoever died meanwhile is started again."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.supervisor.look()
            if self.working is not None and not self.working.alive:
                self.start_worker()
            found = condition()
            if found:
                return found
            time.sleep(0.1)
        raise AssertionError(f"{otherwise}\n{self.logs()}")

    def logs(self):
        return "\n".join(f"--- {file.name}\n{file.read_text(errors='replace')[-6000:]}" for file in self.data.glob("logs/*.log"))

    def emails(self):
        return "".join(file.read_text(errors="replace") for file in (self.data / "mail").glob("*.log"))


class Visitor:
    """Somebody with a browser's cookies and no browser."""

    def __init__(self, port, user):
        self.port = port
        client = Client()
        client.force_login(user)
        self.cookies = f"csrftoken={CSRF}; " + "; ".join(f"{k}={m.value}" for k, m in client.cookies.items())

    def ask(self, method, path, form=None, **headers):
        """Status, body and seconds."""
        began = time.monotonic()
        http_connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Cookie": self.cookies, "X-CSRFToken": CSRF} | headers
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            http_connection.request(method, path, body, headers)
            response = http_connection.getresponse()
            return response.status, response.read().decode(), time.monotonic() - began
        finally:
            http_connection.close()

    def socket(self, **options):
        origin = f"http://127.0.0.1:{self.port}"
        return websockets.connect(
            f"ws://127.0.0.1:{self.port}/ws/", origin=origin, additional_headers={"Cookie": self.cookies}, **options
        )


async def next_event(socket, kind, seconds=5):
    """The next live event of this kind; others are passed over."""
    async with asyncio.timeout(seconds):
        while True:
            event = json.loads(await socket.recv())
            if event["kind"] == kind:
                return event
