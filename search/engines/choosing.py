"""Which engine answers: Elasticsearch when it is configured, holds everything and is well; PostgreSQL otherwise."""

import time

from django.conf import settings

from search.engines.base import Engine
from search.engines.postgres import PostgresEngine

PAUSE_AFTER_FAILURE = 5.0
"""Seconds without a question to an engine that failed."""


class _Breaker:
    silent_until = 0.0


def second_engine(deadline: float | None = None) -> Engine | None:
    """The Elasticsearch engine, or None in an installation without one."""
    if not settings.ELASTICSEARCH_URL:
        return None
    from search.engines.elastic import ElasticEngine

    return ElasticEngine(deadline)


def answering_engine(deadline: float, *, mirrored: bool) -> tuple[Engine, bool]:
    """The engine to ask, and whether it is the one that should answer; `mirrored`: whether the second one holds everything."""
    second = second_engine(deadline)
    if second is None:
        return PostgresEngine(deadline), True
    if mirrored and time.monotonic() >= _Breaker.silent_until:
        return second, True
    return PostgresEngine(deadline), False


def pause_second_engine() -> None:
    """It failed: leave it alone for a moment."""
    _Breaker.silent_until = time.monotonic() + PAUSE_AFTER_FAILURE
