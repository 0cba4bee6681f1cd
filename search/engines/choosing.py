"""Which engine answers: Elasticsearch when it is configured, holds everything and is well; PostgreSQL otherwise.

An engine that failed is left alone for a moment. Then one asker, and no other, knocks with a small question; the rest go on with PostgreSQL.
"""

import logging
import sys
import threading
import time
from typing import TYPE_CHECKING

from django.conf import settings

from exchange.core.models import OutboxEvent
from search.engines.base import Engine, OutOfTimeError
from search.engines.postgres import PostgresEngine

if TYPE_CHECKING:
    from search.engines.elastic import ElasticEngine

logger = logging.getLogger(__name__)

PAUSE_AFTER_FAILURE = 5.0
"""Seconds without a question to an engine that failed."""
MIRROR_EVENT = "search.mirror"
"""The outbox event that copies documents to the second engine; see `domain.indexing`."""
REMEMBERED = 1.0
"""Seconds for which a look at the waiting copies holds."""


class _Breaker:
    """What this process knows of the second engine."""

    failed = False
    silent_until = 0.0
    behind = False
    looked_at = float("-inf")
    knocking = threading.Lock()


def replica_engine(deadline: float | None = None) -> "ElasticEngine | None":
    """The Elasticsearch engine, or None in an installation without one, which need not load its client either."""
    if not settings.ELASTICSEARCH_URL:
        return None
    from search.engines.elastic import ElasticEngine

    return ElasticEngine(deadline)


def answering_engine(deadline: float, *, mirrored: bool) -> tuple[Engine, bool]:
    """The engine to ask, and whether it is the one that should answer; `mirrored`: whether the second one holds everything."""
    second = replica_engine(deadline)
    if second is None:
        return PostgresEngine(deadline), True
    if mirrored and not _is_behind() and _is_well():
        return second, True
    return PostgresEngine(deadline), False


def pause_replica_engine() -> None:
    """It failed: leave it alone for a moment; not when it was us who were slow."""
    error = sys.exception()
    if isinstance(error, OutOfTimeError):
        return
    logger.warning("the second engine is left alone for %.0f s: %s", PAUSE_AFTER_FAILURE, error or "it does not answer")
    _Breaker.failed = True
    _Breaker.silent_until = time.monotonic() + PAUSE_AFTER_FAILURE


def reached_engine() -> "ElasticEngine | None":
    """The second engine if it answers at this moment; whatever failed before is forgotten then."""
    second = replica_engine()
    if second is None or not second.answers():
        return None
    _Breaker.failed = False
    second.forgive()
    return second


def forget_replica_engine() -> None:
    """Know nothing of it, as a process that has just begun."""
    _Breaker.failed, _Breaker.silent_until, _Breaker.looked_at = False, 0.0, float("-inf")
    if (second := replica_engine()) is not None:
        second.forgive()


def _is_well() -> bool:
    if not _Breaker.failed:
        return True
    if time.monotonic() < _Breaker.silent_until or not _Breaker.knocking.acquire(blocking=False):
        return False
    try:
        if reached_engine() is None:
            pause_replica_engine()
        return not _Breaker.failed
    finally:
        _Breaker.knocking.release()


def _is_behind() -> bool:
    """Whether it refused a copy that is still waiting: what it says may be old."""
    now = time.monotonic()
    if now - _Breaker.looked_at >= REMEMBERED:
        refused = OutboxEvent.objects.filter(kind=MIRROR_EVENT, done_at__isnull=True, attempts__gt=0)
        _Breaker.behind, _Breaker.looked_at = refused.exists(), now
    return _Breaker.behind
