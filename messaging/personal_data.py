"""Personal data of messaging: export, erasure, retention."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from exchange.core.personal_data import Piece, StoredFile, Table, delete_batch, delete_with_files, row_of
from messaging.domain.changes import forget_reactions
from messaging.domain.notification_queries import notification_row
from messaging.models import Attachment, Mail, Message, MessageVersion, Notification, NotificationPreference, Participant, Reaction
from messaging.notification_types import event_line, notification_name
from messaging.payloads import fill_text

CHUNK = 500

# ---- export ----------------------------------------------------------------------------------------------------------


def export_messages(user: User) -> Iterator[Piece]:
    """Threads of the user: all messages of current ones; of those they left, only their own messages.

    Other people are named as on the page; only files that the user sent are included.
    """
    rows = Participant.objects.filter(user=user).select_related("thread").order_by("thread_id")
    yield Table(
        "conversations",
        (
            row_of(row, "capacity", "joined_at", "left_at", conversation=row.thread_id, title=row.thread.title)
            for row in rows.iterator(chunk_size=CHUNK)
        ),
    )
    inside = Participant.objects.filter(thread=OuterRef("thread_id"), user=user, left_at__isnull=True)
    messages = Message.objects.filter(Q(author=user) | Exists(inside)).select_related("author").prefetch_related("attachments")
    ordered = messages.order_by("thread_id", "number")
    yield Table("messages", (_message_data(message, user) for message in ordered.iterator(chunk_size=CHUNK)))
    earlier = MessageVersion.objects.filter(message__author=user).select_related("message").order_by("pk")
    yield Table(
        "earlier_texts",
        (row_of(row, "body", "replaced_at", conversation=row.message.thread_id, number=row.message.number) for row in earlier),
    )
    signs = Reaction.objects.filter(user=user).select_related("message").order_by("pk")
    yield Table(
        "reactions",
        (row_of(row, "sign", "created_at", conversation=row.message.thread_id, number=row.message.number) for row in signs),
    )
    sent = Attachment.objects.filter(message__author=user).order_by("pk")
    for attachment in sent.iterator(chunk_size=CHUNK):
        yield StoredFile(str(attachment.file.name), attachment.name)


def _message_data(message: Message, user: User) -> dict[str, Any]:
    files = [attachment.name for attachment in message.attachments.all()]
    said = {"conversation": message.thread_id, "number": message.number, "at": message.created_at.isoformat()}
    if message.kind == Message.Kind.EVENT:
        line = event_line(message.body)
        return said | {"event": fill_text(line.text, message.data) if line else message.body}
    author = "me" if message.author_id == user.pk else message.author.get_full_name() if message.author else ""
    parts = {
        "files": files,
        "reply_to": message.data.get("reply"),
        "edited_at": message.edited_at and message.edited_at.isoformat(),
        "deleted_at": message.removed_at and message.removed_at.isoformat(),
    }
    return said | {"author": author, "text": message.body} | {name: value for name, value in parts.items() if value}


def export_notifications(user: User) -> Iterator[Piece]:
    rows = Notification.objects.filter(user=user).order_by("pk")
    yield Table("notifications", (_notification_data(row) for row in rows.iterator(chunk_size=CHUNK)))
    emails = Mail.objects.filter(user=user).order_by("pk")
    yield Table(
        "emails",
        (row_of(row, "address", "subject", "text", "state", "created_at", "sent_at") for row in emails.iterator(chunk_size=CHUNK)),
    )
    wishes = NotificationPreference.objects.filter(user=user).order_by("kind")
    yield Table("wishes", (row_of(row, "by_mail", notification=notification_name(row.kind)) for row in wishes))


def _notification_data(notification: Notification) -> dict[str, Any]:
    row = notification_row(notification)
    return row_of(notification, "created_at", "read_at", "url", title=row.title, text=row.text)


# ---- erasure ---------------------------------------------------------------------------------------------------------


def erase_messages(user: User) -> None:
    """Messages stay for their recipients, under the deleted account; sent files, participation, notifications and e-mails are deleted."""
    delete_with_files(Attachment.objects.filter(message__author=user))
    forget_reactions(user)
    for message in Message.objects.filter(author=user, data__has_key="files").select_for_update():
        message.data = {name: value for name, value in message.data.items() if name != "files"} | {
            "files_removed": message.data["files"]
        }
        message.save(update_fields=["data"])
    Participant.objects.filter(user=user, left_at__isnull=True).update(left_at=timezone.now())
    Participant.objects.filter(user=user).update(mailed_at=None)
    delete_with_files(Notification.objects.filter(user=user))
    delete_with_files(Mail.objects.filter(user=user))


# ---- retention -------------------------------------------------------------------------------------------------------


def delete_old_mail(before: datetime.datetime, most: int) -> int:
    finished = Q(state=Mail.State.SENT, sent_at__lt=before) | Q(
        state__in=[Mail.State.FAILED, Mail.State.UNCLEAR], created_at__lt=before
    )
    return delete_batch(Mail.objects.filter(finished), most)


def delete_old_read_notifications(before: datetime.datetime, most: int) -> int:
    return delete_batch(Notification.objects.filter(created_at__lt=before, read_at__isnull=False), most)


def delete_old_notifications(before: datetime.datetime, most: int) -> int:
    return delete_batch(Notification.objects.filter(created_at__lt=before), most)
