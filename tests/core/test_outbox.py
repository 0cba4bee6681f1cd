"""Effects that must happen."""

import pytest
from django.db import transaction
from django.utils import timezone

from exchange.core import outbox
from exchange.core.models import OutboxEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(monkeypatch):
    """What a handler of the kind "test" was called with."""
    calls = []
    monkeypatch.setitem(outbox._handlers, "test", lambda **payload: calls.append(payload))
    return calls


def test_drain_carries_out_each_event_once(heard):
    outbox.enqueue("test", n=1)
    outbox.enqueue("test", n=2)

    assert outbox.process_outbox() == 2
    assert outbox.process_outbox() == 0
    assert heard == [{"n": 1}, {"n": 2}]


def test_emit_with_a_known_key_is_a_no_op(heard):
    outbox.enqueue("test", key="once", n=1)
    outbox.enqueue("test", key="once", n=2)

    outbox.process_outbox()

    assert heard == [{"n": 1}]


def test_emit_is_undone_with_its_transaction(heard):
    with transaction.atomic():
        outbox.enqueue("test", n=1)
        transaction.set_rollback(True)

    outbox.process_outbox()

    assert heard == []


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


def test_bulk_waits_while_anything_else_is_due(heard):
    outbox.enqueue_many("test", [{"n": 1}, {"n": 2}], bulk=True)
    outbox.enqueue("test", bulk=True, n=3)
    outbox.enqueue("test", n=4)

    outbox.process_outbox()

    assert [call["n"] for call in heard] == [4, 1, 2, 3]


def test_drain_without_bulk_leaves_it_to_others(heard):
    outbox.enqueue("test", bulk=True, n=1)
    outbox.enqueue("test", n=2)

    assert outbox.process_outbox(bulk=False) == 1

    assert heard == [{"n": 2}]
