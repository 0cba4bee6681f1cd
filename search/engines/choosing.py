"""Chooses the engine: Elasticsearch when it is configured, complete and answering; PostgreSQL otherwise.

Elasticsearch is called the replica here and in `domain`: it holds copies of the documents in PostgreSQL.
An engine that failed is not used for some seconds. Then a single thread checks it with a small query; all others use PostgreSQL meanwhile.
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
"""Seconds for which an engine that failed is not queried."""
MIRROR_EVENT = "search.mirror"
"""The outbox event that copies documents to the replica; see `domain.indexing`."""
CHECK_SECONDS = 1.0
"""Seconds for which the result of that check is reused."""


class _Breaker:
    """The state of the replica as this process knows it."""

    failed = False
    paused_until = 0.0
    behind = False
    checked_at = float("-inf")
    checking = threading.Lock()


def replica_engine(deadline: float | None = None) -> "ElasticEngine | None":
    """The Elasticsearch engine, or None in an installation without one, which need not load its client either."""
    if not settings.ELASTICSEARCH_URL:
        return None
    from search.engines.elastic import ElasticEngine

    return ElasticEngine(deadline)


def answering_engine(deadline: float, *, mirrored: bool) -> tuple[Engine, bool]:
    """The engine to ask, and whether it is the one that should answer; `mirrored`: whether the replica holds everything."""
    second = replica_engine(deadline)
    if second is None:
        return PostgresEngine(deadline), True
    if mirrored and not _is_behind() and _is_healthy():
        return second, True
    return PostgresEngine(deadline), False


def pause_replica_engine() -> None:
    """Do not use the replica for some seconds after a failure. Does nothing when the delay was our own (OutOfTimeError)."""
    error = sys.exception()
    if isinstance(error, OutOfTimeError):
        return
    logger.warning("the replica is not used for %.0f s: %s", PAUSE_AFTER_FAILURE, error or "it does not answer")
    _Breaker.failed = True
    _Breaker.paused_until = time.monotonic() + PAUSE_AFTER_FAILURE


def reached_engine() -> "ElasticEngine | None":
    """The replica if it answers now; earlier failures are cleared then."""
    second = replica_engine()
    if second is None or not second.answers():
        return None
    _Breaker.failed = False
    second.resume_writes()
    return second


def forget_replica_engine() -> None:
    """Reset the known state of the replica, as in a new process."""
    _Breaker.failed, _Breaker.paused_until, _Breaker.checked_at = False, 0.0, float("-inf")
    if (second := replica_engine()) is not None:
        second.resume_writes()


def _is_healthy() -> bool:
    if not _Breaker.failed:
        return True
    if time.monotonic() < _Breaker.paused_until or not _Breaker.checking.acquire(blocking=False):
        return False
    try:
        if reached_engine() is None:
            pause_replica_engine()
        return not _Breaker.failed
    finally:
        _Breaker.checking.release()


def _is_behind() -> bool:
    """Whether it refused a copy that is still waiting: its results may be out of date."""
    now = time.monotonic()
    if now - _Breaker.checked_at >= CHECK_SECONDS:
        refused = OutboxEvent.objects.filter(kind=MIRROR_EVENT, done_at__isnull=True, attempts__gt=0)
        _Breaker.behind, _Breaker.checked_at = refused.exists(), now
    return _Breaker.behind
