import uuid

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from exchange.core.errors import DomainError, Refusal
from exchange.core.models import OutboxEvent
from messaging.domain.queries import thread_view, unread_message_count
from messaging.domain.threads import (
    MAX_MESSAGE_LENGTH,
    add_participants,
    mark_read,
    post_event,
    post_message,
    remove_participants,
)
from messaging.models import Attachment, Message, Thread
from tests.factories import UserFactory
from tests.messaging.conftest import missed

pytestmark = pytest.mark.django_db


def photograph(name="suzani.pdf", content=b"%PDF-1.4\n%..."):
    return SimpleUploadedFile(name, content)


def test_messages_are_numbered_from_one(thread, expert, host):
    numbers = [post_message(thread, by=by, body="Salom").number for by in (expert, host, expert)]

    thread.refresh_from_db()
    assert numbers == [1, 2, 3]
    assert thread.head == 3


def test_posting_sends_a_live_event_with_ids_only_to_everybody_in_the_thread(
    thread, expert, host, pushed, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        post_message(thread, by=expert, body="Секрет")

    groups = sorted([f"user.{expert.pk}", f"user.{host.pk}"])
    assert pushed == [(groups, {"kind": "thread", "thread": thread.pk, "head": 1})]


def test_a_retry_returns_the_stored_message_and_sends_no_live_event(thread, expert, pushed, django_capture_on_commit_callbacks):
    client_id = uuid.uuid4()
    first = post_message(thread, by=expert, body="Once", client_id=client_id)

    with django_capture_on_commit_callbacks(execute=True):
        again = post_message(thread, by=expert, body="Once, typed differently", client_id=str(client_id))

    assert again == first
    assert Message.objects.get().body == "Once"
    assert pushed == []
    assert OutboxEvent.objects.count() == 1


def test_the_same_client_id_of_two_people_is_two_messages(thread, expert, host):
    client_id = uuid.uuid4()

    assert post_message(thread, by=expert, body="1", client_id=client_id) != post_message(
        thread, by=host, body="1", client_id=client_id
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [("", "empty"), ("  \r\n ", "empty"), ("x" * (MAX_MESSAGE_LENGTH + 1), "too-long"), ("a\x00b", "bad-characters")],
)
def test_unfit_messages_are_refused(thread, expert, body, code):
    with pytest.raises(DomainError) as refused:
        post_message(thread, by=expert, body=body)

    assert refused.value.code == code
    assert not Message.objects.exists()


def test_line_breaks_count_once(thread, expert):
    assert post_message(thread, by=expert, body="\r\n".join(["x"] * (MAX_MESSAGE_LENGTH // 2))).number == 1


def test_a_client_id_that_is_none_is_refused(thread, expert):
    with pytest.raises(DomainError):
        post_message(thread, by=expert, body="x", client_id="not-an-id")


def test_outsiders_cannot_post(thread, outsider):
    with pytest.raises(Refusal):
        post_message(thread, by=outsider, body="Hello")

    assert not Message.objects.exists()


def test_those_who_left_cannot_post(thread, host):
    remove_participants(thread, [host.pk])

    with pytest.raises(Refusal):
        post_message(thread, by=host, body="Hello")


def test_files_are_kept_with_their_names_and_sizes(thread, expert):
    message = post_message(thread, by=expert, body="", files=[photograph("../../сюзане.pdf"), photograph("b.pdf")])

    assert [(file.name, file.size) for file in message.attachments.order_by("pk")] == [("сюзане.pdf", 13), ("b.pdf", 13)]
    assert all(default_storage.exists(file.file.name) for file in Attachment.objects.all())


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", b""), ("a.exe", b"MZ"), ("a.pdf", b"MZ\x90\x00"), ("a.svg", b"<svg onload='x'/>"), ("a.docx", b"PK\x03\x04")],
)
def test_files_that_cannot_be_kept_refuse_the_whole_message(thread, expert, name, content):
    with pytest.raises(DomainError) as refused:
        post_message(thread, by=expert, body="Look", files=[photograph(name, content)])

    assert refused.value.code == "file"
    assert not Message.objects.exists()


def test_too_many_files_are_refused(thread, expert):
    with pytest.raises(DomainError):
        post_message(thread, by=expert, body="", files=[photograph() for _ in range(6)])


def test_a_retry_with_a_file_leaves_no_second_file(thread, expert):
    client_id = uuid.uuid4()
    post_message(thread, by=expert, body="", client_id=client_id, files=[photograph()])
    target = set(default_storage.listdir("messages")[1])

    post_message(thread, by=expert, body="", client_id=client_id, files=[photograph()])

    assert set(default_storage.listdir("messages")[1]) == target
    assert Attachment.objects.count() == 1


def test_events_stand_between_messages_in_the_readers_language(thread, expert, host):
    post_message(thread, by=host, body="Hello")
    post_event(thread, "test.submitted", {"name": "Dilnoza"})

    shown = thread_view(thread, expert).messages

    assert [row.event for row in shown] == ["", "The application was submitted by Dilnoza"]
    assert [row.message.number for row in shown] == [1, 2]


def test_events_nobody_declared_are_a_mistake(thread):
    with pytest.raises(LookupError):
        post_event(thread, "test.unheard_of")


def test_unread_counts_what_others_said(thread, expert, host):
    post_message(thread, by=host, body="1")
    post_event(thread, "test.submitted", {"name": "x"})
    post_message(thread, by=host, body="2")
    post_message(thread, by=expert, body="mine")

    assert unread_message_count(expert) == 2
    assert unread_message_count(host) == 1
    mark_read(thread, by=expert, number=1)
    assert unread_message_count(expert) == 1


def test_answering_does_not_mark_earlier_messages_as_read(thread, expert, host):
    post_message(thread, by=host, body="unseen")
    post_message(thread, by=expert, body="crossed")

    assert unread_message_count(expert) == 1


def test_reading_never_goes_back_and_never_beyond_the_end(thread, expert, host):
    post_message(thread, by=host, body="1")
    post_message(thread, by=host, body="2")

    assert mark_read(thread, by=expert, number=99)
    assert not mark_read(thread, by=expert, number=1)
    assert thread.participants.get(user=expert).read_number == 2


def test_reading_is_shown_to_the_others(thread, expert, host, pushed, django_capture_on_commit_callbacks):
    post_message(thread, by=host, body="1")

    with django_capture_on_commit_callbacks(execute=True):
        mark_read(thread, by=expert, number=1)

    assert ([f"user.{host.pk}"], {"kind": "read", "thread": thread.pk, "number": 1}) in pushed
    assert ([f"user.{expert.pk}"], {"kind": "counts"}) in pushed


def test_outsiders_read_nothing(thread, expert, outsider):
    post_message(thread, by=expert, body="1")

    assert not mark_read(thread, by=outsider, number=1)
    assert not Thread.objects.visible_to(outsider).exists()
    assert unread_message_count(outsider) == 0


def test_those_who_join_see_everything_and_owe_nothing(thread, expert):
    post_message(thread, by=expert, body="before")
    coordinator = UserFactory()

    add_participants(thread, [coordinator.pk], capacity="coordinator")

    assert [row.message.body for row in thread_view(thread, coordinator).messages] == ["before"]
    assert unread_message_count(coordinator) == 0


def test_those_who_leave_see_and_receive_nothing_more(thread, expert, host, pushed, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        remove_participants(thread, [host.pk])
    pushed.clear()

    with django_capture_on_commit_callbacks(execute=True):
        post_message(thread, by=expert, body="among ourselves")

    assert not Thread.objects.visible_to(host).exists()
    assert unread_message_count(host) == 0
    assert all(f"user.{host.pk}" not in groups for groups, _event in pushed)


def test_those_who_come_back_keep_one_place(thread, host, expert):
    remove_participants(thread, [host.pk])
    post_message(thread, by=expert, body="meanwhile")

    add_participants(thread, [host.pk], capacity="coordinator")

    mine = thread.participants.get(user=host)
    assert (mine.left_at, mine.capacity, mine.read_number) == (None, "coordinator", 1)


def test_adding_somebody_again_changes_nothing(thread, host):
    add_participants(thread, [host.pk], capacity="coordinator")

    assert thread.participants.get(user=host).capacity == "host"


def test_a_closed_account_sees_no_thread(thread, host):
    host.is_active = False

    assert not Thread.objects.visible_to(host).exists()


def test_a_gap_is_whole_and_in_order(thread, expert, host):
    for number in range(1, 8):
        post_message(thread, by=host, body=str(number))

    gap = missed(thread, expert, 3)

    assert [row.message.number for row in gap.messages] == [4, 5, 6, 7]
    assert not gap.reset


def test_a_gap_too_large_is_a_reset_and_never_a_part(thread, expert, host, monkeypatch):
    monkeypatch.setattr("messaging.domain.queries.MAX_MISSED_MESSAGES", 3)
    for number in range(5):
        post_message(thread, by=host, body=str(number))

    assert missed(thread, expert, 1).reset
    assert missed(thread, expert, 1).messages == []
    assert not missed(thread, expert, 2).reset


def test_a_number_from_the_future_is_a_reset(thread, expert):
    assert missed(thread, expert, 7).reset


def test_a_new_day_is_named_once(thread, expert, host):
    for _ in range(3):
        post_message(thread, by=host, body="x")

    assert [row.day is not None for row in thread_view(thread, expert).messages] == [True, False, False]
    assert [row.day is not None for row in missed(thread, expert, 1).messages] == [False, False]
