"""Saved searches: keeping them, noticing what is new to them, telling it once.

What changed in the index is written down (`note_changed`); every few moments a job looks which saved searches it concerns and keeps
what they did not know (`match_changed`): one question to the index for each search that could be concerned, however many documents
changed. What is kept that way is told at once or in the morning of the search's owner (`notify_search`), after another look whether it
is still found and still to be seen. A result is one row for each search, and stays: nothing is told twice.
"""

import datetime
import zoneinfo
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from exchange.core.errors import DomainError
from exchange.core.outbox import enqueue
from messaging.domain.mail import compose_email, queue_emails, reading_as
from messaging.domain.notifications import notify
from profiles.models import User
from profiles.models.experts import audiences_open_to
from search import notification_types
from search.domain.indexing import active_generation
from search.domain.pages import KINDS, Card, cards_of, describe
from search.domain.params import SearchParams, read_params
from search.domain.ranking import MOST, search
from search.models import ChangedDocument, Frequency, KnownResult, SavedSearch, SearchDocument

MATCH = "search.match_saved"
MAX_SAVED = 50
MAX_KNOWN = 5000
"""Results of each kind that are marked as known in the beginning; beyond them only what was made since is new."""
BATCH = 100
SETTLE = 10
"""Seconds that changes are gathered before saved searches look at them."""
MAX_TOLD = 1000
PAUSE = datetime.timedelta(hours=1)
"""After an e-mail that could not list everything a search rests this long, even one that tells at once: tables bring people by thousands."""
LISTED, NAMED = 20, 3
"""Results that an e-mail lists, and that the notification names."""
MORNING = 8
MAX_ADDRESS_LENGTH = 2000
SALT = "search.saved"


# ---- keeping ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_search(search_params: SearchParams, *, by: User, name: str, frequency: str) -> SavedSearch:
    """Keep this search of theirs. What is found today counts as known from the start.

    Refused: a search that asks for nothing, one too long to keep, and more than MOST_SAVED of them.
    """
    address = search_params.address()
    if not search_params and not search_params.kind:
        raise DomainError(_("Search for something first, then save it."), code="empty-search")
    if len(address) > MAX_ADDRESS_LENGTH:
        raise DomainError(_("This search is too long to be saved. Take off some filters."), code="long-search")
    User.objects.select_for_update().get(pk=by.pk)
    if SavedSearch.objects.filter(owner=by).count() >= MAX_SAVED:
        raise DomainError(_("You have %(count)s saved searches. Delete one first.") % {"count": MAX_SAVED}, code="many-searches")
    saved: SavedSearch = SavedSearch.objects.create(
        owner=by,
        name=name,
        kind=search_params.kind,
        address=address,
        frequency=frequency,
        next_at=next_time(by, frequency, timezone.now()),
    )
    if frequency != Frequency.NEVER:
        enqueue(MATCH)
    return saved


@transaction.atomic
def change_saved(saved: SavedSearch, *, by: User, name: str, frequency: str) -> SavedSearch:
    """Another name, or another rhythm. One that had been silent begins anew: what is found by now counts as known."""
    held: SavedSearch = SavedSearch.objects.visible_to(by).select_for_update().get(pk=saved.pk)
    awakes = held.frequency == Frequency.NEVER != frequency
    if held.frequency != frequency:
        held.next_at = next_time(by, frequency, timezone.now())
    held.name, held.frequency = name, frequency
    if awakes:
        held.begun_at, held.since, held.overflowing = None, timezone.now(), False
        held.known.filter(notified_at__isnull=True).delete()
        enqueue(MATCH)
    held.save()
    return held


def delete_saved(saved: SavedSearch, *, by: User) -> None:
    """Forget the search and what it knew. Nothing is sent."""
    SavedSearch.objects.visible_to(by).filter(pk=saved.pk).delete()


@dataclass(frozen=True)
class KeptSearch:
    """A saved search as the settings list it: what it asks for, in words."""

    saved: SavedSearch
    words: list[str]
    broken: bool
    """Whether something it asked for is gone, so that it tells nothing any more."""


def saved_of(user: User) -> list[KeptSearch]:
    """This person's saved searches by name, in one query."""
    return [
        KeptSearch(saved, describe(read_params(QueryDict(saved.address))), broken=params_of(saved) is None)
        for saved in SavedSearch.objects.visible_to(user)
    ]


def next_time(owner: User, frequency: str, now: datetime.datetime) -> datetime.datetime | None:
    """The owner's next morning, or that of the next Monday; none for searches that tell at once or never."""
    if frequency not in {Frequency.DAILY, Frequency.WEEKLY}:
        return None
    try:
        zone = zoneinfo.ZoneInfo(owner.time_zone or settings.TIME_ZONE)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        zone = zoneinfo.ZoneInfo(settings.TIME_ZONE)
    here = now.astimezone(zone)
    morning = here.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    if morning <= here:
        morning += datetime.timedelta(days=1)
    if frequency == Frequency.WEEKLY:
        morning += datetime.timedelta(days=-morning.weekday() % 7)
    return morning.astimezone(datetime.UTC)


# ---- the link that stops the e-mails ---------------------------------------------------------------------------------


def stop_path(saved: SavedSearch) -> str:
    """The address, on this site, where anybody who holds the e-mail stops the search from telling. Holds for ever."""
    return reverse("saved_search_stop", args=[signing.Signer(salt=SALT).sign_object([saved.pk, saved.owner_id])])


def read_stop(token: str) -> SavedSearch | None:
    """The search of the link; None when it is deleted by now. Raises DomainError `link-broken` (404) for a link that is not ours."""
    try:
        pk, owner_id = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise DomainError(
            _("This link is not complete. Copy all of it from the letter."), code="link-broken", status=404
        ) from error
    found: SavedSearch | None = SavedSearch.objects.filter(pk=pk, owner=owner_id).select_related("owner").first()
    return found


def stop_saved(saved: SavedSearch) -> None:
    """Tell nothing more of this search, by the one its e-mails go to; it stays saved. A second time changes nothing."""
    SavedSearch.objects.filter(pk=saved.pk).update(frequency=Frequency.NEVER, next_at=None)


# ---- what exists when a search is saved ------------------------------------------------------------------------------


def begin_waiting(limit: int = 100) -> None:
    """Begin the searches that were saved or woken lately."""
    ids = SavedSearch.objects.notifying().filter(begun_at__isnull=True).order_by("pk").values_list("pk", flat=True)
    for pk in list(ids[:limit]):
        begin_saved(pk)


@transaction.atomic
def begin_saved(search_id: int) -> None:
    """Mark what this search finds as known; what was made after it was saved waits to be told. Done once."""
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
    """Ids of everything this search finds, newest first, no more than MOST_KNOWN; and whether there is more."""
    ids: list[int] = []
    cursor = ""
    while len(ids) < MAX_KNOWN:
        result = search(owner, replace(search_params, sort="new").request(kind, limit=MOST, cursor=cursor))
        ids += [hit.object_id for hit in result.hits]
        cursor = result.cursor
        if not cursor:
            return ids, False
    return ids, True


def _made_since(kind: str, ids: Collection[int], since: datetime.datetime) -> set[int]:
    index = active_generation()
    rows = SearchDocument.objects.filter(generation=index.pk if index else 0, kind=kind, object_id__in=ids, created__gt=since)
    return set(rows.values_list("object_id", flat=True))


# ---- what is new -----------------------------------------------------------------------------------------------------


def note_changed(kind: str, ids: Collection[int]) -> None:
    """In the transaction that writes these documents into the index: have saved searches look at them soon."""
    if not ids or not SavedSearch.objects.notifying().filter(kind__in=["", kind]).exists():
        return
    ChangedDocument.objects.bulk_create([ChangedDocument(kind=kind, object_id=pk) for pk in sorted(ids)], batch_size=1000)
    moment = int(timezone.now().timestamp()) // SETTLE
    enqueue(MATCH, key=f"{MATCH}:{moment}", delay=datetime.timedelta(seconds=SETTLE))


def match_changed(limit: int = 5000) -> int:
    """Keep, for every saved search, what it has not known among the documents that changed; returns how many were looked at.

    Several may run side by side: each takes documents of its own, and a result that two of them find is one row.
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
    """Those of the documents that this search finds. The tags tell most searches that they are not concerned."""
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
    return [hit.object_id for hit in search(saved.owner, wanted.request(among=tuple(possible), limit=MOST)).hits]


def _fits(search_params: SearchParams, tags: set[str]) -> bool:
    request = search_params.request()
    chosen = {**request.filters, **({"free": (request.available,)} if request.available else {})}
    return all(any(f"{name}:{value}" in tags for value in values) for name, values in chosen.items())


def params_of(saved: SavedSearch) -> SearchParams | None:
    """What it asks for; None when the address no longer means what it meant (a concept is gone): better silent than about everything."""
    search_params = read_params(QueryDict(saved.address))
    return search_params if search_params.address() == saved.address else None


def kinds_of(saved: SavedSearch) -> Sequence[str]:
    return [saved.kind] if saved.kind else list(KINDS)


# ---- telling ---------------------------------------------------------------------------------------------------------


def notify_instant_searches(limit: int = 1000) -> int:
    """Tell everything that waits in searches that tell at once; returns how many searches had notifications."""
    waiting = SavedSearch.objects.notifying().filter(
        frequency=Frequency.INSTANT, next_at__isnull=True, known__isnull=False, known__notified_at__isnull=True
    )
    ids = list(waiting.order_by("pk").values_list("pk", flat=True).distinct()[:limit])
    return sum(notify_search(pk) > 0 for pk in ids)


def notify_due_searches(now: datetime.datetime | None = None, limit: int = 2000) -> int:
    """Tell what waits in daily and weekly searches whose owner's morning has come; returns how many searches had notifications."""
    moment = now or timezone.now()
    ids = SavedSearch.objects.notifying().filter(next_at__lte=moment).order_by("next_at", "pk").values_list("pk", flat=True)
    return sum(notify_search(pk, now=moment) > 0 for pk in list(ids[:limit]))


@transaction.atomic
def notify_search(search_id: int, *, now: datetime.datetime | None = None) -> int:
    """Notify the owner, on the site and in one e-mail, what waits and is still found; returns how many results it was.

    Whoever holds the search tells it; others find nothing left to tell. What is no longer found, or hidden by now, is forgotten
    untold: should it come back, it is new.
    """
    moment = now or timezone.now()
    saved = (
        SavedSearch.objects.notifying()
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("owner")
        .filter(pk=search_id)
        .first()
    )
    if saved is None:
        return 0
    if saved.next_at is not None:
        if saved.next_at > moment:
            return 0
        saved.next_at = next_time(saved.owner, saved.frequency, moment)
        saved.save(update_fields=["next_at"])
    waiting = list(saved.known.filter(notified_at__isnull=True).order_by("pk")[:MAX_TOLD])
    if not waiting:
        return 0
    with reading_as(saved.owner):
        cards = _still_found(saved, waiting)
        there = {(card.hit.kind, card.hit.object_id) for card in cards}
        told = [row.pk for row in waiting if (row.kind, row.object_id) in there]
        if cards:
            _notify(saved, cards, key=f"{saved.pk}:{told[0]}")
    if saved.frequency == Frequency.INSTANT and len(told) > LISTED:
        SavedSearch.objects.filter(pk=saved.pk).update(next_at=moment + PAUSE)
    saved.known.filter(pk__in=told).update(notified_at=moment)
    saved.known.filter(pk__in=[row.pk for row in waiting if row.pk not in set(told)]).delete()
    return len(told)


def _still_found(saved: SavedSearch, waiting: Sequence[KnownResult]) -> list[Card]:
    search_params = params_of(saved)
    cards: list[Card] = []
    for kind in kinds_of(saved) if search_params is not None else ():
        ids = [row.object_id for row in waiting if row.kind == kind]
        for start in range(0, len(ids), MOST):
            request = search_params.of_kind(kind).request(among=tuple(ids[start : start + MOST]), limit=MOST)  # type: ignore[union-attr]
            cards += cards_of(saved.owner, kind, search(saved.owner, request).hits)
    return cards


def _notify(saved: SavedSearch, cards: Sequence[Card], *, key: str) -> None:
    """In the owner's language, which is active."""
    names = ", ".join(card.hit.name for card in cards[:NAMED])
    url = reverse("saved_search", args=[saved.pk])
    notify([saved.owner_id], notification_types.NEW_RESULTS.code, key=key, url=url, name=saved.name, count=len(cards), names=names)
    stop_url = settings.SITE_URL + stop_path(saved)
    email = compose_email(
        saved.owner,
        key=f"saved-search:{key}",
        template="saved_search",
        subject=_("New in your search “%(name)s”: %(count)s") % {"name": saved.name, "count": len(cards)},
        context={
            "saved": saved,
            "cards": cards[:LISTED],
            "more": max(0, len(cards) - LISTED),
            "action_url": settings.SITE_URL + url,
            "action_label": _("See all results"),
            "stop_url": stop_url,
            "settings_url": settings.SITE_URL + reverse("saved_searches"),
        },
    )
    email.unsubscribe_url = stop_url
    queue_emails([email])
