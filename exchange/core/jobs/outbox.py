"""The transactional outbox: effects that must survive a crash are stored with the change and run by workers after commit.

Call `enqueue` inside the transaction; `@outbox_handler(kind)` registers the function that handles the event. A handler runs in the same
transaction that marks the event as done, so its database writes happen exactly once; it may be retried, so its other effects must be
safe to repeat.
"""

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from exchange.core.jobs.broker import NORMAL, notify_worker, start_job
from exchange.core.models import OutboxEvent

logger = logging.getLogger(__name__)

Handler = Callable[..., Any]
_handlers: dict[str, Handler] = {}
_long: dict[str, Handler] = {}
MAX_PAUSE = timedelta(minutes=10)
RUN_LONG = "exchange.core.jobs.tasks.run_long_handler"


def outbox_handler(kind: str, *, long: bool = False, priority: int = NORMAL) -> Callable[[Handler], Handler]:
    """Register the function that handles events of this kind; it is called with the payload as keyword arguments.

    A `long` one runs as a task of its own with this priority, so that it does not block the outbox. Raises ValueError for a second handler
    of one kind.
    """

    def register(handler: Handler) -> Handler:
        if kind in _handlers and handler not in (_handlers[kind], _long.get(kind)):
            raise ValueError(f"two handlers for {kind}")
        if long:
            _long[kind] = handler
            _handlers[kind] = partial(_start_long, kind, priority)
        else:
            _handlers[kind] = handler
        return handler

    return register


def _start_long(kind: str, priority: int, /, **payload: Any) -> None:
    start_job(RUN_LONG, kind, payload, priority=priority)


def run_long(kind: str, payload: dict[str, Any]) -> None:
    """Handle an event whose handler is long; called by its task."""
    _long[kind](**payload)


# Plain SQL, because nearly every action needs it and a query set takes several times its processor time.
ENQUEUE = """
INSERT INTO core_outboxevent (kind, key, payload, bulk, created_at, not_before, attempts, error)
VALUES (%(kind)s, %(key)s, %(payload)s::jsonb, %(bulk)s, %(now)s, %(due)s, 0, '') ON CONFLICT (key) DO NOTHING
"""


def enqueue(kind: str, *, key: str | None = None, delay: timedelta | None = None, bulk: bool = False, **payload: Any) -> None:
    """Store the event in the current transaction and notify a worker after commit; a delayed event is found by beat.

    Does nothing when an event with this `key` exists. `bulk` events are handled when nothing else is due.
    """
    now = timezone.now()
    values = {
        "kind": kind,
        "key": key,
        "payload": json.dumps(payload),
        "bulk": bulk,
        "now": now,
        "due": now + (delay or timedelta()),
    }
    with connection.cursor() as cursor:
        cursor.execute(ENQUEUE, values)
    if not delay:
        transaction.on_commit(notify_worker, robust=True)


def enqueue_many(kind: str, payloads: list[dict[str, Any]], *, bulk: bool = False) -> None:
    """As `enqueue`, for many events of one kind in one statement."""
    events = [OutboxEvent(kind=kind, payload=payload, bulk=bulk) for payload in payloads]
    OutboxEvent.objects.bulk_create(events, batch_size=1000)
    transaction.on_commit(notify_worker, robust=True)


def process_outbox(limit: int = 500, *, bulk: bool = True) -> int:
    """Handle up to `limit` due events, each in a transaction of its own; may run concurrently. Returns how many were handled or failed.

    With `bulk=False` bulk events are skipped.
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
            # A handler may fail for any reason: the event keeps the error and is retried later.
            logger.exception("outbox event %s (%s) failed", event.pk, event.kind)
            event.attempts += 1
            event.error = f"{type(error).__name__}: {error}"[:2000]
            event.not_before = timezone.now() + min(timedelta(seconds=2 ** min(event.attempts, 12)), MAX_PAUSE)
            event.save(update_fields=["attempts", "error", "not_before"])
        else:
            event.done_at = timezone.now()
            event.save(update_fields=["done_at"])
    return True
