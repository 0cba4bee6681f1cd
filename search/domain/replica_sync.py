"""Synchronises Elasticsearch: copies what it missed while it was unavailable, and fills an empty one from PostgreSQL.

It is queried only while it holds everything (`SearchIndex.mirrored`) and no failed copy is waiting.
"""

import contextlib
import logging
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from exchange.core.jobs.outbox import enqueue_many
from exchange.core.models import OutboxEvent
from search.domain.indexing import CHUNK, LOCKS, MIRROR, active_generation, copy_documents
from search.domain.subjects import Subjects
from search.engines.base import EngineError, Matches, Scope
from search.engines.choosing import reached_engine, replica_engine
from search.models import GenerationState, SearchDocument, SearchIndex, SearchKind, SearchName
from vocabulary.names import best_possible, query_clauses, skeletons

if TYPE_CHECKING:
    from search.engines.elastic import ElasticEngine

logger = logging.getLogger(__name__)

FILLER_LOCK = 2
"""The lock for filling the replica, beside those of `indexing`."""
MAX_EVENTS = 2000
WARM_QUESTIONS, WARM_HITS, WARM_SECONDS, WARM_ENOUGH = 5, 100, 8.0, 0.1


def sync_replica() -> None:
    """Fill the replica or copy what it missed; a scheduled job. Does not raise when it is unavailable."""
    if replica_engine() is None:
        # From now on it misses changes: whoever configures it again finds that out.
        SearchIndex.objects.filter(mirrored=True).update(mirrored=False)
        return
    active, engine = active_generation(), reached_engine()
    if active is None or engine is None:
        return
    with contextlib.suppress(EngineError):
        if active.mirrored and not engine.holds(active.pk):
            SearchIndex.objects.filter(pk=active.pk).update(mirrored=False)
            active.mirrored = False
        if active.mirrored or fill(engine, active):
            catch_up()
            _warm_up_once(engine, active.pk)


@transaction.atomic
def catch_up() -> int:
    """Retry failed copies now, each document once; returns the number of documents."""
    refused = OutboxEvent.objects.select_for_update(skip_locked=True).filter(kind=MIRROR, done_at__isnull=True, attempts__gt=0)
    events = list(refused.order_by("pk")[:MAX_EVENTS])
    wanted: dict[str, set[int]] = defaultdict(set)
    for event in events:
        for kind, ids in event.payload["documents"].items():
            wanted[kind].update(ids)
    if events:
        # New events, at once: the old ones would wait for minutes, and each would be a request of its own.
        rows = [(kind, sorted(ids)) for kind, ids in sorted(wanted.items())]
        chunks = [(kind, ids[start : start + CHUNK]) for kind, ids in rows for start in range(0, len(ids), CHUNK)]
        enqueue_many(MIRROR, [{"documents": {kind: ids}} for kind, ids in chunks], bulk=len(chunks) > 1)
        OutboxEvent.objects.filter(pk__in=[event.pk for event in events]).delete()
    return sum(map(len, wanted.values()))


def _warm_up_once(engine: "ElasticEngine", generation: int) -> None:
    """Warm up nodes that were not there the last time."""
    started = engine.started()
    if not started <= _Warm.nodes:
        warm_up(generation)
        _Warm.nodes = started


class _Warm:
    """The nodes this process has warmed up, each by the moment it began."""

    nodes: frozenset[tuple[str, int]] = frozenset()


def warm_up(generation: int) -> None:
    """Send typical queries until the answers are fast.

    A server that has just started is slow until its code is compiled; searches, which wait a third of a second, would not warm it up.
    """
    engine, now = replica_engine(time.monotonic() + WARM_SECONDS), timezone.now()
    names = SearchName.objects.filter(document__generation=generation, document__kind=SearchKind.EXPERT).order_by("pk")
    texts = list(names.values_list("text", flat=True)[:WARM_QUESTIONS])
    while engine is not None and texts:
        began = time.monotonic()
        for text in texts:
            scope, clauses = Scope(generation, SearchKind.EXPERT, 0), query_clauses(text)
            engine.candidates(scope, clauses, 1, WARM_HITS)
            engine.fuzzy_match(scope, skeletons(text), WARM_HITS)
            query = Subjects.plain(text).text
            engine.text(scope, query, WARM_HITS)
            engine.count(scope, Matches(clauses, best_possible(clauses) // 2, text=query), now)
        if time.monotonic() - began < WARM_ENOUGH * len(texts):
            return


def fill(engine: "ElasticEngine", index: SearchIndex) -> bool:
    """Copy a whole generation, while its changes go on being copied as well; returns whether it was done here."""
    with _only_filler() as alone:
        if not alone:
            return False
        logger.info("generation %s is copied to the replica", index.pk)
        engine.drop(index.pk)
        engine.make(index.pk)
        for kind in SearchKind:
            _fill_kind(engine, index.pk, kind)
        engine.refresh(index.pk)
        return bool(SearchIndex.objects.filter(pk=index.pk, state=GenerationState.ACTIVE).update(mirrored=True))


def _fill_kind(engine: "ElasticEngine", generation: int, kind: SearchKind) -> None:
    rows = SearchDocument.objects.filter(generation=generation, kind=kind).order_by("object_id").values_list("object_id", flat=True)
    last = 0
    while ids := list(rows.filter(object_id__gt=last)[:CHUNK]):
        with transaction.atomic():
            copy_documents(engine, generation, kind, ids)
        last = ids[-1]


@contextlib.contextmanager
def _only_filler() -> Iterator[bool]:
    """Lock the filling of the engine on this connection; yields whether nobody else had it locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCKS, FILLER_LOCK])
        alone = bool(cursor.fetchone()[0])
        try:
            yield alone
        finally:
            if alone:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCKS, FILLER_LOCK])
