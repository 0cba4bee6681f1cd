"""The socket through the whole ASGI application: who may connect, what arrives, when it closes."""

import asyncio
import json
import time

import pytest
import redis
from asgiref.sync import sync_to_async
from django.test import Client

from accounts.signals import access_changed
from exchange.core.live_events import push_event
from exchange.core.redis_outage import RedisOutage, redis_client
from exchange.origins import allowed_origins
from messaging import consumers
from messaging.domain import open_sockets
from messaging.domain.threads import post_message, remove_participants
from tests.factories import UserFactory
from tests.messaging.conftest import make_thread
from tests.sockets import Socket

pytestmark = pytest.mark.django_db(transaction=True)


def visitor(user):
    client = Client()
    client.force_login(user)
    return client


@sync_to_async
def people():
    expert, host = UserFactory(), UserFactory()
    thread = make_thread(expert, host)
    return expert, host, thread, visitor(expert), visitor(host)


async def opened(client):
    socket = Socket(client)
    assert await socket.opened()
    return socket


async def test_a_message_sends_live_events_with_ids_only_to_both_sides():
    expert, _host, thread, *clients = await people()
    sockets = [await opened(client) for client in clients]

    await sync_to_async(post_message)(thread, by=expert, body="words stay at home")

    for socket in sockets:
        assert await socket.hear() == {"kind": "thread", "thread": thread.pk, "head": 1}
        await socket.leave()


async def test_messages_arrive_in_the_order_they_are_stored():
    expert, _host, thread, _mine, theirs = await people()
    socket = await opened(theirs)

    for _ in range(30):
        await sync_to_async(post_message)(thread, by=expert, body="x")

    assert [(await socket.hear())["head"] for _ in range(30)] == list(range(1, 31))
    await socket.leave()


async def test_outsiders_receive_nothing():
    expert, _host, thread, _mine, _theirs = await people()
    outsider = await sync_to_async(lambda: visitor(UserFactory()))()
    socket = await opened(outsider)

    await sync_to_async(post_message)(thread, by=expert, body="x")

    assert await socket.silent()
    await socket.leave()


async def test_removed_participants_receive_nothing_more():
    expert, host, thread, _mine, theirs = await people()
    socket = await opened(theirs)
    await sync_to_async(remove_participants)(thread, [host.pk])
    assert await socket.hear() == {"kind": "threads"}

    await sync_to_async(post_message)(thread, by=expert, body="x")

    assert await socket.silent()
    await socket.leave()


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://127.0.0.1:8001",
        "http://127.0.0.1",
        "https://127.0.0.1:443",
        "http://127.0.0.1:8000.evil.example",
        "http://user@evil.example:8000",
        "http://127.0.0.1:99999999",
        "http://127.0.0.1:port",
        "http://[",
        "127.0.0.1:8000",
        "null",
        "",
        None,
    ],
)
async def test_other_sites_are_kept_out(origin):
    *_, mine, _theirs = await people()

    assert not await Socket(mine, origin=origin).opened()


async def test_trusted_origins_are_let_in(settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://desk.example"]
    *_, mine, _theirs = await people()

    socket = Socket(mine, origin="https://desk.example")
    assert await socket.opened()
    await socket.leave()
    assert not await Socket(mine, origin="http://desk.example").opened()


def test_origins_of_a_host(settings):
    settings.ALLOWED_HOSTS = ["miras.example"]
    assert allowed_origins("Miras.example:8443") == ["http://miras.example:8443", "https://miras.example:8443"]
    settings.HTTPS = True
    assert allowed_origins("miras.example") == ["https://miras.example"]
    assert allowed_origins("evil.example") == allowed_origins("") == []


@pytest.mark.parametrize("path", ["/ws/other", "/ws", "/", "/messages/1/"])
async def test_a_socket_of_another_address_is_closed(path):
    *_, mine, _theirs = await people()
    socket = Socket(mine, path=path)

    await socket.send_input({"type": "websocket.connect"})

    assert await socket.closing_code() == 4404
    await socket.wait(timeout=2)


async def test_a_person_has_at_most_twenty_sockets(monkeypatch):
    expert, _host, _thread, mine, theirs = await people()
    sockets = [await opened(mine) for _ in range(open_sockets.MAX_SOCKETS)]

    refused = Socket(mine)
    await refused.send_input({"type": "websocket.connect"})
    assert await refused.closing_code() == 4429
    other = await opened(theirs)
    await sockets.pop().leave()
    sockets.append(await opened(mine))
    assert not await Socket(mine).opened()

    for socket in [*sockets, other]:
        await socket.leave()
    assert expert.pk not in open_sockets._here
    assert not redis_client().exists(open_sockets._key(expert.pk))


def test_sockets_of_other_processes_count(db):
    """Those of a process that died count no longer than they can be renewed."""
    now, key = time.time(), open_sockets._key(7)
    redis_client().zadd(key, {f"theirs-{n}": now for n in range(open_sockets.MAX_SOCKETS - 1)})

    assert open_sockets.enter(7, "mine")
    assert not open_sockets.enter(7, "one more")
    redis_client().zadd(key, {"theirs-0": now - open_sockets.STALE_SECONDS - 1})
    assert open_sockets.enter(7, "one more")

    redis_client().delete(key)
    open_sockets.leave(7, "mine")
    open_sockets.leave(7, "one more")


def test_without_redis_each_process_counts_its_own(monkeypatch):
    def away():
        raise redis.exceptions.TimeoutError

    monkeypatch.setattr(open_sockets, "redis_outage", RedisOutage())
    monkeypatch.setattr(open_sockets, "redis_client", away)

    assert [open_sockets.enter(8, f"{n}") for n in range(open_sockets.MAX_SOCKETS + 1)] == [True] * open_sockets.MAX_SOCKETS + [
        False
    ]
    for n in range(open_sockets.MAX_SOCKETS):
        open_sockets.leave(8, f"{n}")
    assert 8 not in open_sockets._here


async def test_nobody_gets_in_without_a_session():
    assert not await Socket(Client()).opened()


async def test_closed_accounts_do_not_get_in():
    expert, *_, mine, _theirs = await people()
    expert.is_active = False
    await sync_to_async(expert.save)()

    assert not await Socket(mine).opened()


async def test_a_session_that_ends_while_its_socket_opens_does_not_get_in(monkeypatch):
    *_, mine, _theirs = await people()
    real = consumers.still_signed_in

    def ended_meanwhile(session_key, user_id):
        from accounts.models import Session

        Session.objects.filter(session_key=session_key).delete()
        return real(session_key, user_id)

    monkeypatch.setattr(consumers, "still_signed_in", ended_meanwhile)

    assert not await Socket(mine).opened()


async def test_logging_out_closes_the_tabs_of_that_session_alone():
    expert, *_, phone, _theirs = await people()
    laptop = await sync_to_async(visitor)(expert)
    here, there = await opened(phone), await opened(laptop)

    await sync_to_async(phone.logout)()

    assert await here.closing_code() == 4401
    assert await there.silent()
    await there.leave()


async def test_a_new_password_closes_every_tab():
    expert, *_, phone, _theirs = await people()
    laptop = await sync_to_async(visitor)(expert)
    sockets = [await opened(phone), await opened(laptop)]

    expert.set_password("another-long-password-1")
    await sync_to_async(expert.save)()

    assert [await socket.closing_code() for socket in sockets] == [4401, 4401]
    assert not await Socket(phone).opened()


async def test_closing_an_account_closes_its_tabs():
    expert, *_, mine, _theirs = await people()
    socket = await opened(mine)

    expert.is_active = False
    await sync_to_async(expert.save)()

    assert await socket.closing_code() == 4401


async def test_a_change_of_access_closes_the_sockets():
    expert, *_, mine, _theirs = await people()
    socket = await opened(mine)

    await sync_to_async(access_changed.send)(type(expert), user_id=expert.pk)

    assert await socket.closing_code() == 4401


async def test_saving_an_account_otherwise_closes_nothing():
    expert, *_, mine, _theirs = await people()
    socket = await opened(mine)

    expert.language = "kk"
    await sync_to_async(expert.save)()

    assert await socket.silent()
    await socket.leave()


async def test_a_session_that_runs_out_closes_its_tab(monkeypatch):
    *_, mine, _theirs = await people()
    monkeypatch.setattr("django.contrib.sessions.backends.base.SessionBase.get_expiry_age", lambda self, **kwargs: 0.2)

    assert await (await opened(mine)).closing_code() == 4401


async def test_a_ping_is_answered_and_everything_else_is_ignored():
    *_, mine, _theirs = await people()
    socket = await opened(mine)

    for said in ['{"kind": "thread", "thread": 1}', "not json", "[]", "[" * 5000, '"ping"', "{}"]:
        await socket.say(text=said)
    await socket.say(data=b"\x00\x01")
    await socket.say(text=json.dumps({"kind": "ping"}))

    assert await socket.hear() == {"kind": "pong"}
    assert await socket.silent(0.2)
    await socket.leave()


async def test_a_ping_of_a_dead_session_closes_even_if_its_live_event_was_lost(monkeypatch):
    from django.db.models.signals import post_delete

    from accounts.models import Session
    from messaging.receivers import on_session_ended

    *_, mine, _theirs = await people()
    socket = await opened(mine)
    monkeypatch.setattr(consumers, "CHECK_SECONDS", 0)
    post_delete.disconnect(on_session_ended, sender=Session)
    try:
        await sync_to_async(mine.logout)()
    finally:
        post_delete.connect(on_session_ended, sender=Session)

    await socket.say(text=json.dumps({"kind": "ping"}))

    assert await socket.closing_code() == 4401


@pytest.mark.parametrize("text", ["x" * (64 * 1024 + 1), "я" * (32 * 1024 + 1)])
async def test_frames_too_large_are_refused(text):
    *_, mine, _theirs = await people()
    socket = await opened(mine)

    await socket.say(text=text)

    assert await socket.closing_code() == 1009


async def test_those_who_talk_too_much_are_disconnected():
    *_, mine, _theirs = await people()
    socket = await opened(mine)

    for _ in range(consumers.MAX_FRAMES + 1):
        await socket.say(text="x")

    assert await socket.closing_code() == 4429


async def test_all_tabs_of_one_user_receive_events():
    expert, *_, mine, _theirs = await people()
    tabs = [await opened(mine) for _ in range(3)]

    await sync_to_async(push_event)([expert.pk], "notification")

    for tab in tabs:
        assert await tab.hear() == {"kind": "notification"}
    await asyncio.gather(*[tab.leave() for tab in tabs])
