"""HTTP in WSGI threads: bodies and answers whole or in pieces."""

import asyncio
import threading

import pytest

from exchange import wsgi_threads
from exchange.core.body_limits import TOO_LARGE
from exchange.wsgi_threads import IN_MEMORY, WSGIThreads

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


LIMIT = 5 * IN_MEMORY


def server(application):
    return WSGIThreads(application, workers=1, body_limit=lambda path: LIMIT if path == "/a" else 3)


async def ask(application, *bodies, scope=SCOPE):
    """The messages that answer a request whose body comes in these parts."""
    waiting = [{"type": "http.request", "body": part, "more_body": n < len(bodies)} for n, part in enumerate(bodies or (b"",), 1)]
    sent = []

    async def receive():
        await asyncio.sleep(0)
        return waiting.pop(0)

    async def send(message):
        sent.append((message, threading.current_thread() is threading.main_thread()))

    await server(application)(scope, receive, send)
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


# ---- limits of bodies ------------------------------------------------------------------------------------------------


def measuring(environ, start):
    body = environ["wsgi.input"].read()
    answer = f"{len(body)} {environ['CONTENT_LENGTH']} {environ.get(TOO_LARGE, '')}".encode()
    start("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]


MEGABYTES = [b"x" * IN_MEMORY] * 6


@pytest.mark.parametrize(
    ("path", "parts", "seen"),
    [
        ("/a", MEGABYTES[:5], f"{LIMIT} {LIMIT} "),
        ("/a", [*MEGABYTES[:5], b"x"], "0 0 1"),
        ("/a", [b"".join(MEGABYTES[:5])], f"{LIMIT} {LIMIT} "),
        ("/a", [b"".join(MEGABYTES)], "0 0 1"),
        ("/b", [b"abc"], "3 3 "),
        ("/b", [b"abcd"], "0 0 1"),
        ("/b", [b"a", b"b", b"c"], "3 3 "),
        ("/b", [b"a", b"b", b"cd"], "0 0 1"),
    ],
)
@pytest.mark.parametrize("says", [True, False])
async def test_a_body_is_read_as_far_as_its_path_allows(path, parts, seen, says):
    """Whether it says its length or comes in chunks."""
    headers = [*SCOPE["headers"], (b"content-length", str(sum(map(len, parts))).encode())] if says else SCOPE["headers"]

    start, body = await ask(measuring, *parts, scope=SCOPE | {"path": path, "headers": headers})

    assert body["body"].decode() == seen
    assert ((b"connection", b"close") in start["headers"]) == seen.endswith("1")


async def test_what_says_that_it_is_too_large_is_not_kept(monkeypatch):
    """Nothing of it goes to memory or to a file; the rest is read for the sake of browsers, up to a limit."""
    kept = []
    monkeypatch.setattr(wsgi_threads.Body, "_keep", lambda self, piece, limit: kept.append(piece))
    monkeypatch.setattr(wsgi_threads, "MAX_DISCARDED", 2 * IN_MEMORY)
    read = []

    async def receive():
        read.append(1)
        return {"type": "http.request", "body": MEGABYTES[0], "more_body": True}

    sent = []

    async def send(message):
        sent.append(message)

    scope = SCOPE | {"headers": [(b"content-length", str(10**12).encode())]}
    await server(measuring)(scope, receive, send)

    assert (kept, len(read), sent[-1]["body"]) == ([], 4, b"0 0 1")


async def test_who_leaves_while_sending_is_not_answered():
    messages = [{"type": "http.request", "body": b"x", "more_body": True}, {"type": "http.disconnect"}]

    async def receive():
        return messages.pop(0)

    async def send(message):
        raise AssertionError(message)

    await server(measuring)(SCOPE, receive, send)


async def test_a_slow_body_holds_no_thread():
    """Both requests share one thread; the first sends its body only after the second was answered."""
    answered, application = asyncio.Event(), server(measuring)

    async def slow():
        await answered.wait()
        return {"type": "http.request", "body": b"slow"}

    async def quick():
        return {"type": "http.request", "body": b""}

    sent = []

    async def send(message):
        sent.append(message.get("body"))
        answered.set()

    async with asyncio.timeout(5):
        await asyncio.gather(application(SCOPE, slow, send), application(SCOPE, quick, send))

    assert [body for body in sent if body is not None] == [b"0 0 ", b"4 4 "]
