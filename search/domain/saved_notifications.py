"""Notifications about saved searches: in the application and by e-mail, at once or in the owner's morning.

Before sending, the search is run again: only what is still found and still visible is sent. Each result is one row for each search and
is kept, so that it is sent once.
"""

import datetime
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from messaging.domain.mail import compose_email, queue_emails, reading_as
from messaging.domain.notifications import notify
from search import notification_types
from search.domain.cards import Card, cards_of
from search.domain.ranking import MAX_HITS, search
from search.domain.saved import kinds_of, next_time, params_of, stop_path
from search.domain.saved_matching import begin_waiting, match_changed
from search.models import Frequency, KnownResult, SavedSearch

MAX_SENT = 1000
PAUSE = datetime.timedelta(hours=1)
"""How long even an instant search waits after an e-mail that could not list everything: imports add people by thousands."""
LISTED, NAMED = 20, 3
"""Results that an e-mail lists, and that the notification names."""


def match_and_notify() -> int:
    """Begin new saved searches, find which ones the changes concern, send what is sent at once; returns for how many searches."""
    begin_waiting()
    match_changed()
    return notify_instant_searches()


def notify_instant_searches(limit: int = 1000) -> int:
    """Send the new results of searches that notify at once; returns for how many searches."""
    waiting = SavedSearch.objects.notifying().filter(
        frequency=Frequency.INSTANT, next_at__isnull=True, known__isnull=False, known__notified_at__isnull=True
    )
    ids = list(waiting.order_by("pk").values_list("pk", flat=True).distinct()[:limit])
    return sum(notify_search(pk) > 0 for pk in ids)


def notify_due_searches(now: datetime.datetime | None = None, limit: int = 2000) -> int:
    """Send the new results of daily and weekly searches whose time has come; returns for how many searches."""
    moment = now or timezone.now()
    ids = SavedSearch.objects.notifying().filter(next_at__lte=moment).order_by("next_at", "pk").values_list("pk", flat=True)
    return sum(notify_search(pk, now=moment) > 0 for pk in list(ids[:limit]))


@transaction.atomic
def notify_search(search_id: int, *, now: datetime.datetime | None = None) -> int:
    """Send the owner a notification and one e-mail with the new results that are still found; returns how many.

    Of several workers only the one that locks the search sends. What is no longer found, or no longer visible, is deleted without
    being sent: when it is found again, it is new.
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
    waiting = list(saved.known.filter(notified_at__isnull=True).order_by("pk")[:MAX_SENT])
    if not waiting:
        return 0
    with reading_as(saved.owner):
        cards = _still_found(saved, waiting)
        there = {(card.hit.kind, card.hit.object_id) for card in cards}
        sent = [row.pk for row in waiting if (row.kind, row.object_id) in there]
        if cards:
            _notify(saved, cards, key=f"{saved.pk}:{sent[0]}")
    if saved.frequency == Frequency.INSTANT and len(sent) > LISTED:
        SavedSearch.objects.filter(pk=saved.pk).update(next_at=moment + PAUSE)
    saved.known.filter(pk__in=sent).update(notified_at=moment)
    saved.known.filter(pk__in=[row.pk for row in waiting if row.pk not in set(sent)]).delete()
    return len(sent)


def _still_found(saved: SavedSearch, waiting: Sequence[KnownResult]) -> list[Card]:
    search_params = params_of(saved)
    cards: list[Card] = []
    for kind in kinds_of(saved) if search_params is not None else ():
        ids = [row.object_id for row in waiting if row.kind == kind]
        for start in range(0, len(ids), MAX_HITS):
            request = search_params.of_kind(kind).request(among=tuple(ids[start : start + MAX_HITS]), limit=MAX_HITS)  # type: ignore[union-attr]
            cards += cards_of(saved.owner, kind, search(saved.owner, request).hits)
    return cards


def _notify(saved: SavedSearch, cards: Sequence[Card], *, key: str) -> None:
    """Expects the owner's language to be active."""
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
