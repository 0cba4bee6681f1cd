"""Rebuilds the whole index beside the active one and swaps them. An interrupted rebuild continues where it stopped."""

import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exchange.core.errors import DomainError
from search.domain.documents import KINDS, SHAPE_VERSION, build_documents, source_count, source_ids
from search.domain.indexing import (
    BUILDER_LOCK,
    CHUNK,
    LOCKS,
    OF_DOCUMENT,
    WRITERS_LOCK,
    active_generation,
    copy_documents,
    lock_documents,
)
from search.engines.base import EngineError
from search.engines.choosing import replica_engine
from search.engines.postgres import PostgresEngine
from search.models import GenerationState, SearchDocument, SearchIndex, SearchKey, SearchKind, SearchName
from vocabulary.names import KEY_VERSION

logger = logging.getLogger(__name__)

Advance = Callable[[int], None]
Step = Callable[[str, int], Advance]
"""Called with the name of a step and how much there is to do; returns what is called with how much was done."""
GRACE = 2.0
"""Seconds between the swap and the removal of the old generation: a search that began before the swap can finish."""
TIMEOUT = 3.0
"""Seconds to wait for the lock of another rebuild: one that was killed keeps its lock for a moment."""


@dataclass(frozen=True)
class Rebuilt:
    """The result of a rebuild: the active generation, its documents, and whether it continued an interrupted one."""

    generation: int
    documents: int
    resumed: bool
    mirrored: bool


def no_progress(name: str, total: int) -> Advance:
    return lambda done: None


def reason_to_rebuild() -> str:
    """Why the active generation cannot be used: in English, for logs and consoles; empty when it does."""
    active = active_generation()
    if active is None:
        return "there is no index yet" if any(source_count(kind) for kind in KINDS) else ""
    if active.key_version != KEY_VERSION:
        return f"its keys are of version {active.key_version}, this program makes version {KEY_VERSION}"
    if active.shape_version != SHAPE_VERSION:
        return f"its documents are of version {active.shape_version}, this program makes version {SHAPE_VERSION}"
    if active.built_at is None:
        return "it was never built from the whole"
    return ""


def rebuild_index(*, step: Step = no_progress, grace: float = GRACE, fresh: bool = False) -> Rebuilt:
    """Build a generation beside the active one, swap, drop the old one in batches. `fresh`: start over even if one was interrupted.

    Refuses (DomainError) while another rebuild runs. What is written meanwhile goes into both generations.
    """
    with _only_builder():
        _drop_old(step)
        index, resumed = _generation_to_build(fresh=fresh)
        mirrored = _begin_mirror(index, resumed=resumed)
        for kind in KINDS[KINDS.index(SearchKind(index.done_kind)) if index.done_kind in KINDS else 0 :]:
            mirrored = _build_kind(index, kind, step, mirrored=mirrored)
        _tidy()
        _swap(index, mirrored=mirrored and _end_mirror(index))
        time.sleep(grace)
        _drop_old(step)
    return Rebuilt(index.pk, index.documents, resumed, index.mirrored)


def _build_kind(index: SearchIndex, kind: SearchKind, step: Step, *, mirrored: bool) -> bool:
    """All documents of a kind from the checkpoint on, a chunk a transaction. Returns whether the replica holds them too."""
    done = index.done_id if index.done_kind == kind else 0
    advance = step(kind, source_count(kind, after=done))
    while ids := source_ids(kind, after=done, limit=CHUNK):
        with transaction.atomic():
            lock_documents(OF_DOCUMENT[kind], ids)
            documents = build_documents(kind, ids)
            PostgresEngine().write(index.pk, documents)
            if mirrored:
                mirrored = _copied(index, kind, ids)
            done = ids[-1]
            index.done_kind, index.done_id, index.mirrored = kind, done, mirrored
            index.documents += len(documents)
            index.save(update_fields=["done_kind", "done_id", "documents", "mirrored"])
        advance(len(ids))
    return mirrored


def _begin_mirror(index: SearchIndex, *, resumed: bool) -> bool:
    """Whether the replica is filled during the rebuild. Indexes that it already has under a new number come from another database."""
    engine = replica_engine()
    if engine is None or resumed:
        return engine is not None and index.mirrored
    try:
        engine.drop(index.pk)
        engine.make(index.pk)
    except EngineError as error:
        logger.warning("the replica is not there for the rebuild, it will be filled later: %s", error)
        return False
    return True


def _end_mirror(index: SearchIndex) -> bool:
    """Whether the replica can answer from now on."""
    engine = replica_engine()
    try:
        if engine is not None:
            engine.refresh(index.pk)
    except EngineError as error:
        logger.warning("the replica went away before the swap, it will be filled later: %s", error)
        return False
    return engine is not None


def _copied(index: SearchIndex, kind: str, ids: list[int]) -> bool:
    """Copy to the replica as well. While it is away the rebuild in PostgreSQL continues, and the copy is made later."""
    engine = replica_engine()
    try:
        if engine is not None:
            copy_documents(engine, index.pk, kind, ids)
    except EngineError as error:
        logger.warning("the replica does not take the rebuild, it will be filled later: %s", error)
        return False
    return engine is not None


@contextlib.contextmanager
def _only_builder() -> Iterator[None]:
    """Hold the builder's lock on this connection: it ends with the process, however that ends."""
    deadline = time.monotonic() + TIMEOUT
    while not _answer("SELECT pg_try_advisory_lock(%s, %s)", LOCKS, BUILDER_LOCK):
        if time.monotonic() >= deadline:
            raise DomainError(_("The search index is already being rebuilt."), code="rebuild-runs")
        time.sleep(0.2)
    try:
        yield
    finally:
        _answer("SELECT pg_advisory_unlock(%s, %s)", LOCKS, BUILDER_LOCK)


def _generation_to_build(*, fresh: bool) -> tuple[SearchIndex, bool]:
    """The interrupted generation if it can be continued, else a new one."""
    with transaction.atomic():
        _block_writers()
        waiting = SearchIndex.objects.filter(state=GenerationState.BUILDING).first()
        if waiting and not fresh and (waiting.key_version, waiting.shape_version) == (KEY_VERSION, SHAPE_VERSION):
            return waiting, True
        if waiting:
            waiting.state = GenerationState.DROPPED
            waiting.save(update_fields=["state"])
        made = SearchIndex.objects.create(state=GenerationState.BUILDING, key_version=KEY_VERSION, shape_version=SHAPE_VERSION)
        return made, False


@transaction.atomic
def _swap(index: SearchIndex, *, mirrored: bool) -> None:
    _block_writers()
    SearchIndex.objects.filter(state=GenerationState.ACTIVE).update(state=GenerationState.DROPPED)
    index.state, index.built_at, index.mirrored = GenerationState.ACTIVE, timezone.now(), mirrored
    index.save(update_fields=["state", "built_at", "mirrored"])


def _drop_old(step: Step) -> None:
    """Delete dropped generations, a few documents at a time."""
    for index in SearchIndex.objects.filter(state=GenerationState.DROPPED).order_by("pk"):
        advance = step("old generation", SearchDocument.objects.filter(generation=index.pk).count())
        while dropped := PostgresEngine().drop_some(index.pk):
            advance(dropped)
        if (engine := replica_engine()) is not None:
            try:
                engine.drop(index.pk)
            except EngineError as error:
                logger.warning("generation %s stays in the replica until the next rebuild: %s", index.pk, error)
                continue
        index.delete()


def _tidy() -> None:
    """VACUUM and ANALYZE the tables, for the planner and for index-only scans."""
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            for model in (SearchKey, SearchDocument, SearchName):
                cursor.execute(f"VACUUM (ANALYZE) {connection.ops.quote_name(model._meta.db_table)}")  # noqa: SLF001 -- Django documents _meta


def _block_writers() -> None:
    """Wait for the current writers, and block new ones until the end of the transaction."""
    _answer("SELECT pg_advisory_xact_lock(%s, %s)", LOCKS, WRITERS_LOCK)


def _answer(sql: str, *values: int) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]
