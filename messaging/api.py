"""The messaging app in the API: conversations, their messages, notifications. The same actions and visibility as the pages."""

import datetime as dt
import uuid
from typing import Any

from django.http import FileResponse
from django.urls import reverse
from django.utils.translation import gettext
from ninja import Router, Schema, Status

from accounts.requests import AuthedRequest
from exchange.core.api import MAX_PAGE, get_visible, list_page, page_out
from exchange.core.files import send_file
from exchange.core.paging import keyset_page
from messaging.domain.changes import edit_message, react, remove_message
from messaging.domain.notification_queries import notification_row
from messaging.domain.notifications import mark_notifications_read
from messaging.domain.other_people import other_people_of
from messaging.domain.queries import VisibleMessage, participations, readers_of, visible_attachments
from messaging.domain.threads import mark_read, post_message
from messaging.models import Message, Notification, Participant

router = Router(tags=["messaging"])
MAX_NUMBER = 2_147_483_647


class ItemTransition(Schema):
    """A transition of an item: `POST /<collection>/{id}/{name}`."""

    name: str
    label: str
    reasons: list[str] = []
    note_required: bool = False
    objection: str | None = None


class ThreadOut(Schema):
    """A conversation. `people` names the other side, `head` is the number of its last message, `read` that of the last one the reader has read.

    `revision` counts the changes of its messages.
    """

    id: int
    kind: str
    people: str
    title: dict[str, str]
    about: str
    head: int
    revision: int
    read: int
    unread: int
    last_at: dt.datetime
    moves: list[ItemTransition]


class ReaderOut(Schema):
    """A participant of a conversation, with their role."""

    name: str
    role: str
    since: dt.datetime


class ThreadDetail(ThreadOut):
    readers: list[ReaderOut]


class ThreadList(Schema):
    items: list[ThreadOut]
    next: str | None


class FileOut(Schema):
    """A file of a message, with its address in this API."""

    id: int
    name: str
    size: int
    url: str


class MessageOut(Schema):
    """A message (`kind` text) or an event line (`kind` event: `body` is that line in the reader's language)."""

    id: int
    number: int
    kind: str
    author: str | None
    mine: bool
    body: str
    client_id: uuid.UUID | None
    created_at: dt.datetime
    reply_to: int | None
    edited_at: dt.datetime | None
    deleted_at: dt.datetime | None
    revision: int
    reactions: dict[str, int]
    files: list[FileOut]
    moves: list[ItemTransition] = []


class MessageList(Schema):
    items: list[MessageOut]
    next: str | None


class MessageIn(Schema):
    """A message to post. The same `client_id` again is the same message: nothing is stored or sent twice."""

    body: str
    client_id: uuid.UUID | None = None
    reply_to: int | None = None


class TextIn(Schema):
    """The new text of a message."""

    body: str


class ReactionIn(Schema):
    """A sign to put under a message; `on` false takes it away."""

    sign: str
    on: bool = True


class ReadIn(Schema):
    """The number of the last message read; null means all."""

    number: int | None = None


class NotificationOut(Schema):
    """A notification in the reader's language."""

    id: int
    kind: str
    title: str
    text: str
    url: str
    created_at: dt.datetime
    read_at: dt.datetime | None
    moves: list[ItemTransition]


class NotificationList(Schema):
    items: list[NotificationOut]
    next: str | None


def _read_transition(*, possible: bool) -> list[dict[str, Any]]:
    return [{"name": "read", "label": gettext("Mark as read")}] if possible else []


def _thread(mine: Any, people: str) -> dict[str, Any]:
    thread = mine.thread
    return {
        "id": thread.pk,
        "kind": thread.kind,
        "people": people,
        "title": dict(thread.title),
        "about": thread.about_url,
        "head": thread.head,
        "revision": thread.revision,
        "read": mine.read_number,
        "unread": mine.unread,
        "last_at": thread.last_at,
        "moves": _read_transition(possible=mine.read_number < thread.head),
    }


def _message(message: Message, request: AuthedRequest) -> dict[str, Any]:
    mine = message.author_id == request.user.pk
    shown = VisibleMessage(message, mine=mine)
    return {
        "id": message.pk,
        "number": message.number,
        "kind": message.kind,
        "author": shown.author or None,
        "mine": mine,
        "body": shown.event if shown.is_event else message.body,
        "client_id": message.client_id if mine else None,
        "created_at": message.created_at,
        "reply_to": message.data.get("reply"),
        "edited_at": message.edited_at,
        "deleted_at": message.removed_at,
        "revision": message.revision,
        "reactions": message.data.get("reactions", {}),
        "files": [
            {
                "id": file.pk,
                "name": file.name,
                "size": file.size,
                "url": reverse("api:thread_file", args=[message.thread_id, file.pk]),
            }
            for file in shown.files
        ],
    }


def _notification(notification: Notification) -> dict[str, Any]:
    row = notification_row(notification)
    return {
        "id": notification.pk,
        "kind": notification.kind,
        "title": row.title,
        "text": row.text,
        "url": notification.url,
        "created_at": notification.created_at,
        "read_at": notification.read_at,
        "moves": _read_transition(possible=notification.read_at is None),
    }


def _participation(request: AuthedRequest, thread_id: int) -> Participant:
    found: Participant = get_visible(participations(request.user), thread_id=thread_id)
    return found


@router.get("/threads", response=ThreadList, summary="My conversations, the liveliest first")
def threads(request: AuthedRequest, cursor: str | None = None, limit: int = 20) -> Any:
    size = max(1, min(limit, MAX_PAGE))
    page = keyset_page(participations(request.user), ("-thread__last_at", "-thread_id"), cursor=cursor, size=size)
    people = other_people_of([mine.thread_id for mine in page.items], request.user.pk)
    return page_out(page, lambda mine: _thread(mine, people[mine.thread_id]))


@router.get("/threads/{int:thread_id}", response=ThreadDetail, summary="One conversation and who reads it")
def thread(request: AuthedRequest, thread_id: int) -> Any:
    mine = _participation(request, thread_id)
    readers = readers_of(mine.thread, request.user)
    people = [{"name": one.name, "role": label, "since": one.since} for label, group in readers.groups for one in group]
    return _thread(mine, readers.others) | {"readers": people}


@router.get("/threads/{int:thread_id}/messages", response=MessageList, summary="What was said, in order, after a number")
def messages(request: AuthedRequest, thread_id: int, after: int = 0, cursor: str | None = None, limit: int = 50) -> Any:
    mine = _participation(request, thread_id)
    rows = Message.objects.filter(thread_id=mine.thread_id, number__gt=max(0, min(after, MAX_NUMBER)))
    rows = rows.select_related("author").prefetch_related("attachments")
    return list_page(rows, ("number",), lambda message: _message(message, request), cursor=cursor, limit=limit)


@router.post("/threads/{int:thread_id}/messages", response={201: MessageOut}, summary="Post a message, once")
def post(request: AuthedRequest, thread_id: int, words: MessageIn) -> Any:
    thread = _participation(request, thread_id).thread
    message = post_message(thread, by=request.user, body=words.body, client_id=words.client_id, reply_to=words.reply_to)
    return Status(201, _message(message, request))


@router.get("/threads/{int:thread_id}/changes", response=list[MessageOut], summary="The messages that changed after a revision")
def changes(request: AuthedRequest, thread_id: int, after: int = 0) -> Any:
    """At most 500, in the order of their changes: ask again with the highest `revision` until there are none."""
    mine = _participation(request, thread_id)
    rows = Message.objects.filter(thread_id=mine.thread_id, revision__gt=max(0, min(after, MAX_NUMBER))).order_by("revision")
    return [_message(message, request) for message in rows.select_related("author").prefetch_related("attachments")[:500]]


@router.patch("/threads/{int:thread_id}/messages/{int:number}", response=MessageOut, summary="Change a message of mine")
def edit(request: AuthedRequest, thread_id: int, number: int, words: TextIn) -> Any:
    return _message(edit_message(_participation(request, thread_id).thread, number, by=request.user, body=words.body), request)


@router.delete("/threads/{int:thread_id}/messages/{int:number}", response=MessageOut, summary="Delete a message of mine")
def remove(request: AuthedRequest, thread_id: int, number: int) -> Any:
    return _message(remove_message(_participation(request, thread_id).thread, number, by=request.user), request)


@router.post("/threads/{int:thread_id}/messages/{int:number}/reaction", response=MessageOut, summary="Put a sign under a message")
def reaction(request: AuthedRequest, thread_id: int, number: int, sign: ReactionIn) -> Any:
    thread = _participation(request, thread_id).thread
    return _message(react(thread, number, by=request.user, sign=sign.sign, on=sign.on), request)


@router.post("/threads/{int:thread_id}/read", response=ThreadOut, summary="Mark as read up to a number")
def read(request: AuthedRequest, thread_id: int, how_far: ReadIn | None = None) -> Any:
    thread = _participation(request, thread_id).thread
    number = how_far.number if how_far is not None and how_far.number is not None else MAX_NUMBER
    mark_read(thread, by=request.user, number=max(0, number))
    mine = _participation(request, thread_id)
    return _thread(mine, other_people_of([thread_id], request.user.pk)[thread_id])


@router.get("/threads/{int:thread_id}/files/{int:file_id}", url_name="thread_file", summary="A file of a message")
def file(request: AuthedRequest, thread_id: int, file_id: int) -> FileResponse:
    found = get_visible(visible_attachments(request.user), pk=file_id, message__thread=thread_id)
    return send_file(found.file, name=found.name)


@router.get("/notifications", response=NotificationList, summary="My notifications, the latest first")
def notifications(request: AuthedRequest, unread: bool = False, cursor: str | None = None, limit: int = 20) -> Any:
    rows = Notification.objects.visible_to(request.user)
    return list_page(rows.unread() if unread else rows, ("-pk",), _notification, cursor=cursor, limit=limit)


@router.post("/notifications/{int:notification_id}/read", response=NotificationOut, summary="Mark a notification as read")
def notification_read(request: AuthedRequest, notification_id: int) -> Any:
    found = get_visible(Notification.objects.visible_to(request.user), pk=notification_id)
    mark_notifications_read(by=request.user, ids=[found.pk])
    found.refresh_from_db()
    return _notification(found)
