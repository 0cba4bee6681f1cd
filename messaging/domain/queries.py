"""Queries of the pages and the API: lists of threads, one thread with its participants, missed messages, counts, notifications."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from accounts.models import User
from exchange.core.compiled import CompiledQuery, Parameter
from exchange.core.date_format import as_date
from exchange.core.paging import Page, keyset_page
from messaging.domain.message_parts import ReactionCount, reaction_counts, with_parts
from messaging.domain.other_people import other_people, other_people_of
from messaging.models import Attachment, Message, Notification, Participant, Thread
from messaging.notification_types import event_line
from messaging.payloads import fill_text

MESSAGES_PER_PAGE = 50
THREADS_PER_PAGE = 20
MAX_MISSED_MESSAGES = 500

CAPACITIES: dict[str, Promise] = {
    "expert": pgettext_lazy("role in a conversation", "Expert"),
    "asker": pgettext_lazy("role in a conversation", "Who asks"),
    "host": pgettext_lazy("role in a conversation", "Host institution"),
    "coordinator": pgettext_lazy("role in a conversation", "Coordinator"),
}


# ---- counts ---------------------------------------------------------------------------------------------------------


def unread_messages(user: Any) -> "QuerySet[Message]":
    """Messages of others in this user's threads that they have not read."""
    return _unread_messages_of(user.pk)


def _unread_messages_of(user_id: Any) -> "QuerySet[Message]":
    return Message.objects.filter(
        thread__participants__user_id=user_id,
        thread__participants__left_at__isnull=True,
        thread__head__gt=F("thread__participants__read_number"),
        number__gt=F("thread__participants__read_number"),
        kind=Message.Kind.TEXT,
        removed_at__isnull=True,
    ).exclude(author_id=user_id)


def unread_message_count(user: Any) -> int:
    return unread_messages(user).count() if user.is_authenticated else 0


def unread_notification_count(user: Any) -> int:
    count: int = Notification.objects.visible_to(user).unread().count()
    return count


@dataclass(frozen=True)
class Unread:
    """The two numbers in the bar."""

    messages: int = 0
    notifications: int = 0


def unread_counts(user: Any) -> Unread:
    """Both counts in one query, which every page asks."""
    return Unread(**dict(_unread_counts(user=user.pk))) if user.is_authenticated and user.is_active else Unread()


def _count_both() -> "QuerySet[Any]":
    sources: dict[str, QuerySet[Any]] = {
        "messages": _unread_messages_of(Parameter("user")),
        "notifications": Notification.objects.filter(user_id=Parameter("user")).unread(),
    }
    messages, notifications = [
        rows.order_by().annotate(source=Value(name)).values("source").annotate(n=Count("pk")).values_list("source", "n")
        for name, rows in sources.items()
    ]
    return messages.union(notifications, all=True)


_unread_counts = CompiledQuery(_count_both)


# ---- lists ----------------------------------------------------------------------------------------------------------


@dataclass
class ThreadRow:
    """A thread in a list, with the people it is with, its last message and the number of unread ones."""

    thread: Thread
    people: str
    unread: int
    last: "VisibleMessage | None"


def thread_page(user: User, *, cursor: str | None = None, size: int = THREADS_PER_PAGE) -> Page[Any]:
    """This user's threads as ThreadRow, the most recently active first."""
    page = keyset_page(participations(user), ("-thread__last_at", "-thread_id"), cursor=cursor, size=size)
    people = other_people_of([mine.thread_id for mine in page.items], user.pk)
    rows = [_thread_row(mine, people[mine.thread_id], last, user) for mine, last in _with_last(page.items)]
    return Page(rows, page.next, page.first)


def participations(user: User) -> "QuerySet[Participant]":
    """The user's current participations, each with its thread and `unread`."""
    unread = (
        Message.objects.filter(
            thread_id=OuterRef("thread_id"), number__gt=OuterRef("read_number"), kind=Message.Kind.TEXT, removed_at__isnull=True
        )
        .exclude(author_id=user.pk)
        .order_by()
        .values("thread_id")
        .annotate(n=Count("pk"))
        .values("n")
    )
    mine = Participant.objects.filter(user_id=user.pk, left_at__isnull=True)
    return mine.select_related("thread").annotate(unread=Coalesce(Subquery(unread), 0))


def _with_last(rows: Iterable[Participant]) -> list[tuple[Participant, Message | None]]:
    mine = list(rows)
    last = {
        message.thread_id: message
        for message in Message.objects.filter(thread__in=[row.thread_id for row in mine], number=F("thread__head")).select_related(
            "author"
        )
    }
    return [(row, last.get(row.thread_id)) for row in mine]


def _thread_row(mine: Any, people: str, last: Message | None, user: User) -> ThreadRow:
    return ThreadRow(mine.thread, people, mine.unread, VisibleMessage(last, mine=last.author_id == user.pk) if last else None)


# ---- one conversation -----------------------------------------------------------------------------------------------


@dataclass
class VisibleMessage:
    """A message for one reader. `day` is set on the first message of a day; `read` when another participant has read it."""

    message: Message
    mine: bool = False
    day: dt.date | None = None
    read: bool = False
    reactions: list[ReactionCount] = field(default_factory=list)

    @property
    def event(self) -> str:
        """The event line in the reader's language; empty for a text message."""
        if self.message.kind != Message.Kind.EVENT:
            return ""
        line = event_line(self.message.body)
        return fill_text(line.text, self.message.data) if line else ""

    @property
    def is_event(self) -> bool:
        return self.message.kind == Message.Kind.EVENT

    @property
    def files(self) -> list[Attachment]:
        return list(self.message.attachments.all()) if self.message.data.get("files") else []

    @property
    def author(self) -> str:
        return self.message.author.get_full_name() if self.message.author else ""


@dataclass
class Reader:
    """A participant of a thread."""

    name: str
    me: bool
    since: dt.datetime
    late: bool
    """True for participants who joined after the first message."""


@dataclass
class Readers:
    """The participants of a thread by capacity, and how far the others have read."""

    groups: list[tuple[str, list[Reader]]] = field(default_factory=list)
    others: str = ""
    """Whom the reader talks with."""
    read_number: int = 0
    """The number of the last message that another participant has read."""
    my_number: int = 0

    @property
    def count(self) -> int:
        return sum(len(people) for _label, people in self.groups)


@dataclass
class ThreadView:
    """A page of a thread: messages in order, whether earlier or later ones exist, its participants."""

    thread: Thread
    messages: list[VisibleMessage]
    readers: Readers
    earlier: int | None
    """The message number that earlier messages are requested with; None when the first message is on this page."""
    newest: bool


@dataclass
class MissedMessages:
    """All messages after a number, in order; or `reset`, when they are too many and the page must be reloaded."""

    thread: Thread
    messages: list[VisibleMessage]
    read_number: int
    reset: bool = False


def readers_of(thread: Thread, user: User) -> Readers:
    """The current participants; one query."""
    current = list(thread.participants.filter(left_at__isnull=True).select_related("user").order_by("joined_at", "pk"))
    found = Readers(others=other_people(current, user.pk))
    groups: dict[str, list[Reader]] = {}
    opened = thread.created_at + dt.timedelta(minutes=1)
    for participant in current:
        me = participant.user_id == user.pk
        reader = Reader(participant.user.get_full_name(), me, participant.joined_at, participant.joined_at > opened)
        groups.setdefault(participant.capacity, []).append(reader)
        if me:
            found.my_number = participant.read_number
        else:
            found.read_number = max(found.read_number, participant.read_number)
    order = {code: place for place, code in enumerate(CAPACITIES)}
    for code in sorted(groups, key=lambda code: order.get(code, len(order))):
        found.groups.append((str(CAPACITIES.get(code, code)), groups[code]))
    return found


def thread_view(thread: Thread, user: User, *, before: int | None = None) -> ThreadView:
    """The newest page of a thread, or the one before message number `before`."""
    rows = _messages(thread)
    if before is not None:
        rows = rows.filter(number__lt=before)
    found = with_parts(rows.order_by("-number")[: MESSAGES_PER_PAGE + 1])
    more = len(found) > MESSAGES_PER_PAGE
    found = found[:MESSAGES_PER_PAGE][::-1]
    readers = readers_of(thread, user)
    return ThreadView(
        thread=thread,
        messages=_shown(found, user, readers.read_number),
        readers=readers,
        earlier=found[0].number if more else None,
        newest=before is None or before > thread.head,
    )


_participants_with_thread = CompiledQuery(
    lambda: Participant.objects.filter(thread_id=Parameter("thread"), left_at__isnull=True).select_related("thread")
)


def thread_with_read_status(user: User, pk: int) -> Thread | None:
    """The thread, if this user is a participant, with `read_by_others`: the highest number that another participant has read. One query."""
    rows = _participants_with_thread(thread=pk)
    if not user.is_active or all(row.user_id != user.pk for row in rows):
        return None
    thread: Thread = rows[0].thread
    thread.read_by_others = max((row.read_number for row in rows if row.user_id != user.pk), default=0)
    return thread


_messages_between = CompiledQuery(
    lambda: (
        Message.objects.filter(thread_id=Parameter("thread"), number__range=(Parameter("first"), Parameter("last")))
        .select_related("author")
        .order_by("number")
    )
)


def missed_messages_after(thread: Thread, user: User, number: int) -> MissedMessages:
    """All messages after `number`, up to the head that `thread` was loaded with; or a reset, never a part of them.

    A number above the head (after restoring an older database) is a reset too. `thread` comes from `thread_with_read_status`.
    """
    read_number = thread.read_by_others
    if not 0 <= thread.head - number <= MAX_MISSED_MESSAGES:
        return MissedMessages(thread, [], read_number, reset=True)
    # The message before the gap is loaded too, to see whether a new day begins after it.
    rows = with_parts(_messages_between(thread=thread.pk, first=number, last=thread.head))
    before = rows.pop(0) if rows and rows[0].number == number else None
    return MissedMessages(thread, _shown(rows, user, read_number, before), read_number)


def changed_messages_after(thread: Thread, user: User, revision: int) -> MissedMessages:
    """The messages that changed after this revision of the thread, in the order of their numbers; a reset when they are too many.

    `thread` comes from `thread_with_read_status`, loaded before them: a change meanwhile is delivered now and once more later.
    """
    rows = list(_messages(thread).filter(revision__gt=revision).order_by("number")[: MAX_MISSED_MESSAGES + 1])
    if revision > thread.revision or len(rows) > MAX_MISSED_MESSAGES:
        return MissedMessages(thread, [], thread.read_by_others, reset=True)
    shown = _shown(with_parts(rows), user, thread.read_by_others)
    return MissedMessages(thread, [replace(row, day=None) for row in shown], thread.read_by_others)


def one_message(thread: Thread, user: User, number: int) -> VisibleMessage | None:
    """A text message of the thread, for its own page."""
    rows = with_parts(_messages(thread).filter(number=number, kind=Message.Kind.TEXT))
    return _shown(rows, user, thread.read_by_others)[0] if rows else None


def _messages(thread: Thread) -> "QuerySet[Message]":
    return Message.objects.filter(thread=thread).select_related("author")


def _shown(messages: list[Message], user: User, read_number: int, before: Message | None = None) -> list[VisibleMessage]:
    shown = []
    last_day = as_date(before.created_at) if before else None
    for message in messages:
        day = as_date(message.created_at)
        mine = message.author_id == user.pk
        reactions = reaction_counts(message, user.pk)
        first_of_day = day if day != last_day else None
        shown.append(VisibleMessage(message, mine, first_of_day, read=mine and message.number <= read_number, reactions=reactions))
        last_day = day
    return shown


def visible_attachments(user: User) -> "QuerySet[Attachment]":
    """Files of the threads in which this user participates."""
    return Attachment.objects.filter(message__thread__in=Thread.objects.visible_to(user))
