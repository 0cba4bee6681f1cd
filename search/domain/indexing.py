"""Updates the search index after a change in another app, in the documents of every generation, in the background.

An outbox row in the writing transaction says which documents changed; a worker reads the source again and writes them. The order of two
workers does not matter: each locks a document before it reads the source, so the last to write has read the latest.
"""

import contextlib
import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from exchange.core.jobs.cpu_lock import cpu_lock
from exchange.core.jobs.outbox import enqueue, enqueue_many
from exchange.core.models import OutboxEvent
from profiles.models import ExpertProfile
from programs.models import Program
from search.domain.documents import SHAPE_VERSION, build_documents
from search.engines.base import Document, Engine, Name
from search.engines.choosing import replica_engine
from search.engines.postgres import PostgresEngine
from search.models import GenerationState, SearchDocument, SearchIndex, SearchKind, SearchName
from search.signals import documents_written
from vocabulary.domain.vocabulary import CHECK_EVERY
from vocabulary.names import KEY_VERSION, Skeletons, stored_keys

REFRESH, AROUND, MOVED, MIRROR = "search.refresh", "search.around", "search.moved", "search.mirror"
CHUNK = 200
MAX_AT_ONCE = 400
"""Documents that one handler takes from other waiting events."""

LOCKS = 7300
WRITERS_LOCK, BUILDER_LOCK = 0, 1
"""Writers share the first, which is held alone to change the list of generations; the second allows one rebuild at a time."""
OF_DOCUMENT = {SearchKind.EXPERT: LOCKS + 1, SearchKind.PROGRAM: LOCKS + 2, SearchKind.INSTITUTION: LOCKS + 3}
OF_COPY = {kind: number + 10 for kind, number in OF_DOCUMENT.items()}


# ---- recording changes -----------------------------------------------------------------------------------------------


def refresh_later(kind: str, ids: Collection[int]) -> None:
    """Update these documents once the current transaction is committed. A single one comes from an edit and has priority over several."""
    wanted = sorted(set(ids))
    if wanted:
        enqueue_many(REFRESH, [{"documents": {kind: chunk}} for chunk in _batched(wanted, CHUNK)], bulk=_is_bulk(wanted))


def refresh_around_institution(institution_id: int) -> None:
    """An institution changed: its own document, and those of programmes and experts that name it."""
    refresh_later(SearchKind.INSTITUTION, [institution_id])
    enqueue(AROUND, institution_id=institution_id)


def refresh_around_concepts(concept_ids: Collection[int]) -> None:
    """Concepts moved in the hierarchy: update documents about them or narrower ones. Delayed until every process has read the new hierarchy."""
    enqueue(MOVED, delay=datetime.timedelta(seconds=2 * CHECK_EVERY), concept_ids=sorted(concept_ids))


# ---- carrying it out -------------------------------------------------------------------------------------------------


def carry_out_refresh(documents: dict[str, list[int]]) -> None:
    """Write the documents of an event, together with those of waiting events of the same kind."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, ids in documents.items():
        wanted[kind].update(ids)
    bulk = _is_bulk([pk for ids in documents.values() for pk in ids])
    _take_waiting(wanted, bulk=bulk)
    with cpu_lock if bulk else contextlib.nullcontext():
        for kind in sorted(wanted):
            refresh_documents(kind, sorted(wanted[kind]), bulk=bulk)


def carry_out_around(institution_id: int) -> None:
    """Update programmes of this host, and experts who work, worked or studied there."""
    refresh_later(SearchKind.PROGRAM, list(Program.objects.filter(institution=institution_id).values_list("pk", flat=True)))
    experts: set[int] = set()
    for path in ("affiliation", "positions__institution", "education__institution"):
        experts.update(ExpertProfile.objects.filter(**{path: institution_id}).values_list("pk", flat=True))
    refresh_later(SearchKind.EXPERT, experts)


def carry_out_moved(concept_ids: list[int]) -> None:
    """Update the documents that were tagged with these concepts."""
    active = active_generation()
    about = SearchDocument.objects.filter(
        generation=active.pk if active else 0, tags_2__overlap=[f"about:{pk}" for pk in concept_ids]
    )
    for kind in SearchKind:
        refresh_later(kind, list(about.filter(kind=kind).values_list("object_id", flat=True)))


@transaction.atomic
def refresh_documents(kind: str, ids: Sequence[int], *, bulk: bool = False) -> None:
    """Update these documents in every generation; those nobody may find, or whose source was deleted, are removed. `bulk`: their copies to the replica have low priority."""
    generations = open_generations()
    lock_documents(OF_DOCUMENT[SearchKind(kind)], ids)
    documents = build_documents(kind, ids)
    gone = set(ids) - {document.object_id for document in documents}
    for index in generations:
        PostgresEngine().write(index.pk, documents)
        PostgresEngine().erase(index.pk, kind, gone)
    if settings.ELASTICSEARCH_URL:
        enqueue(MIRROR, bulk=bulk, documents={kind: list(ids)})
    documents_written.send(SearchDocument, kind=kind, ids=[document.object_id for document in documents])


def carry_out_mirror(documents: dict[str, list[int]]) -> None:
    """Copy documents to the replica, as PostgreSQL holds them. Raises while it is unavailable, so that the event is retried."""
    if (engine := replica_engine()) is not None:
        with transaction.atomic():
            for index in open_generations():
                for kind, ids in sorted(documents.items()):
                    copy_documents(engine, index.pk, kind, ids)


def copy_documents(engine: Engine, generation: int, kind: str, ids: Sequence[int]) -> None:
    """Make the replica hold what PostgreSQL holds of these ids. Runs in a transaction that locks the documents, so that two copies of one document do not overlap."""
    lock_documents(OF_COPY[SearchKind(kind)], ids)
    documents = stored_documents(generation, kind, ids)
    engine.write(generation, documents)
    engine.erase(generation, kind, set(ids) - {document.object_id for document in documents})


def _is_bulk(ids: Collection[int]) -> bool:
    return len(ids) > 1


def _take_waiting(wanted: dict[str, set[int]], *, bulk: bool) -> None:
    """Add the documents of other waiting events and mark those as done, so that a document edited several times is written once."""
    waiting = OutboxEvent.objects.select_for_update(skip_locked=True).filter(
        kind=REFRESH, bulk=bulk, done_at__isnull=True, attempts=0, not_before__lte=timezone.now()
    )
    taken = []
    for event in waiting.order_by("not_before", "pk")[:MAX_AT_ONCE]:
        if sum(map(len, wanted.values())) >= MAX_AT_ONCE:
            break
        for kind, ids in event.payload["documents"].items():
            wanted[kind].update(ids)
        taken.append(event.pk)
    OutboxEvent.objects.filter(pk__in=taken).update(done_at=timezone.now())


# ---- generations -----------------------------------------------------------------------------------------------------


def open_generations() -> list[SearchIndex]:
    """The generations that must be updated, locked until the end of the transaction; creates the first one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [LOCKS, WRITERS_LOCK])
    found = list(SearchIndex.objects.exclude(state=GenerationState.DROPPED).order_by("pk"))
    if not any(index.state == GenerationState.ACTIVE for index in found):
        versions = {"key_version": KEY_VERSION, "shape_version": SHAPE_VERSION}
        found.append(SearchIndex.objects.get_or_create(state=GenerationState.ACTIVE, defaults=versions)[0])
    return found


def active_generation() -> SearchIndex | None:
    """The generation that answers searches; None before the first one is created."""
    return SearchIndex.objects.filter(state=GenerationState.ACTIVE).first()


def lock_documents(space: int, ids: Sequence[int]) -> None:
    """Lock these documents until the end of the transaction, in order, so that there is no deadlock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, id) FROM (SELECT unnest(%s::int[]) AS id ORDER BY 1 OFFSET 0) wanted",
            [space, sorted(ids)],
        )


# ---- reading documents back ------------------------------------------------------------------------------------------


def stored_documents(generation: int, kind: str, ids: Sequence[int]) -> list[Document]:
    """Documents as PostgreSQL stores them, to be copied to the replica."""
    rows = {row.pk: row for row in SearchDocument.objects.filter(generation=generation, kind=kind, object_id__in=ids).defer("keys")}
    names: dict[int, list[Name]] = defaultdict(list)
    for name in SearchName.objects.filter(document__in=rows).order_by("position"):
        skeletons = Skeletons(name.strict, name.medium, name.loose)
        names[name.document_id].append(Name(name.text, name.language, name.kind, name.level, skeletons))
    return [_document(row, tuple(names[pk])) for pk, row in sorted(rows.items())]


def _document(row: SearchDocument, names: tuple[Name, ...]) -> Document:
    keys: dict[str, int] = {}
    for name in names:
        for key in stored_keys(name.text):
            keys[key] = min(name.level, keys.get(key, name.level))
    tags: Any = tuple(frozenset(getattr(row, f"tags_{level}")) for level in range(3))
    words: Any = tuple(frozenset(getattr(row, f"words_{level}")) for level in range(3))
    return Document(
        kind=row.kind,
        object_id=row.object_id,
        level=row.level,
        names=names,
        keys=keys,
        tags=tags,
        words=words,
        opens=row.opens,
        closes=row.closes,
        quality=row.quality,
        sort_name=row.sort_name,
        created=row.created,
        confirmed=row.confirmed,
    )


def _batched(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
