"""A Redis that takes connections and never answers: limits hold, and nobody waits for it."""

import os
import signal
from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory
from tests.messaging.platforms import Visitor
from tests.sign_in import log_in_at

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]

LIMIT = 5
"""Wrong passwords for one account in five minutes, allauth's default."""
REDIS_SECONDS = 1.0


@pytest.fixture
def _counted_anew():
    cache.clear()
    yield
    cache.clear()


@contextmanager
def frozen(valkey):
    os.kill(valkey.popen.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(valkey.popen.pid, signal.SIGCONT)


@pytest.mark.usefixtures("_counted_anew")
def test_ten_wrong_log_ins_while_redis_is_frozen(platform, settings):
    """The limit counts over processes: some of the attempts come through the process of this test."""
    settings.ACCOUNT_RATE_LIMITS = {}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    victim, another = UserFactory(), UserFactory()
    hashing = max(log_in_at(platform.port, another.email, "wrong-password-here")[2] for _ in range(2))
    elsewhere = Client()

    with frozen(platform.valkey_running):
        answers = [log_in_at(platform.port, victim.email, "wrong-password-here") for _ in range(3)]
        for _ in range(2):
            page = elsewhere.post(reverse("account_login"), {"login": victim.email, "password": "wrong-password-here"})
            assert "Wrong e-mail address or password." in page.content.decode()
        answers += [log_in_at(platform.port, victim.email, "wrong-password-here") for _ in range(5)]

    refused = ["Too many attempts" in text for _status, text, _seconds in answers]
    assert refused == [False] * 3 + [True] * 5
    assert max(seconds for *_, seconds in answers) < hashing + REDIS_SECONDS


def test_pages_do_not_wait_for_a_frozen_redis(platform):
    """The page of tasks reads the cache and the front page writes it; a message wakes the worker."""
    visitor = Visitor(platform.port, UserFactory())
    for path in ("/", "/waiting/", "/notifications/"):
        assert visitor.ask("GET", path)[0] == 200

    with frozen(platform.valkey_running):
        answers = [visitor.ask("GET", path) for path in ("/", "/waiting/", "/notifications/", "/")]

    assert [status for status, *_ in answers] == [200] * 4
    assert all(seconds < 2 * REDIS_SECONDS for *_, seconds in answers)
    assert sum(seconds for *_, seconds in answers) < 3 * REDIS_SECONDS
