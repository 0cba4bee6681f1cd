"""From the press of a button to the words on the other screen, beside the bare path: one view, one INSERT, one group_send.

Ours is the whole way of a page: the post behind its login, the live event on the other person's socket, and the fragment that their page
then fetches through a permission-checked view. The bare path carries the words in the socket itself and asks nobody who they are.
"""

import asyncio
import statistics
import time
import uuid
from contextlib import suppress
from urllib.parse import urlencode

import websockets

from bench.rig import HOST, login, manage, served, stack, table

DEMAND = 4.0
ROUNDS = 8
EACH = 100
WARM = 60
CSRF = "b" * 32


class Connection:
    """One kept HTTP connection, as thin as it can be: the client must not be what is measured."""

    def __init__(self, port, cookie=""):
        self.port = port
        self.head = f"Host: {HOST}:{port}\r\nCookie: csrftoken={CSRF}; {cookie}\r\nX-CSRFToken: {CSRF}\r\nHX-Request: true\r\n"

    async def open(self):
        self.reader, self.writer = await asyncio.open_connection(HOST, self.port)
        return self

    async def ask(self, method, path, form=None):
        body = urlencode(form or {}).encode()
        kind = "Content-Type: application/x-www-form-urlencoded\r\n" if form else ""
        self.writer.write(f"{method} {path} HTTP/1.1\r\n{self.head}{kind}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        head = await self.reader.readuntil(b"\r\n\r\n")
        headers = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
        if b"content-length" in headers:
            answer = await self.reader.readexactly(int(headers[b"content-length"]))
        else:
            answer = await self._chunks()
        assert head.split(b" ")[1] == b"200", head + answer[:500]
        return answer

    async def _chunks(self):
        answer = b""
        while size := int(await self.reader.readline(), 16):
            answer += await self.reader.readexactly(size)
            await self.reader.readexactly(2)
        await self.reader.readexactly(2)
        return answer


class Bare:
    def __init__(self, port):
        self.port = port

    async def open(self):
        self.socket = await websockets.connect(f"ws://{HOST}:{self.port}/ws/")

    async def fresh(self):
        self.sender = await Connection(self.port).open()

    async def once(self):
        words = uuid.uuid4().hex
        began = time.perf_counter()
        post = asyncio.ensure_future(self.sender.ask("POST", "/post/", {"body": words}))
        assert words in await self.socket.recv()
        took = time.perf_counter() - began
        await post
        return took


class Ours:
    def __init__(self, port, thread, sender, receiver):
        self.port, self.thread = port, thread
        self.page = f"/messages/{thread}/"
        self.cookies = sender, receiver
        self.head = 0

    async def open(self):
        origin = f"http://{HOST}:{self.port}"
        headers = {"Cookie": self.cookies[1]}
        self.socket = await websockets.connect(f"ws://{HOST}:{self.port}/ws/", origin=origin, additional_headers=headers)

    async def fresh(self):
        self.sender = await Connection(self.port, self.cookies[0]).open()
        self.receiver = await Connection(self.port, self.cookies[1]).open()

    async def once(self):
        words = uuid.uuid4().hex
        form = {"body": words, "client_id": str(uuid.uuid4()), "after": str(self.head)}
        began = time.perf_counter()
        post = asyncio.ensure_future(self.sender.ask("POST", self.page, form))
        while '"thread"' not in await self.socket.recv():
            pass
        fragment = await self.receiver.ask("GET", f"{self.page}after/{self.head}/")
        took = time.perf_counter() - began
        assert words.encode() in fragment
        self.head += 1
        await post
        return took


def run() -> bool:
    with stack():
        manage("import_reference")
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bench_message (id bigserial PRIMARY KEY, body text NOT NULL)")
        thread, sender, receiver = _two_people()
        with served("exchange.asgi:application") as port, served("bench.bare_messages:application") as bare_port:
            ours, bare = asyncio.run(_measure(Ours(port, thread, sender, receiver), Bare(bare_port)))
    return table("A message on the other screen", [_row("p50", 50, ours, bare), _row("p99", 99, ours, bare)])


def _two_people():
    from exchange.core.translated import Translated
    from messaging.domain.threads import add_participants, open_thread
    from profiles.models import User

    people = [User.objects.create_user(f"{name}@demo.miras.example", language="ru") for name in ("sender", "receiver")]
    thread = open_thread(title=Translated(en="Bench"))
    add_participants(thread, [person.pk for person in people], capacity="expert")
    return thread.pk, *[login(person) for person in people]


async def _measure(ours, bare):
    """Turn about, so that whatever else the machine does falls on both."""
    await ours.open()
    await bare.open()
    took = {ours: [], bare: []}
    for each in (WARM, *[EACH] * ROUNDS):
        for path in (bare, ours):
            await path.fresh()  # the server ends kept connections that rest, and one of the two always does
            took[path].append([await path.once() for _ in range(each)])
    for path in (bare, ours):
        with suppress(websockets.WebSocketException):
            await path.socket.close()
    return [[seconds for each in took[path][1:] for seconds in each] for path in (ours, bare)]


def _row(name, percent, ours, bare):
    mine, other = (statistics.quantiles(values, n=100)[percent - 1] * 1000 for values in (ours, bare))
    ratio = mine / other
    return (f"{name} of {len(ours)}", f"{mine:.1f} ms", f"{other:.1f} ms bare path", f"{ratio:.2f} (<= {DEMAND})", ratio <= DEMAND)


if __name__ == "__main__":
    raise SystemExit(not run())
