"""Effects that must survive a crash: written with the change, carried out by workers after it.

`enqueue` inside the transaction; `@outbox_handler(kind)` registers what carries it out. A handler runs in one transaction with the mark
that it is done, so what it writes to the database happens exactly once; it may be retried, so what it does outside must bear that.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from exchange.core.broker import notify_worker
from exchange.core.models import OutboxEvent

logger = logging.getLogger(__name__)

Handler = Callable[..., None]
_handlers: dict[str, Handler] = {}
MAX_PAUSE = timedelta(minutes=10)


def outbox_handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that carries out events of this kind; it is called with the payload as keyword arguments."""

    def register(handler: Handler) -> Handler:
        if kind in _handlers and _handlers[kind] is not handler:
            raise ValueError(f"two handlers for {kind}")
        _handlers[kind] = handler
        return handler

    return register


def enqueue(kind: str, *, key: str | None = None, delay: timedelta | None = None, bulk: bool = False, **payload: Any) -> None:
    """Write the event in the current transaction and wake a worker after commit; a delayed one is found by the clock.

    A `key` seen before makes it a no-op. What is `bulk` is carried out when nothing else is due.
    """
    now = timezone.now()
    event = OutboxEvent(kind=kind, key=key, payload=payload, bulk=bulk, created_at=now, not_before=now + (delay or timedelta()))
    OutboxEvent.objects.bulk_create([event], ignore_conflicts=key is not None)
    if not delay:
        transaction.on_commit(notify_worker, robust=True)


def enqueue_many(kind: str, payloads: list[dict[str, Any]], *, bulk: bool = False) -> None:
    """As `enqueue`, for many events of one kind in one statement."""
    events = [OutboxEvent(kind=kind, payload=payload, bulk=bulk) for payload in payloads]
    OutboxEvent.objects.bulk_create(events, batch_size=1000)
    transaction.on_commit(notify_worker, robust=True)


def process_outbox(limit: int = 500, *, bulk: bool = True) -> int:
    """Carry out up to `limit` waiting events, each in a transaction of its own; several runs may run side by side.

    Without `bulk` those that may wait are left to others.
    """
    done = 0
    while done < limit and _carry_out_next(bulk=bulk):
        done += 1
    return done


def _carry_out_next(*, bulk: bool) -> bool:
    with transaction.atomic():
        waiting = OutboxEvent.objects.select_for_update(skip_locked=True).filter(
            done_at__isnull=True, not_before__lte=timezone.now(), kind__in=list(_handlers)
        )
        if not bulk:
            waiting = waiting.filter(bulk=False)
        event = waiting.order_by("bulk", "not_before", "pk").first()
        if event is None:
            return False
        try:
            with transaction.atomic():
                _handlers[event.kind](**event.payload)
        except Exception as error:
            # Any handler may meet any outage; the event stays, with what happened, and is tried again later.
            logger.exception("outbox event %s (%s) failed", event.pk, event.kind)
            event.attempts += 1
            event.error = f"{type(error).__name__}: {error}"[:2000]
            event.not_before = timezone.now() + min(timedelta(seconds=2 ** min(event.attempts, 12)), MAX_PAUSE)
            event.save(update_fields=["attempts", "error", "not_before"])
        else:
            event.done_at = timezone.now()
            event.save(update_fields=["done_at"])
    return True
