"""PostgreSQL goes and comes back while people use the site."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client

from accounts.models import User
from exchange.core.postgres import base
from exchange.core.postgres.base import Outage
from tests.factories import UserFactory
from tests.messaging.platforms import Platform, Visitor

pytestmark = [pytest.mark.timeout(240)]
NAME = "platform-that-loses-its-database"
"""How PostgreSQL knows the connections of the platform."""


@pytest.fixture(scope="module")
def platform(tmp_path_factory, django_db_setup):
    """A web process that shows its own pages of errors."""
    running = Platform(tmp_path_factory.mktemp("platform"), MIRAS_TESTING="1", PGAPPNAME=NAME)
    del running.environment["DEBUG"]
    with running:
        yield running


def end_backends():
    """Those of the platform alone: this process has connections in other threads that later tests use."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = %s", [NAME])
        return cursor.fetchone()[0]


def let_in(allowed):
    """A database cannot be closed through a connection to itself."""
    beside = connection.get_connection_params() | {"dbname": "postgres"}
    with psycopg.connect(**beside, autocommit=True) as other:
        other.execute(f'ALTER DATABASE "{connection.settings_dict["NAME"]}" ALLOW_CONNECTIONS {allowed}')


@contextmanager
def away():
    """The server takes no connections to this database and has ended those there were; as while it restarts."""
    let_in(False)
    try:
        end_backends()
        yield
    finally:
        let_in(True)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_connections_that_were_ended_are_replaced(platform):
    """Each thread of the server keeps a connection that has ended meanwhile."""
    visitors = [Visitor(platform.port, UserFactory()) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(3):
            assert [status for status, *_ in pool.map(lambda visitor: visitor.ask("GET", "/settings/"), visitors)] == [200] * 8
            assert end_backends()

        answers = list(pool.map(lambda visitor: visitor.ask("GET", "/settings/"), visitors * 3))

    assert [status for status, *_ in answers] == [200] * 24


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_requests_wait_for_a_server_that_comes_back(platform):
    visitors = [Visitor(platform.port, UserFactory()) for _ in range(8)]
    assert visitors[0].ask("GET", "/settings/")[0] == 200

    with ThreadPoolExecutor(8) as pool:
        with away():
            answers = [pool.submit(visitor.ask, "GET", "/settings/") for visitor in visitors]
            assert not any(answer.done() for answer in answers)
            threading.Event().wait(1.0)  # the length of the outage
        statuses = [answer.result()[0] for answer in answers]

    assert statuses == [200] * 8


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_server_that_stays_away_is_told_of_and_waited_for_once(platform):
    visitor = Visitor(platform.port, UserFactory())
    assert visitor.ask("GET", "/settings/")[0] == 200

    with away():
        first = visitor.ask("GET", "/settings/")
        second = visitor.ask("GET", "/settings/")
        of_api = visitor.ask("GET", "/api/v1/me")
        alive = visitor.ask("GET", "/healthz", Cookie="")

    assert [first[0], second[0], of_api[0], alive[0]] == [503, 503, 503, 200]
    assert "Сайт сейчас недоступен" in first[1]
    assert json.loads(of_api[1])["type"].endswith("#unavailable")
    assert first[2] > base.WAIT_SECONDS > second[2]
    assert visitor.ask("GET", "/settings/")[0] == 200


@pytest.fixture
def failing(monkeypatch):
    """How often connecting fails before it works, and the pauses made meanwhile."""
    pauses, left = [], [0]
    real = base.base.DatabaseWrapper.get_new_connection

    def connect(wrapper, parameters):
        if left[0]:
            left[0] -= 1
            raise wrapper.Database.OperationalError("the database system is starting up")
        return real(wrapper, parameters)

    monkeypatch.setattr(base.base.DatabaseWrapper, "get_new_connection", connect)
    monkeypatch.setattr(base, "outage", Outage())
    monkeypatch.setattr(base.time, "sleep", pauses.append)
    return left, pauses


@pytest.mark.django_db(transaction=True)
def test_connecting_is_tried_again(failing):
    left, pauses = failing
    connection.close()
    left[0] = 3

    assert User.objects.count() == 0
    assert pauses == [base.PAUSE_SECONDS] * 3


@pytest.mark.django_db(transaction=True)
def test_after_the_wait_each_request_tries_once(failing, monkeypatch):
    left, pauses = failing
    monkeypatch.setattr(base, "WAIT_SECONDS", -1.0)
    connection.close()
    left[0] = 2

    for _ in range(2):
        with pytest.raises(OperationalError):
            User.objects.count()
    assert (User.objects.count(), pauses) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_a_connection_lost_within_a_request_is_503_and_other_errors_are_500():
    client = Client(raise_request_exception=False)
    client.force_login(UserFactory())

    def lose(run, sql, params, many, context):
        context["connection"].connection.close()
        return run(sql, params, many, context)

    with connection.execute_wrapper(lose):
        lost = client.get("/settings/")
    assert (lost.status_code, lost.headers["Retry-After"], lost.headers["Cache-Control"]) == (503, "5", "no-store")
    connection.close()

    def time_out(run, sql, params, many, context):
        raise OperationalError("canceling statement due to statement timeout")

    with connection.execute_wrapper(time_out):
        assert client.get("/settings/").status_code == 500
