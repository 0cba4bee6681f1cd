"""The two health checks for a load balancer."""

import pytest
import redis
from django.conf import settings
from django.db import connection

from exchange.health import checks, heartbeat
from exchange.health.periodic import record_heartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_sign_of_life():
    heartbeat.client().delete(heartbeat.key())
    yield
    heartbeat.client.cache_clear()


def test_healthz_answers_without_login_and_without_a_query(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


def test_readyz_is_ready_when_every_part_answers(client):
    record_heartbeat()

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"ready": True, "parts": {"database": "ok", "migrations": "ok", "redis": "ok", "worker": "ok"}}


def test_readyz_names_the_worker_that_is_silent(client):
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"ready": False, "parts": {"database": "ok", "migrations": "ok", "redis": "ok", "worker": "failing"}}


def test_readyz_names_redis_that_is_away_and_keeps_its_address_to_itself(client, settings):
    settings.REDIS_URL = "redis://:secret@127.0.0.1:1/0"
    heartbeat.client.cache_clear()

    response = client.get("/readyz")

    assert response.json()["parts"] == {"database": "ok", "migrations": "ok", "redis": "failing", "worker": "failing"}
    assert b"secret" not in response.content


def test_readyz_names_the_database_that_is_away(client, monkeypatch):
    record_heartbeat()
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["parts"] == {"database": "failing", "migrations": "failing", "redis": "ok", "worker": "ok"}


def test_readyz_names_migrations_that_are_missing(client, monkeypatch):
    record_heartbeat()
    monkeypatch.setattr(checks, "newest_migrations", lambda: frozenset({("core", "9999_missing")}))

    response = client.get("/readyz")

    assert response.json()["parts"] == {"database": "ok", "migrations": "failing", "redis": "ok", "worker": "ok"}


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_health_refuses_to_be_written_to(client, address):
    assert client.post(address).status_code == 405


def test_sign_of_life_ends_by_itself():
    record_heartbeat()

    left = redis.Redis.from_url(settings.REDIS_URL).ttl(heartbeat.key())

    assert 0 < left <= heartbeat.LIFETIME_SECONDS


def test_beat_renews_the_sign_of_life_before_it_ends():
    entry = settings.CELERY_BEAT_SCHEDULE["record-heartbeat"]

    assert entry["task"] == record_heartbeat.name
    assert entry["schedule"] * 3 < heartbeat.LIFETIME_SECONDS
