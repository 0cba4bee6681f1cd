"""Effects that must survive a crash: written with the change, carried out by workers after it.

`emit` inside the transaction; `@handles(kind)` registers what carries it out. A handler runs in one transaction with the mark
that it is done, so what it writes to the database happens exactly once; it may be retried, so what it does outside must bear that.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from exchange.core.models import OutboxEvent
from exchange.core.wake import wake_worker

logger = logging.getLogger(__name__)

Handler = Callable[..., None]
_handlers: dict[str, Handler] = {}
LONGEST_PAUSE = timedelta(minutes=10)


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that carries out events of this kind; it is called with the payload as keyword arguments."""

    def register(handler: Handler) -> Handler:
        if kind in _handlers and _handlers[kind] is not handler:
            raise ValueError(f"two handlers for {kind}")
        _handlers[kind] = handler
        return handler

    return register


def emit(kind: str, *, key: str | None = None, delay: timedelta | None = None, **payload: Any) -> None:
    """Write the event in the current transaction and wake a worker after commit; a delayed one is found by the clock.

    A `key` seen before makes it a no-op.
    """
    now = timezone.now()
    event = OutboxEvent(kind=kind, key=key, payload=payload, created_at=now, not_before=now + (delay or timedelta()))
    OutboxEvent.objects.bulk_create([event], ignore_conflicts=key is not None)
    if not delay:
        transaction.on_commit(wake_worker, robust=True)


def emit_many(kind: str, payloads: list[dict[str, Any]]) -> None:
    """As `emit`, for many events of one kind in one statement."""
    OutboxEvent.objects.bulk_create([OutboxEvent(kind=kind, payload=payload) for payload in payloads], batch_size=1000)
    transaction.on_commit(wake_worker, robust=True)


def drain(limit: int = 500) -> int:
    """Carry out up to `limit` waiting events, each in a transaction of its own; several drains may run side by side."""
    done = 0
    while done < limit and _carry_out_next():
        done += 1
    return done


def _carry_out_next() -> bool:
    with transaction.atomic():
        event = (
            OutboxEvent.objects.select_for_update(skip_locked=True)
            .filter(done_at__isnull=True, not_before__lte=timezone.now(), kind__in=list(_handlers))
            .order_by("not_before", "pk")
            .first()
        )
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
            event.not_before = timezone.now() + min(timedelta(seconds=2 ** min(event.attempts, 12)), LONGEST_PAUSE)
            event.save(update_fields=["attempts", "error", "not_before"])
        else:
            event.done_at = timezone.now()
            event.save(update_fields=["done_at"])
    return True
