"""Matching of saved searches: which of them find a document that changed.

What changed in the index is recorded (`note_changed`); every few seconds a job looks which saved searches it concerns and stores what
they did not know (`match_changed`): one query to the index for each search that could be concerned, however many documents changed.
"""

import datetime
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from exchange.core.jobs.outbox import enqueue
from profiles.models.experts import audiences_open_to
from search.domain.descriptions import KINDS
from search.domain.indexing import active_generation
from search.domain.params import SearchParams
from search.domain.ranking import MAX_HITS, search
from search.domain.saved import MATCH, kinds_of, params_of
from search.models import ChangedDocument, KnownResult, SavedSearch, SearchDocument

MAX_KNOWN = 5000
"""Results of each kind that are marked as known in the beginning; beyond them only what was created since is new."""
BATCH = 100
SETTLE = 10
"""Seconds for which changes are collected before saved searches are matched."""


def begin_waiting(limit: int = 100) -> None:
    """Begin the searches that were saved, or whose notifications were switched on again, since the last run."""
    ids = SavedSearch.objects.notifying().filter(begun_at__isnull=True).order_by("pk").values_list("pk", flat=True)
    for pk in list(ids[:limit]):
        begin_saved(pk)


@transaction.atomic
def begin_saved(search_id: int) -> None:
    """Mark what this search finds as known; what was created after it was saved waits to be sent. A second time changes nothing."""
    rows = SavedSearch.objects.select_for_update(of=("self",), skip_locked=True).select_related("owner")
    saved = rows.filter(pk=search_id).first()
    if saved is None or saved.begun_at is not None or (search_params := params_of(saved)) is None:
        return
    for kind in kinds_of(saved):
        ids, more = _all_found(saved.owner, search_params.of_kind(kind), kind)
        young = _made_since(kind, ids, saved.since)
        now = timezone.now()
        KnownResult.objects.bulk_create(
            [KnownResult(search=saved, kind=kind, object_id=pk, notified_at=None if pk in young else now) for pk in ids],
            ignore_conflicts=True,
            batch_size=1000,
        )
        saved.overflowing = saved.overflowing or more
    saved.begun_at = timezone.now()
    saved.save(update_fields=["begun_at", "overflowing"])


def _all_found(owner: User, search_params: SearchParams, kind: str) -> tuple[list[int], bool]:
    """Ids of everything this search finds, newest first, no more than MAX_KNOWN; and whether there is more."""
    ids: list[int] = []
    cursor = ""
    while len(ids) < MAX_KNOWN:
        result = search(owner, replace(search_params, sort="new").request(kind, limit=MAX_HITS, cursor=cursor))
        ids += [hit.object_id for hit in result.hits]
        cursor = result.cursor
        if not cursor:
            return ids, False
    return ids, True


def _made_since(kind: str, ids: Collection[int], since: datetime.datetime) -> set[int]:
    index = active_generation()
    rows = SearchDocument.objects.filter(generation=index.pk if index else 0, kind=kind, object_id__in=ids, created__gt=since)
    return set(rows.values_list("object_id", flat=True))


def note_changed(kind: str, ids: Collection[int]) -> None:
    """Record that these documents changed, so that saved searches are matched against them within SETTLE seconds.

    Call it in the transaction that writes them into the index.
    """
    if not ids or not SavedSearch.objects.notifying().filter(kind__in=["", kind]).exists():
        return
    ChangedDocument.objects.bulk_create([ChangedDocument(kind=kind, object_id=pk) for pk in sorted(ids)], batch_size=1000)
    moment = int(timezone.now().timestamp()) // SETTLE
    enqueue(MATCH, key=f"{MATCH}:{moment}", delay=datetime.timedelta(seconds=SETTLE))


def match_changed(limit: int = 5000) -> int:
    """Store, for every saved search, the changed documents that it finds and did not know; returns how many documents were checked.

    Several may run at the same time: each takes documents of its own, and a result that two of them find is one row.
    """
    seen = 0
    while seen < limit:
        found = _match_batch(min(BATCH, limit - seen))
        seen += found
        if found < BATCH:
            break
    return seen


@transaction.atomic
def _match_batch(size: int) -> int:
    rows = list(ChangedDocument.objects.select_for_update(skip_locked=True).order_by("pk")[:size])
    for kind in KINDS:
        if ids := sorted({row.object_id for row in rows if row.kind == kind}):
            _match_kind(kind, ids)
    ChangedDocument.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _match_kind(kind: str, ids: Sequence[int]) -> None:
    index = active_generation()
    documents = list(
        SearchDocument.objects.filter(generation=index.pk if index else 0, kind=kind, object_id__in=ids).defer(
            "keys", "words_0", "words_1", "words_2"
        )
    )
    if not documents:
        return
    concerned = SavedSearch.objects.notifying().filter(kind__in=["", kind], begun_at__isnull=False)
    for some in _batches(concerned.select_related("owner").order_by("pk")):
        known = KnownResult.objects.filter(search__in=some, kind=kind, object_id__in=ids)
        pairs = set(known.values_list("search_id", "object_id"))
        new = [
            KnownResult(search=saved, kind=kind, object_id=pk)
            for saved in some
            for pk in _new_to(saved, kind, [document for document in documents if (saved.pk, document.object_id) not in pairs])
        ]
        KnownResult.objects.bulk_create(new, ignore_conflicts=True, batch_size=1000)


def _batches(rows: Any, size: int = 500) -> Iterator[list[SavedSearch]]:
    last = 0
    while some := list(rows.filter(pk__gt=last)[:size]):
        yield some
        last = some[-1].pk


def _new_to(saved: SavedSearch, kind: str, documents: Sequence[SearchDocument]) -> list[int]:
    """Those of the documents that this search finds. Most searches are excluded by the tags alone, without a query."""
    if not documents or (search_params := params_of(saved)) is None:
        return []
    level = len(audiences_open_to(saved.owner)) - 1
    wanted = search_params.of_kind(kind)
    possible = [
        document.object_id
        for document in documents
        if document.level <= level
        and not (saved.overflowing and document.created <= saved.since)
        and _fits(wanted, set(getattr(document, f"tags_{level}")))
    ]
    if not possible:
        return []
    return [hit.object_id for hit in search(saved.owner, wanted.request(among=tuple(possible), limit=MAX_HITS)).hits]


def _fits(search_params: SearchParams, tags: set[str]) -> bool:
    request = search_params.request()
    chosen = {**request.filters, **({"free": (request.available,)} if request.available else {})}
    return all(any(f"{name}:{value}" in tags for value in values) for name, values in chosen.items())
