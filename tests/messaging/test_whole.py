"""Real processes: uvicorn, a worker with beat, Valkey, and clients with sockets."""

import asyncio
import json
import re
import time

import pytest
import websockets
from asgiref.sync import sync_to_async

from accounts.models import Session
from messaging.domain.threads import remove_participants
from messaging.models import Mail, Message
from tests.factories import UserFactory
from tests.messaging.conftest import make_thread
from tests.messaging.platforms import Visitor, next_event

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]


@pytest.fixture
def worker(platform, transactional_db):
    """Stopped before the tables are emptied: it would be in the middle of something."""
    platform.start_worker()
    yield
    platform.stop_worker()


@pytest.fixture
def two(platform, transactional_db):
    expert, host = UserFactory(language="ru"), UserFactory()
    thread = make_thread(expert, host)
    return thread, Visitor(platform.port, expert), Visitor(platform.port, host), expert, host


def numbers(page):
    return [int(n) for n in re.findall(r'data-number="(\d+)"', page)]


def test_two_people_talk(platform, two):
    thread, mine, theirs, _expert, _host = two
    page = f"/messages/{thread.pk}/"

    async def talk():
        async with mine.socket() as my_tab, theirs.socket() as their_tab:
            for n in range(1, 21):
                status, _body, _seconds = await asyncio.to_thread(mine.ask, "POST", page, {"body": f"message {n}"})
                assert status == 302
                for tab in (my_tab, their_tab):
                    assert await next_event(tab, "thread") == {"kind": "thread", "thread": thread.pk, "head": n}
            status, body, _seconds = await asyncio.to_thread(theirs.ask, "GET", f"{page}after/0/")
            assert numbers(body) == list(range(1, 21))
            await my_tab.send(json.dumps({"kind": "ping"}))
            await next_event(my_tab, "pong")

    asyncio.run(talk())


def test_sockets_close_at_once_when_their_session_ends_in_another_process(platform, two):
    """Logged out through one web process, whichever holds the socket."""
    _thread, mine, *_ = two

    async def closing_code(visitor, act):
        async with visitor.socket() as tab:
            began = time.monotonic()
            await sync_to_async(act)()
            with pytest.raises(websockets.ConnectionClosed) as closed:
                await asyncio.wait_for(tab.recv(), 5)
            return closed.value.rcvd.code, time.monotonic() - began

    code, seconds = asyncio.run(closing_code(mine, lambda: mine.ask("POST", "/accounts/logout/")))
    assert (code, seconds < 2) == (4401, True)
    assert not Session.objects.filter(session_key__in=mine.cookies).exists()
    with pytest.raises(websockets.InvalidStatus):
        asyncio.run(closing_code(mine, lambda: None))


def test_frames_over_64_kilobytes_end_the_connection(platform, two):
    _thread, mine, *_ = two

    async def shout():
        async with mine.socket() as tab:
            await tab.send("x" * (64 * 1024 + 1))
            with pytest.raises(websockets.ConnectionClosed):
                await asyncio.wait_for(tab.recv(), 5)

    asyncio.run(shout())


def test_a_removed_participant_gets_nothing_more(platform, two):
    thread, mine, theirs, _expert, host = two

    async def listen():
        async with theirs.socket() as tab:
            await sync_to_async(remove_participants)(thread, [host.pk])
            await asyncio.to_thread(mine.ask, "POST", f"/messages/{thread.pk}/", {"body": "among ourselves"})
            with pytest.raises(TimeoutError):
                await next_event(tab, "thread", seconds=1.5)

    asyncio.run(listen())
    assert theirs.ask("GET", f"/messages/{thread.pk}/after/0/")[0] == 404


def test_redis_stops_and_starts_while_messages_are_sent(platform, two, worker):
    """Nothing is lost, nobody waits, and live events and e-mails come again by themselves."""
    thread, mine, theirs, _expert, host = two
    page = f"/messages/{thread.pk}/"
    slow = []

    async def post(words):
        status, _body, seconds = await asyncio.to_thread(mine.ask, "POST", page, {"body": words})
        assert status == 302
        slow.append(seconds)

    async def through_the_outage():
        async with theirs.socket() as tab:
            await post("before")
            await next_event(tab, "thread")

            platform.stop_valkey()
            for n in range(10):
                await post(f"during {n}")
            for path in (page, "/messages/", "/notifications/", "/waiting/", "/live/heads/"):
                status, _body, seconds = await asyncio.to_thread(theirs.ask, "GET", path)
                assert (path, status) == (path, 200)
                slow.append(seconds)

            platform.start_valkey()  # not in a thread: a child is told when the thread that made it ends
            for n in range(60):
                await post(f"after {n}")
                try:
                    event = await next_event(tab, "thread", seconds=0.5)
                except TimeoutError:
                    continue
                assert event["head"] >= 11
                break
            else:
                raise AssertionError("live events did not come back\n" + platform.logs())

    asyncio.run(through_the_outage())

    stored = list(Message.objects.order_by("number").values_list("number", "body"))
    assert [number for number, _body in stored] == list(range(1, len(stored) + 1))
    assert [body for _n, body in stored][:11] == ["before", *[f"during {n}" for n in range(10)]]
    assert numbers(theirs.ask("GET", f"{page}after/0/")[1]) == [number for number, _body in stored]
    assert max(slow) < 3, slow

    # The reader was on the page once (the GET above read what was there); what came after reaches them as an e-mail.
    asyncio.run(post("unread at last"))
    platform.until(lambda: Mail.objects.filter(user=host, state=Mail.State.SENT).exists(), 60, "no letter was sent")
    assert host.email in platform.emails()


def test_without_redis_sockets_wait_and_everything_else_goes_on(platform, two, worker):
    """Also with a worker that has to begin without it."""
    thread, mine, _theirs, _expert, host = two
    platform.stop_worker()
    platform.stop_valkey()
    platform.start_worker()

    answers = [mine.ask("POST", f"/messages/{thread.pk}/", {"body": "x"}) for _ in range(3)]
    socket_refused = asyncio.run(_refused(mine))
    platform.until(lambda: Mail.objects.filter(user=host).exists(), 60, "the outbox waited for Redis")
    platform.start_valkey()

    assert [status for status, _body, _seconds in answers] == [302, 302, 302]
    assert max(seconds for _status, _body, seconds in answers) < 3
    assert socket_refused
    platform.until(lambda: Mail.objects.filter(user=host, state=Mail.State.SENT).exists(), 90, "no letter was sent")


async def _refused(visitor):
    """With Redis away the socket does not open; the page tries again and lives from its heartbeat meanwhile."""
    try:
        async with visitor.socket(open_timeout=10) as tab:
            await asyncio.wait_for(tab.recv(), 5)
    except (websockets.InvalidStatus, websockets.ConnectionClosed, websockets.InvalidMessage, TimeoutError):
        return True
    return False
