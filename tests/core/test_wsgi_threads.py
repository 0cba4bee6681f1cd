"""HTTP in WSGI threads: bodies and answers whole or in pieces."""

import asyncio
import threading

import pytest

from exchange.wsgi_threads import WSGIThreads

SCOPE = {
    "type": "http",
    "http_version": "1.1",
    "method": "POST",
    "path": "/a",
    "query_string": b"b=1",
    "headers": [(b"host", b"here")],
}


class Pieces(list):
    closed = False

    def close(self):
        self.closed = True


def server(application):
    return WSGIThreads(application, workers=1)


async def ask(application, *bodies):
    """The messages that answer a request whose body comes in these parts."""
    waiting = [{"type": "http.request", "body": part, "more_body": n < len(bodies)} for n, part in enumerate(bodies or (b"",), 1)]
    sent = []

    async def receive():
        await asyncio.sleep(0)
        return waiting.pop(0)

    async def send(message):
        sent.append((message, threading.current_thread() is threading.main_thread()))

    await server(application)(SCOPE, receive, send)
    assert all(in_loop for _message, in_loop in sent)
    return [message for message, _in_loop in sent]


async def test_an_answer_of_one_piece_is_sent_whole_and_closed():
    pieces = Pieces([b"words"])

    def application(environ, start):
        start("200 OK", [("Content-Length", "5"), ("X-Path", environ["PATH_INFO"] + "?" + environ["QUERY_STRING"])])
        return pieces

    assert await ask(application) == [
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5"), (b"x-path", b"/a?b=1")]},
        {"type": "http.response.body", "body": b"words", "more_body": False},
    ]
    assert pieces.closed


async def test_an_answer_without_a_body_ends():
    def application(environ, start):
        start("204 No Content", [])
        return []

    start, end = await ask(application)

    assert (start["status"], end["body"], end["more_body"]) == (204, b"", False)


async def test_pieces_are_sent_before_the_next_one_is_there():
    """A page that is made while it is sent does not wait for its end."""
    arrived = threading.Event()
    told = []

    def application(environ, start):
        start("200 OK", [])
        yield b"one"
        told.append(arrived.wait(5))
        yield b"two"

    async def receive():
        return {"type": "http.request", "body": b""}

    bodies = []

    async def send(message):
        if message["type"] == "http.response.body":
            bodies.append((message["body"], message["more_body"]))
            arrived.set()

    await server(application)(SCOPE, receive, send)

    assert (bodies, told) == ([(b"one", True), (b"two", True), (b"", False)], [True])


@pytest.mark.parametrize("parts", [(b"abc",), (b"a", b"b", b"c"), (b"", b"abc")])
async def test_a_body_arrives_whole_however_it_came(parts):
    def application(environ, start):
        body = environ["wsgi.input"].read()
        start("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    assert (await ask(application, *parts))[1]["body"] == b"abc"


async def test_the_last_status_before_the_first_piece_counts():
    def application(environ, start):
        start("200 OK", [])
        start("500 Oh", [("Content-Length", "2")], exc_info=(ValueError, ValueError(), None))
        return [b"no"]

    assert [message.get("status") for message in await ask(application)] == [500, None]


async def test_an_error_reaches_the_server_and_closes_the_answer():
    class Failing(Pieces):
        def __iter__(self):
            raise ValueError("broken")

    pieces = Failing()

    def application(environ, start):
        start("200 OK", [])
        return pieces

    with pytest.raises(ValueError, match="broken"):
        await ask(application)
    assert pieces.closed
