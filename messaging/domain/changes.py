"""Changes of stored messages: their text, deleting, reactions.

Every change is made under the lock of the thread's row and raises its `revision`, which the message then carries. Pages hear of it by a
live event with the number of the message; who missed it asks for everything after the last revision they know.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from exchange.core.errors import DomainError, Refusal
from exchange.core.files import delete_files, stored_names
from exchange.core.live_events import push_event
from messaging.domain.threads import check_text
from messaging.models import Message, MessageVersion, Reaction, Thread
from messaging.rules import CHANGE_MINUTES, SIGNS, may_change


def edit_message(thread: Thread, number: int, *, by: User, body: str) -> Message:
    """Replace the text of a message; the earlier text can be looked up by its readers. The same text again changes nothing.

    Refuses (DomainError) an unfit text, and everybody but its author within CHANGE_MINUTES; Refusal for who is no participant.
    """
    text = body.replace("\r\n", "\n").strip()
    with _changing(thread, number, by) as message:
        _require_own(message, by)
        check_text(text, files=bool(message.data.get("files")))
        if text != message.body:
            MessageVersion.objects.create(message=message, body=message.body)
            message.data["versions"] = message.data.get("versions", 0) + 1
            message.body, message.edited_at = text, timezone.now()
    return message


def remove_message(thread: Thread, number: int, *, by: User) -> Message:
    """Delete the text, earlier texts, reactions and files of a message. Its number stays, and a line says that it was deleted.

    Refuses (DomainError) everybody but its author within CHANGE_MINUTES; Refusal for who is no participant.
    """
    with _changing(thread, number, by) as message:
        _require_own(message, by)
        files = list(message.attachments.all())
        delete_files(name for file in files for name in stored_names(file))
        for rows in (message.attachments, message.versions, message.reactions):
            rows.all().delete()
        kept = {name: message.data[name] for name in ("reply",) if name in message.data}
        message.body, message.data, message.removed_at = "", kept, timezone.now()
    return message


def react(thread: Thread, number: int, *, by: User, sign: str, on: bool = True) -> Message:
    """Put a sign under a message, or take it away; the second time changes nothing. Refuses (DomainError) an unknown sign and a deleted message."""
    if sign not in SIGNS:
        raise DomainError(_("This reaction is not known."), code="unknown-sign")
    with _changing(thread, number, by) as message:
        if on:
            Reaction.objects.get_or_create(message=message, user=by, sign=sign)
        else:
            Reaction.objects.filter(message=message, user=by, sign=sign).delete()
        _count_reactions(message)
    return message


@transaction.atomic
def forget_reactions(user: User) -> None:
    """Take away all reactions of a user, for an account that is deleted. Open pages hear of it as of any other change."""
    for message in Message.objects.filter(reactions__user=user).distinct().order_by("thread_id", "pk"):
        locked = Thread.objects.select_for_update().get(pk=message.thread_id)
        message.refresh_from_db()
        message.reactions.filter(user=user).delete()
        _count_reactions(message)
        _store(locked, message, _readers(locked))


def _count_reactions(message: Message) -> None:
    """Put the counts by sign into the message's `data`, not saved; nothing where there are none."""
    rows = message.reactions.order_by().values_list("sign").annotate(n=Count("pk"))
    counts = dict(rows)
    message.data = {name: value for name, value in message.data.items() if name != "reactions"}
    if counts:
        message.data["reactions"] = {sign: counts[sign] for sign in SIGNS if sign in counts}


@contextmanager
def _changing(thread: Thread, number: int, by: User) -> Iterator[Message]:
    """The message under its thread's lock. What the block changed is stored with a new revision, and the others hear of it."""
    with transaction.atomic():
        locked = Thread.objects.select_for_update().get(pk=thread.pk)
        readers = _readers(locked)
        if by.pk not in readers:
            raise Refusal(_("You do not take part in this conversation."))
        message = locked.messages.filter(number=number, kind=Message.Kind.TEXT).select_related("author").first()
        if message is None or message.removed_at is not None:
            raise DomainError(pgettext("refusal; a message", "This message was deleted."), code="gone")
        before = (message.body, message.removed_at, dict(message.data))
        yield message
        if before == (message.body, message.removed_at, message.data):
            return
        _store(locked, message, readers)


def _store(locked: Thread, message: Message, readers: Iterable[int]) -> None:
    """Save what changed under the thread's next revision, and tell the readers. The caller holds the lock of the thread."""
    locked.revision += 1
    message.revision = locked.revision
    locked.save(update_fields=["revision"])
    message.save(update_fields=["body", "data", "revision", "edited_at", "removed_at"])
    push_event(readers, "changed", thread=locked.pk, number=message.number, revision=locked.revision)


def _readers(thread: Thread) -> list[int]:
    return list(thread.participants.filter(left_at__isnull=True).values_list("user_id", flat=True))


def _require_own(message: Message, by: User) -> None:
    if message.author_id != by.pk:
        raise Refusal(_("Only its author can change a message."))
    if not may_change(message, by.pk, timezone.now()):
        raise DomainError(
            _("A message can be changed for %(minutes)s minutes after it was sent. Send another one.")
            % {"minutes": CHANGE_MINUTES},
            code="too-late",
        )
