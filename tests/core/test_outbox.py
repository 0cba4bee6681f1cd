"""The outbox: events are handled once, and undone with their transaction."""

import pytest
from django.db import transaction
from django.utils import timezone

from exchange.core.jobs import outbox
from exchange.core.models import OutboxEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def handled(monkeypatch):
    """What a handler of the kind "test" was called with."""
    calls = []
    monkeypatch.setitem(outbox._handlers, "test", lambda **payload: calls.append(payload))
    return calls


def test_process_outbox_handles_each_event_once(handled):
    outbox.enqueue("test", n=1)
    outbox.enqueue("test", n=2)

    assert outbox.process_outbox() == 2
    assert outbox.process_outbox() == 0
    assert handled == [{"n": 1}, {"n": 2}]


def test_enqueue_with_a_known_key_does_nothing(handled):
    outbox.enqueue("test", key="once", n=1)
    outbox.enqueue("test", key="once", n=2)

    outbox.process_outbox()

    assert handled == [{"n": 1}]


def test_enqueue_is_rolled_back_with_its_transaction(handled):
    with transaction.atomic():
        outbox.enqueue("test", n=1)
        transaction.set_rollback(True)

    outbox.process_outbox()

    assert handled == []


def test_failing_handler_leaves_no_half_work_and_is_tried_again(monkeypatch):
    def fail(**payload):
        OutboxEvent.objects.create(kind="half-done")
        raise OSError("mail server away")

    monkeypatch.setitem(outbox._handlers, "test", fail)
    outbox.enqueue("test")

    outbox.process_outbox()

    event = OutboxEvent.objects.get()
    assert (event.kind, event.attempts, event.done_at) == ("test", 1, None)
    assert "mail server away" in event.error
    assert event.not_before > timezone.now()


def test_event_of_a_kind_nobody_handles_waits():
    outbox.enqueue("nobody-handles-this")

    assert outbox.process_outbox() == 0
    assert OutboxEvent.objects.get().done_at is None


def test_bulk_waits_while_anything_else_is_due(handled):
    outbox.enqueue_many("test", [{"n": 1}, {"n": 2}], bulk=True)
    outbox.enqueue("test", bulk=True, n=3)
    outbox.enqueue("test", n=4)

    outbox.process_outbox()

    assert [call["n"] for call in handled] == [4, 1, 2, 3]


def test_process_outbox_without_bulk_skips_bulk_events(handled):
    outbox.enqueue("test", bulk=True, n=1)
    outbox.enqueue("test", n=2)

    assert outbox.process_outbox(bulk=False) == 1

    assert handled == [{"n": 2}]
