"""The thread of a worker that is never at a long job."""

import logging
import threading

import pytest
from django.conf import settings
from redis import Redis

from exchange.core.jobs import drainer, outbox, wake
from exchange.core.jobs.drainer import Drainer

pytestmark = pytest.mark.django_db(transaction=True)  # a look begins with closing what is no good


def test_what_is_due_is_carried_out_at_a_look(monkeypatch):
    heard = []
    monkeypatch.setitem(outbox._handlers, "test", lambda **payload: heard.append(payload))
    outbox.emit("test", bulk=True, n=1)
    outbox.emit("test", n=2)

    Drainer().look()

    assert heard == [{"n": 2}]


def test_an_outage_is_noted_once_and_outlived(monkeypatch, caplog):
    answers = iter([OSError("away"), OSError("still away"), 0, OSError("away again")])

    def drain(**how):
        if isinstance(answer := next(answers), OSError):
            raise answer

    monkeypatch.setattr(drainer, "drain", drain)
    looking = Drainer()
    with caplog.at_level(logging.WARNING):
        for _ in range(4):
            looking.look()

    assert [str(record.exc_info[1]) for record in caplog.records] == ["away", "away again"]


def test_it_begins_and_ends_with_the_worker(monkeypatch):
    looked, had = threading.Event(), threading.active_count()
    monkeypatch.setattr(drainer, "drain", lambda **how: looked.set())
    monkeypatch.setattr(drainer.sys, "setswitchinterval", lambda seconds: None)

    drainer.start_drainer()
    assert looked.wait(10)
    drainer.stop_drainer()

    assert threading.active_count() == had


def test_jobs_stand_in_the_queue_behind_what_wakes_the_worker():
    with Redis.from_url(settings.REDIS_URL) as redis:
        prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
        places = {"": "exchange.core.jobs.tasks.drain_outbox", "\x06\x163": "test.watched", "\x06\x169": "test.nobody-waits"}
        before = {place: redis.llen(f"{prefix}celery{place}") for place in places}

        wake.start_job("test.nobody-waits", 1, priority=wake.LATER)
        wake.start_job("test.watched", 2)
        wake.wake_worker()

        for place, task in places.items():
            assert redis.llen(f"{prefix}celery{place}") == before[place] + 1
            assert task.encode() in redis.lpop(f"{prefix}celery{place}")


def test_a_broker_that_was_away_is_not_waited_for_again(monkeypatch):
    """A frozen one costs seconds each time: the thread that keeps the index true must not spend them on every event."""
    asked = []

    def away(name, **options):
        asked.append(name)
        raise wake.OperationalError("frozen")

    monkeypatch.setattr(wake, "_silent_until", 0.0)
    monkeypatch.setattr(wake.current_app, "send_task", away)
    for job in ("one", "two"):
        with pytest.raises(wake.OperationalError):
            wake.start_job(job)
    wake.wake_worker()

    assert asked == ["one"]
