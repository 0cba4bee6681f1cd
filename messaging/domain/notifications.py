"""Notifications: one outbox event with the change; the worker then creates a row, a live event and an e-mail for each recipient."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.domain.consents import record_consent
from accounts.models import User
from accounts.states import ConsentKind, ConsentWay
from exchange.core.jobs.outbox import enqueue_many
from exchange.core.live_events import push_event
from messaging.models import Notification, NotificationPreference
from messaging.notification_types import all_notification_types, notification_type
from messaging.payloads import pack_payload

MAX_KEY_LENGTH = 120


def notify(user_ids: Iterable[int], kind: str, *, key: str, url: str, **data: Any) -> None:
    """Enqueue a notification to these users in the current transaction; a worker delivers it after commit.

    `key` identifies the event: a user is notified once for each kind and key. `data` fills the placeholders of the texts of the kind:
    strings, numbers, dates, moments, lazy strings, or texts by language, each localised for its reader.
    Raises LookupError for an unregistered kind, ValueError when a placeholder has no value or the key is too long.
    """
    notify_all([NotificationRequest(user_ids, kind, key, url, data)])


@dataclass(frozen=True)
class NotificationRequest:
    """The arguments of one `notify` call, for `notify_all`."""

    user_ids: Iterable[int]
    kind: str
    key: str
    url: str
    data: Mapping[str, Any]


def notify_all(requests: Iterable[NotificationRequest]) -> None:
    """As `notify`, for several notifications in one statement."""
    payloads = []
    for piece in requests:
        missing = notification_type(piece.kind).placeholders - set(piece.data)
        if missing:
            raise ValueError(f"a notification of kind {piece.kind} needs {', '.join(sorted(missing))}")
        if len(piece.key) > MAX_KEY_LENGTH:
            raise ValueError(f"the key of this notification is longer than {MAX_KEY_LENGTH}: {piece.key}")
        people = sorted({user_id for user_id in piece.user_ids if user_id is not None})
        if people:
            values = pack_payload(piece.data)
            payloads.append({"user_ids": people, "kind_code": piece.kind, "once": piece.key, "url": piece.url, "data": values})
    if payloads:
        enqueue_many("messaging.notify", payloads)


def mark_notifications_read(*, by: User, ids: Iterable[int] | None = None) -> int:
    """Mark the user's notifications as read, all of them without `ids`; a live event updates their tabs. Returns how many were unread."""
    unread = Notification.objects.visible_to(by).unread()
    if ids is not None:
        unread = unread.filter(pk__in=list(ids))
    changed: int = unread.update(read_at=timezone.now())
    if changed:
        push_event([by.pk], "counts")
    return changed


@transaction.atomic
def set_mail_preferences(wanted: dict[str, bool], *, by: User) -> None:
    """Store which kinds of notifications this user wants by e-mail; urgent kinds and unknown codes are ignored.

    Every change is recorded as a consent or a withdrawal.
    """
    rows = [
        NotificationPreference(user=by, kind=kind.code, by_mail=wanted[kind.code])
        for kind in all_notification_types()
        if kind.mail and not kind.urgent and kind.code in wanted
    ]
    before = dict(NotificationPreference.objects.filter(user=by).values_list("kind", "by_mail"))
    for row in rows:
        if row.by_mail != before.get(row.kind, True):
            record_consent(by, ConsentKind.MAIL, given=row.by_mail, way=ConsentWay.SETTINGS, detail=row.kind)
    NotificationPreference.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "kind"], update_fields=["by_mail"]
    )
