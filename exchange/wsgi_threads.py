"""HTTP in WSGI threads with few steps between the event loop and the thread of a request.

`a2wsgi.WSGIMiddleware` makes a page wait for the event loop four times: for its body, the head of its answer, each piece of it, and its
end. Each is a switch of threads in a process where one thread computes at a time. Here the body is awaited before the thread
starts, and an answer of one piece is sent when the thread has ended. A long answer goes piece by piece, as there.

A body is read no further than its path allows, whether it says its length or comes in chunks, and no thread waits for a slow one.
"""

import asyncio
import contextvars
import io
import tempfile
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import IO, Any, cast

from a2wsgi.wsgi import build_environ

from exchange.core.body_limits import TOO_LARGE

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

IN_MEMORY = 1024 * 1024
"""Bytes of a body that are kept in memory; a longer one goes to a temporary file."""
MAX_DISCARDED = 64 * 1024 * 1024
MAX_DISCARDING_SECONDS = 20.0
"""How much of a body that is too large is read to its end: a browser shows the answer only after it has sent everything."""


class WSGIThreads:
    """An ASGI application for HTTP that runs a WSGI application in `workers` permanent threads.

    `body_limit` says how many bytes may be sent to a path. The application is called with `TOO_LARGE` in its environ, and without a body,
    when there are more.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]], *, workers: int, body_limit: Callable[[str], int]) -> None:
        self.application = application
        self.body_limit = body_limit
        self.threads = ThreadPoolExecutor(workers, thread_name_prefix="WSGI")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        body = Body(receive)
        await body.read(scope, self.body_limit)
        if body.disconnected:
            return
        environ = cast("Message", build_environ(cast("Any", scope), cast("Any", body.file)))
        answer = Answer(send, loop)
        environ["CONTENT_LENGTH"] = str(body.size)
        if body.too_large:
            environ[TOO_LARGE] = "1"
            answer.closes = True
        with body.file:
            await loop.run_in_executor(self.threads, partial(contextvars.copy_context().run, self._respond, environ, answer))
        for message in answer.held:
            await send(message)

    def _respond(self, environ: Message, answer: "Answer") -> None:
        pieces = self.application(environ, answer.start)
        try:
            for piece in pieces:
                answer.add(piece)
            answer.finish()
        finally:
            getattr(pieces, "close", lambda: None)()


class Body:
    """The body of one request, as a file of `size` bytes; empty when it is `too_large`."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.file: IO[bytes] = io.BytesIO()
        self.size = 0
        self.too_large = self.disconnected = False

    async def read(self, scope: Message, body_limit: Callable[[str], int]) -> None:
        """Read it whole, or find that it has more bytes than its path allows: by its head before any of it is read, or by counting."""
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self.disconnected = True
        elif not message.get("more_body") and not message.get("body"):
            return
        elif not message.get("more_body") and len(message["body"]) <= IN_MEMORY:
            self._keep(message["body"], body_limit(scope["path"]))
        else:
            await self._read_on(message, body_limit(scope["path"]), _declared_length(scope))

    async def _read_on(self, message: Message, limit: int, declared: int) -> None:
        self.file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 -- closed with the request
        self.too_large = declared > limit
        while True:
            if not self.too_large:
                self._keep(message.get("body", b""), limit)
            if self.too_large or not message.get("more_body"):
                break
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self.disconnected = True
                return self.file.close()
        self.file.seek(0)
        if self.too_large:
            await self._discard(message)
        return None

    def _keep(self, piece: bytes, limit: int) -> None:
        if self.size + len(piece) > limit:
            self.too_large = True
            self.file.close()
            self.file, self.size = io.BytesIO(), 0
        elif isinstance(self.file, io.BytesIO):
            self.file, self.size = io.BytesIO(piece), len(piece)
        else:
            self.file.write(piece)
            self.size += len(piece)

    async def _discard(self, message: Message) -> None:
        """Read the rest, as far as it is worth it, and forget it."""
        discarded = 0
        try:
            async with asyncio.timeout(MAX_DISCARDING_SECONDS):
                while message.get("more_body") and discarded <= MAX_DISCARDED:
                    message = await self._receive()
                    discarded += len(message.get("body", b""))
        except TimeoutError:
            return
        self.disconnected = message["type"] == "http.disconnect"


def _declared_length(scope: Message) -> int:
    """The length that the head of a request says; 0 when it says none. Servers refuse heads with a wrong one."""
    said = dict(scope["headers"]).get(b"content-length", b"")
    return int(said) if said.isdigit() else 0


class Answer:
    """The answer of one request; its methods are called in the thread. `held` is what remains to be sent after it; `closes` ends the connection."""

    def __init__(self, send: Send, loop: asyncio.AbstractEventLoop) -> None:
        self.held: list[Message] = []
        self.closes = False
        self._send, self._loop = send, loop
        self._length = ""

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        """Take the status and headers. The last ones count until the first piece is there, as WSGI wants it."""
        fields = [(name.strip().lower(), value.strip()) for name, value in headers]
        self._length = dict(fields).get("content-length", "")
        encoded = [(name.encode("latin1"), value.encode("latin1")) for name, value in fields]
        if self.closes:
            encoded.append((b"connection", b"close"))
        self.held = [{"type": "http.response.start", "status": int(status.split(" ", 1)[0]), "headers": encoded}]
        return self.add

    def add(self, piece: bytes) -> None:
        """Take a piece of the body: held when it is the whole, otherwise sent at once, which waits until the client can take more."""
        whole = self._length == str(len(piece))
        self.held.append({"type": "http.response.body", "body": piece, "more_body": not whole})
        if not whole:
            self._send_held()

    def finish(self) -> None:
        """Take the end of the body."""
        if not self.held or self.held[-1].get("more_body", True):
            self.held.append({"type": "http.response.body", "body": b"", "more_body": False})

    def _send_held(self) -> None:
        held, self.held = self.held, []
        asyncio.run_coroutine_threadsafe(self._send_all(held), self._loop).result()

    async def _send_all(self, messages: list[Message]) -> None:
        for message in messages:
            await self._send(message)
