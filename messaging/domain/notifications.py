"""Telling people: one outbox row with the change, then a row, a bell and a letter for each of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.domain.consents import record_consent
from accounts.models import User
from accounts.states import ConsentKind, ConsentWay
from exchange.core.bells import ring
from exchange.core.jobs.outbox import emit_many
from messaging.kinds import all_kinds, kind_of
from messaging.models import Notification, NotificationPreference
from messaging.values import pack_values

LONGEST_KEY = 120


def notify(user_ids: Iterable[int], kind: str, *, key: str, url: str, **data: Any) -> None:
    """In the current transaction, note that these people are to be told; a worker does it after commit.

    `key` names the event: of one kind, it tells a person once however often this is called. `data` fills the placeholders of the
    kind's words: strings, numbers, dates, moments, lazy words, or texts by language, each localised for its reader.
    Raises LookupError for a kind nobody registered, ValueError when a placeholder has no value or the key is too long.
    """
    notify_all([News(user_ids, kind, key, url, data)])


@dataclass(frozen=True)
class News:
    """What `notify` is called with, to be told together with other news."""

    user_ids: Iterable[int]
    kind: str
    key: str
    url: str
    data: Mapping[str, Any]


def notify_all(news: Iterable[News]) -> None:
    """As `notify`, for several pieces of news in one statement."""
    payloads = []
    for piece in news:
        missing = kind_of(piece.kind).placeholders - set(piece.data)
        if missing:
            raise ValueError(f"news of kind {piece.kind} needs {', '.join(sorted(missing))}")
        if len(piece.key) > LONGEST_KEY:
            raise ValueError(f"the key of this news is longer than {LONGEST_KEY}: {piece.key}")
        people = sorted({user_id for user_id in piece.user_ids if user_id is not None})
        if people:
            values = pack_values(piece.data)
            payloads.append({"user_ids": people, "news": piece.kind, "once": piece.key, "url": piece.url, "data": values})
    if payloads:
        emit_many("messaging.notify", payloads)


def mark_notifications_read(*, by: User, ids: Iterable[int] | None = None) -> int:
    """Mark one's own news as read, all of it without `ids`; the open tabs count anew. Returns how many were unread."""
    unread = Notification.objects.visible_to(by).unread()
    if ids is not None:
        unread = unread.filter(pk__in=list(ids))
    changed: int = unread.update(read_at=timezone.now())
    if changed:
        ring([by.pk], "counts")
    return changed


@transaction.atomic
def set_mail_preferences(wanted: dict[str, bool], *, by: User) -> None:
    """Store which kinds of news this person wants by mail; urgent kinds and unknown codes are left out silently.

    Every change of mind is written into the log of consents.
    """
    rows = [
        NotificationPreference(user=by, kind=kind.code, by_mail=wanted[kind.code])
        for kind in all_kinds()
        if kind.mail and not kind.urgent and kind.code in wanted
    ]
    before = dict(NotificationPreference.objects.filter(user=by).values_list("kind", "by_mail"))
    for row in rows:
        if row.by_mail != before.get(row.kind, True):
            record_consent(by, ConsentKind.MAIL, given=row.by_mail, way=ConsentWay.SETTINGS, detail=row.kind)
    NotificationPreference.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "kind"], update_fields=["by_mail"]
    )
