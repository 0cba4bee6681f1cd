"""HTTP in WSGI threads with few steps between the event loop and the thread of a request.

`a2wsgi.WSGIMiddleware` makes a page wait for the event loop four times: for its body, the head of its answer, each piece of it, and its
end. Each is a switch of threads in a process where one thread computes at a time. Here the body is awaited before the thread
starts, and an answer of one piece is sent when the thread has ended. A long body or answer goes piece by piece, as there.
"""

import asyncio
import contextvars
import io
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, cast

from a2wsgi.wsgi import Body, build_environ

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class WSGIThreads:
    """An ASGI application for HTTP that runs a WSGI application in `workers` permanent threads."""

    def __init__(self, application: Callable[..., Iterable[bytes]], *, workers: int) -> None:
        self.application = application
        self.threads = ThreadPoolExecutor(workers, thread_name_prefix="WSGI")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        environ = build_environ(cast("Any", scope), await _body(receive, loop))
        answer = Answer(send, loop)
        respond = partial(contextvars.copy_context().run, self._respond, cast("Message", environ), answer)
        await loop.run_in_executor(self.threads, respond)
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


class Answer:
    """The answer of one request; its methods are called in the thread. `held` is what remains to be sent after it."""

    def __init__(self, send: Send, loop: asyncio.AbstractEventLoop) -> None:
        self.held: list[Message] = []
        self._send, self._loop = send, loop
        self._length = ""

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        """Take the status and headers. The last ones count until the first piece is there, as WSGI wants it."""
        fields = [(name.strip().lower(), value.strip()) for name, value in headers]
        self._length = dict(fields).get("content-length", "")
        encoded = [(name.encode("latin1"), value.encode("latin1")) for name, value in fields]
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


async def _body(receive: Receive, loop: asyncio.AbstractEventLoop) -> Any:
    """The body of a request as a file: what has come with its head, or a file that waits for the rest."""
    first = await receive()
    if not first.get("more_body"):
        return io.BytesIO(first.get("body", b""))
    earlier = [first]

    async def again() -> Message:
        return earlier.pop() if earlier else await receive()

    return Body(loop, cast("Any", again))
