"""The thread of a worker that processes the outbox, so that long jobs do not delay it."""

import logging
import threading

import pytest
from django.conf import settings
from redis import Redis

from exchange.core.jobs import broker, outbox, outbox_thread
from exchange.core.jobs.outbox_thread import OutboxThread
from exchange.core.redis_outage import RedisOutage

pytestmark = pytest.mark.django_db(transaction=True)  # a look begins with closing what is no good


def test_what_is_due_is_carried_out_at_a_look(monkeypatch):
    handled = []
    monkeypatch.setitem(outbox._handlers, "test", lambda **payload: handled.append(payload))
    outbox.enqueue("test", bulk=True, n=1)
    outbox.enqueue("test", n=2)

    OutboxThread().look()

    assert handled == [{"n": 2}]


def test_an_outage_is_noted_once_and_outlived(monkeypatch, caplog):
    answers = iter([OSError("away"), OSError("still away"), 0, OSError("away again")])

    def process_outbox(**how):
        if isinstance(answer := next(answers), OSError):
            raise answer

    monkeypatch.setattr(outbox_thread, "process_outbox", process_outbox)
    looking = OutboxThread()
    with caplog.at_level(logging.WARNING):
        for _ in range(4):
            looking.look()

    assert [str(record.exc_info[1]) for record in caplog.records] == ["away", "away again"]


def test_it_begins_and_ends_with_the_worker(monkeypatch):
    looked, had = threading.Event(), threading.active_count()
    monkeypatch.setattr(outbox_thread, "process_outbox", lambda **how: looked.set())
    monkeypatch.setattr(outbox_thread.sys, "setswitchinterval", lambda seconds: None)

    outbox_thread.start_outbox_thread()
    assert looked.wait(10)
    outbox_thread.stop_outbox_thread()

    assert threading.active_count() == had


def test_jobs_stand_in_the_queue_behind_what_wakes_the_worker():
    with Redis.from_url(settings.REDIS_URL) as redis:
        prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
        places = {"": "exchange.core.jobs.tasks.process_due_events", "\x06\x163": "test.watched", "\x06\x169": "test.nobody-waits"}
        before = {place: redis.llen(f"{prefix}celery{place}") for place in places}

        broker.start_job("test.nobody-waits", 1, priority=broker.LOW_PRIORITY)
        broker.start_job("test.watched", 2)
        broker.notify_worker()

        for place, task in places.items():
            assert redis.llen(f"{prefix}celery{place}") == before[place] + 1
            assert task.encode() in redis.lpop(f"{prefix}celery{place}")


def test_a_broker_that_was_away_is_not_waited_for_again(monkeypatch):
    """A frozen one costs seconds each time: the thread that keeps the index true must not spend them on every event."""
    asked = []

    def away(name, **options):
        asked.append(name)
        raise broker.OperationalError("frozen")

    monkeypatch.setattr(broker, "redis_outage", RedisOutage())
    monkeypatch.setattr(broker.current_app, "send_task", away)
    for job in ("one", "two"):
        with pytest.raises(broker.OperationalError):
            broker.start_job(job)
    broker.notify_worker()

    assert asked == ["one"]
