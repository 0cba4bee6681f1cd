"""Actions on threads: open, participants, messages, read status. Messages are added under the lock of the thread's row."""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from exchange.core.errors import DomainError, Refusal
from exchange.core.jobs.outbox import enqueue
from exchange.core.live_events import push_event
from exchange.core.translated import Translated
from exchange.core.uploads import DOCUMENT, check_upload
from messaging.models import Attachment, Message, Participant, Thread
from messaging.models.threads import storage_path
from messaging.notification_types import event_line
from messaging.payloads import pack_payload

MAX_MESSAGE_LENGTH = 8000
MAX_FILES = 5


def open_thread(
    *,
    title: Translated,
    about_url: str = "",
    kind: str = Thread.Kind.APPLICATION,
    people: Mapping[str, Iterable[int]] | None = None,
    line: str = "",
) -> Thread:
    """Create a thread with `people` by capacity as participants, and with a first event line when `line` is its code.

    At most three queries for any number of people. Raises LookupError for an unknown line.
    """
    if line and event_line(line) is None:
        raise LookupError(f"no event line is called {line}")
    thread: Thread = Thread.objects.create(title=title, about_url=about_url, kind=kind, head=1 if line else 0)
    capacities = {user_id: capacity for capacity, ids in (people or {}).items() for user_id in ids}
    Participant.objects.bulk_create(
        [Participant(thread=thread, user_id=user_id, capacity=capacity) for user_id, capacity in sorted(capacities.items())]
    )
    if line:
        Message.objects.create(thread=thread, number=1, kind=Message.Kind.EVENT, author=None, body=line)
    push_event(capacities, "thread", thread=thread.pk, head=thread.head)
    return thread


@transaction.atomic
def add_participants(thread: Thread, user_ids: Iterable[int], *, capacity: str) -> None:
    """Add these users as `capacity` (expert, host, coordinator, asker); existing participants are unchanged.

    They may read all earlier messages, which do not count as unread. Sends a live event to them.
    """
    wanted = set(user_ids)
    if not wanted:
        return
    head = _lock(thread).head
    now = timezone.now()
    fresh = {"capacity": capacity, "joined_at": now, "left_at": None, "read_number": head, "mailed_number": head}
    thread.participants.filter(user_id__in=wanted, left_at__isnull=False).update(**fresh)
    Participant.objects.bulk_create(
        [Participant(thread=thread, user_id=user_id, **fresh) for user_id in sorted(wanted)], ignore_conflicts=True
    )
    push_event(wanted, "thread", thread=thread.pk, head=head)


def set_thread_link(thread: Thread, about_url: str) -> None:
    """Set the page that the thread links to; every current participant must be allowed to open it."""
    Thread.objects.filter(pk=thread.pk).update(about_url=about_url)
    thread.about_url = about_url


@transaction.atomic
def remove_participants(thread: Thread, user_ids: Iterable[int]) -> None:
    """Remove these users, who can no longer see the thread. Sends a live event to them."""
    leaving = set(user_ids)
    _lock(thread)
    if thread.participants.filter(user_id__in=leaving, left_at__isnull=True).update(left_at=timezone.now()):
        push_event(leaving, "threads")


def post_message(
    thread: Thread,
    *,
    by: User,
    body: str,
    client_id: uuid.UUID | str | None = None,
    files: Sequence[UploadedFile] = (),
    reply_to: int | None = None,
) -> Message:
    """Store a message under the next number of its thread and notify all participants.

    The same `client_id` from the same user is the same message: the stored one is returned, and nothing is sent twice.
    `reply_to` is the number of the message it answers; one that this thread does not have is left out.
    Raises DomainError for an empty or too long message and for an invalid file; Refusal when `by` is not a participant.
    Sends after commit: a live event to every participant, and later a digest by e-mail to those who have not read it.
    """
    text = body.replace("\r\n", "\n").strip()
    check_text(text, files=bool(files))
    names = _check_files(files)
    identity = _as_uuid(client_id)
    # Files are stored before the thread is locked, so that a slow disk does not block others.
    stored = [default_storage.save(storage_path(name), upload) for upload, name in zip(files, names, strict=True)]
    attachments = [
        Attachment(file=path, name=name, size=upload.size or 0) for path, name, upload in zip(stored, names, files, strict=True)
    ]
    data = {"files": len(attachments)} if attachments else {}
    if reply_to and thread.messages.filter(number=reply_to, kind=Message.Kind.TEXT).exists():
        data["reply"] = reply_to
    is_new = False
    try:
        message = _store(Message(thread=thread, author=by, body=text, client_id=identity, data=data), by, attachments)
        is_new = True
    except IntegrityError:
        # Stored by an earlier attempt: the rollback has released the number of this one.
        known: Message | None = thread.messages.filter(author=by, client_id=identity).first()
        if known is None:
            raise
        message = known
    finally:
        if not is_new:
            for path in stored:
                default_storage.delete(path)
    return message


@transaction.atomic
def _store(message: Message, by: User, attachments: list[Attachment]) -> Message:
    """Store a new message. Raises Refusal when `by` is not a participant, IntegrityError when its client id exists."""
    thread = message.thread
    readers = _add_message(message)
    if by.pk not in readers:
        raise Refusal(_("You do not take part in this conversation."))
    if attachments:
        for attachment in attachments:
            attachment.message = message
        Attachment.objects.bulk_create(attachments)
    # One after the other goes out: the others first, because the author's own page has the message already.
    push_event(sorted(readers, key=lambda reader: reader == by.pk), "thread", thread=thread.pk, head=message.number)
    enqueue("messaging.digest", delay=timedelta(seconds=settings.MESSAGE_DIGEST_DELAY), thread_id=thread.pk)
    return message


@transaction.atomic
def post_event(thread: Thread, code: str, data: dict[str, Any] | None = None) -> Message:
    """Add an event line; `code` is registered by the app that posts it. Raises LookupError for an unknown code."""
    if event_line(code) is None:
        raise LookupError(f"no event line is called {code}")
    message = Message(thread=thread, kind=Message.Kind.EVENT, body=code, data=pack_payload(data or {}))
    push_event(_add_message(message), "thread", thread=thread.pk, head=message.number)
    return message


def mark_read(thread: Thread, *, by: User, number: int) -> bool:
    """Record that `by` has read up to `number`; never lowers it. Sends a live event to all participants. True when that changed something."""
    number = min(number, Thread.objects.values_list("head", flat=True).get(pk=thread.pk))
    moved = thread.participants.filter(user=by, left_at__isnull=True, read_number__lt=number).update(read_number=number)
    if moved:
        push_event([by.pk], "counts")
        push_event([pk for pk in _current_ids(thread) if pk != by.pk], "read", thread=thread.pk, number=number)
    return bool(moved)


ADD_MESSAGE = """
UPDATE messaging_thread SET head = head + 1, last_at = %(now)s WHERE id = %(thread)s RETURNING head;
INSERT INTO messaging_message (thread_id, number, kind, author_id, body, data, client_id, created_at)
    SELECT id, head, %(kind)s, %(author)s, %(body)s, %(data)s::jsonb, %(client_id)s, %(now)s
    FROM messaging_thread WHERE id = %(thread)s RETURNING id;
SELECT user_id FROM messaging_participant WHERE thread_id = %(thread)s AND left_at IS NULL
"""


def _add_message(message: Message) -> list[int]:
    """Store this message under the next number of its thread; returns the ids of the participants. Raises Thread.DoesNotExist.

    The thread's row stays locked until the transaction ends; a rollback releases the number. Three statements in one call: the others
    start after the lock is taken, so they see participants who joined or left while the first one waited.
    """
    columns = ("kind", "body", "client_id")
    values = {name: getattr(message, name) for name in columns} | {"thread": message.thread_id, "author": message.author_id}
    with connection.cursor() as cursor:
        cursor.execute(ADD_MESSAGE, values | {"now": message.created_at, "data": json.dumps(message.data)})
        row = cursor.fetchone()
        if row is None:
            raise Thread.DoesNotExist
        message.number = row[0]
        cursor.nextset()
        message.pk = cursor.fetchone()[0]
        cursor.nextset()
        return [user_id for (user_id,) in cursor.fetchall()]


def _lock(thread: Thread) -> Thread:
    locked: Thread = Thread.objects.select_for_update().get(pk=thread.pk)
    return locked


def _current_ids(thread: Thread) -> list[int]:
    return list(thread.participants.filter(left_at__isnull=True).values_list("user_id", flat=True))


def check_text(text: str, *, files: bool) -> None:
    """Raise DomainError for a text that cannot be a message: empty without files, too long, or with characters that cannot be stored."""
    if not text and not files:
        raise DomainError(_("Write something, or attach a file."), code="empty")
    if len(text) > MAX_MESSAGE_LENGTH:
        raise DomainError(
            _("The message is too long: %(length)s characters, at most %(most)s fit.")
            % {"length": len(text), "most": MAX_MESSAGE_LENGTH},
            code="too-long",
        )
    if "\x00" in text:
        raise DomainError(_("The message contains characters that cannot be stored."), code="bad-characters")


def _check_files(files: Sequence[UploadedFile]) -> list[str]:
    """The cleaned names of the files. Raises DomainError for an invalid file."""
    if len(files) > MAX_FILES:
        raise DomainError(
            ngettext("At most %(most)s file fits a message.", "At most %(most)s files fit a message.", MAX_FILES)
            % {"most": MAX_FILES},
            code="too-many-files",
        )
    try:
        return [check_upload(upload, DOCUMENT) for upload in files]
    except ValidationError as error:
        raise DomainError(" ".join(error.messages), code="file") from error


def _as_uuid(value: uuid.UUID | str | None) -> uuid.UUID:
    if isinstance(value, uuid.UUID):
        return value
    try:
        return uuid.UUID(value) if value else uuid.uuid4()
    except ValueError:
        raise DomainError(_("The message has an invalid identifier."), code="bad-client-id", status=400) from None
