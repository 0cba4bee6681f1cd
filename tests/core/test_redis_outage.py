"""Redis that does not answer is asked once in a while, by one thread of a process."""

import pytest

from exchange.core import redis_outage
from exchange.core.redis_outage import PAUSE_SECONDS, RedisOutage


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test moves: `clock[0] += 5`."""
    now = [100.0]
    monkeypatch.setattr(redis_outage.time, "monotonic", lambda: now[0])
    return now


def test_after_a_failure_nobody_asks_until_the_pause_is_over(clock):
    outage = RedisOutage()
    assert [outage.may_ask(), outage.may_ask()] == [True, True]

    outage.failed()
    assert not outage.may_ask()
    clock[0] += PAUSE_SECONDS - 0.01
    assert not outage.may_ask()
    clock[0] += 0.02

    assert [outage.may_ask() for _ in range(3)] == [True, False, False]


def test_the_answer_ends_the_pause_for_all(clock):
    outage = RedisOutage()
    outage.failed()
    clock[0] += PAUSE_SECONDS + 0.01
    assert [outage.may_ask(), outage.may_ask()] == [True, False]

    outage.answered()

    assert [outage.may_ask(), outage.may_ask()] == [True, True]


def test_another_failure_begins_another_pause(clock):
    outage = RedisOutage()
    outage.failed()
    clock[0] += PAUSE_SECONDS + 0.01
    assert outage.may_ask()

    outage.failed()
    clock[0] += PAUSE_SECONDS - 0.01

    assert not outage.may_ask()
