import datetime
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from exchange.core.errors import DomainError, Refusal
from messaging.domain.changes import edit_message, forget_reactions, react, remove_message
from messaging.domain.queries import changed_messages_after, missed_messages_after, thread_with_read_status, unread_message_count
from messaging.domain.threads import mark_read, post_event, post_message, remove_participants
from messaging.models import Attachment, Message, MessageVersion, Reaction
from tests.messaging.test_api import API, Caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(thread, expert):
    return post_message(thread, by=expert, body="Salom")


def later(message, **ago):
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - datetime.timedelta(**ago))


# ---- editing ----------------------------------------------------------------------------------------------------------


def test_an_edited_message_keeps_its_number_and_its_earlier_text(thread, expert, sent):
    edit_message(thread, sent.number, by=expert, body="Assalomu alaykum\r\n")

    now = Message.objects.get()
    assert (now.number, now.body, now.revision) == (1, "Assalomu alaykum", 1)
    assert now.edited_at is not None
    assert [version.body for version in now.versions.all()] == ["Salom"]
    assert (thread.messages.count(), now.data) == (1, {"versions": 1})


def test_the_same_text_again_changes_nothing(thread, expert, sent, pushed, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        edit_message(thread, 1, by=expert, body="Salom ")

    thread.refresh_from_db()
    assert (thread.revision, MessageVersion.objects.count(), pushed) == (0, 0, [])


def test_everybody_in_the_thread_hears_which_message_changed(
    thread, expert, host, sent, pushed, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        edit_message(thread, 1, by=expert, body="secret")

    groups = sorted([f"user.{expert.pk}", f"user.{host.pk}"])
    assert pushed == [(groups, {"kind": "changed", "thread": thread.pk, "number": 1, "revision": 1})]


@pytest.mark.parametrize(("ago", "allowed"), [({"minutes": 14, "seconds": 50}, True), ({"minutes": 15, "seconds": 1}, False)])
def test_a_message_can_be_changed_for_a_quarter_of_an_hour(thread, expert, sent, ago, allowed):
    later(sent, **ago)
    for change in (lambda: edit_message(thread, 1, by=expert, body="Xayr"), lambda: remove_message(thread, 1, by=expert)):
        if allowed:
            change()
            continue
        with pytest.raises(DomainError) as refused:
            change()
        assert refused.value.code == "too-late"
    assert Message.objects.get().body == ("" if allowed else "Salom")


def test_only_the_author_changes_a_message(thread, host, outsider, sent):
    for who in (host, outsider):
        with pytest.raises(Refusal):
            edit_message(thread, 1, by=who, body="Xayr")
        with pytest.raises(Refusal):
            remove_message(thread, 1, by=who)
    assert Message.objects.get().body == "Salom"


def test_who_has_left_changes_nothing(thread, expert, sent):
    remove_participants(thread, [expert.pk])

    with pytest.raises(Refusal):
        edit_message(thread, 1, by=expert, body="Xayr")
    with pytest.raises(Refusal):
        react(thread, 1, by=expert, sign="👍")


@pytest.mark.parametrize(("body", "code"), [("", "empty"), ("x" * 8001, "too-long"), ("a\x00", "bad-characters")])
def test_an_unfit_text_is_refused(thread, expert, sent, body, code):
    with pytest.raises(DomainError) as refused:
        edit_message(thread, 1, by=expert, body=body)

    assert refused.value.code == code
    assert Message.objects.get().body == "Salom"


def test_event_lines_and_unknown_numbers_cannot_be_changed(thread, expert):
    post_event(thread, "test.submitted", {"name": "A"})

    for number in (1, 2):
        with pytest.raises(DomainError) as refused:
            react(thread, number, by=expert, sign="👍")
        assert refused.value.code == "gone"


# ---- deleting ---------------------------------------------------------------------------------------------------------


def test_a_deleted_message_leaves_a_line_and_nothing_of_its_content(thread, expert, host, django_capture_on_commit_callbacks):
    post_message(thread, by=expert, body="secret", files=[SimpleUploadedFile("secret.pdf", b"%PDF-1.4")])
    edit_message(thread, 1, by=expert, body="another secret")
    react(thread, 1, by=host, sign="👍")
    stored = Attachment.objects.get().file

    with django_capture_on_commit_callbacks(execute=True):
        remove_message(thread, 1, by=expert)

    left = Message.objects.get()
    assert (left.number, left.body, left.data) == (1, "", {})
    assert left.removed_at is not None
    assert not stored.storage.exists(stored.name)
    assert not any(model.objects.exists() for model in (Attachment, MessageVersion, Reaction))
    with pytest.raises(DomainError):
        edit_message(thread, 1, by=expert, body="back")


def test_a_deleted_message_is_not_unread(thread, expert, host, sent):
    assert unread_message_count(host) == 1

    remove_message(thread, 1, by=expert)

    assert unread_message_count(host) == 0


# ---- reactions --------------------------------------------------------------------------------------------------------


def test_a_sign_counts_once_a_person_and_can_be_taken_away(thread, expert, host, sent):
    react(thread, 1, by=host, sign="👍")
    react(thread, 1, by=host, sign="👍")
    react(thread, 1, by=expert, sign="👍")
    react(thread, 1, by=expert, sign="🎉")
    assert Message.objects.get().data["reactions"] == {"👍": 2, "🎉": 1}

    react(thread, 1, by=expert, sign="🎉", on=False)
    react(thread, 1, by=host, sign="👍", on=False)

    assert Message.objects.get().data["reactions"] == {"👍": 1}


def test_an_unknown_sign_is_refused(thread, host, sent):
    with pytest.raises(DomainError) as refused:
        react(thread, 1, by=host, sign="<b>")

    assert refused.value.code == "unknown-sign"


def test_reactions_of_a_deleted_account_are_taken_away(thread, expert, host, sent):
    react(thread, 1, by=host, sign="👍")
    react(thread, 1, by=expert, sign="👍")

    forget_reactions(host)

    left = Message.objects.get()
    assert left.data["reactions"] == {"👍": 1}
    assert left.revision == 3  # open pages fetch it like any other change


# ---- replies ----------------------------------------------------------------------------------------------------------


def test_a_reply_shows_what_it_answers(client, thread, expert, host, sent):
    answer = post_message(thread, by=host, body="Va alaykum", reply_to=1)
    client.force_login(host)

    page = client.get(thread.get_absolute_url()).content.decode()

    assert answer.data == {"reply": 1}
    assert page.count('data-quote="1"') == 1
    assert page.index('data-quote="1"') < page.rindex("Va alaykum")


def test_a_reply_to_a_message_of_another_thread_is_a_plain_message(thread, expert, host):
    assert post_message(thread, by=host, body="To nothing", reply_to=7).data == {}


def test_the_box_names_the_message_that_is_answered(client, thread, host, sent):
    client.force_login(host)

    page = client.get(thread.get_absolute_url(), {"reply": "1"}).content.decode()

    assert "data-answered" in page
    assert '<input type="hidden" name="reply" value="1"' in page
    assert "data-answered" not in client.get(thread.get_absolute_url(), {"reply": "99"}).content.decode()


# ---- what pages miss --------------------------------------------------------------------------------------------------


def state_of(thread, user):
    """What a fresh page knows: revision, and each message by its number."""
    found = thread_with_read_status(user, thread.pk)
    rows = missed_messages_after(found, user, 0).messages
    return (
        found.revision,
        found.head,
        {row.message.number: (row.message.body, row.message.removed_at, row.message.data) for row in rows},
    )


def test_a_page_that_missed_every_event_catches_up_to_what_a_fresh_page_shows(thread, expert, host):
    for number in range(1, 6):
        post_message(thread, by=expert if number % 2 else host, body=f"m{number}")
    revision, head, known = state_of(thread, host)
    edit_message(thread, 1, by=expert, body="m1 edited")
    react(thread, 2, by=expert, sign="👍")
    remove_message(thread, 3, by=expert)
    edit_message(thread, 1, by=expert, body="m1 edited again")
    post_message(thread, by=expert, body="m6", reply_to=2)
    edit_message(thread, 6, by=expert, body="m6 edited")

    found = thread_with_read_status(host, thread.pk)
    for row in [*missed_messages_after(found, host, head).messages, *changed_messages_after(found, host, revision).messages]:
        known[row.message.number] = (row.message.body, row.message.removed_at, row.message.data)

    assert (found.revision, found.head, known) == state_of(thread, host)
    assert not changed_messages_after(found, host, found.revision).messages


def test_a_revision_of_an_older_database_is_a_reset(thread, host, sent):
    assert changed_messages_after(thread_with_read_status(host, thread.pk), host, 99).reset


def test_changes_are_fetched_as_fragments(client, thread, expert, host, sent):
    react(thread, 1, by=host, sign="🙏")
    client.force_login(host)

    html = client.get(reverse("thread_changed", args=[thread.pk, 0])).content.decode()

    assert 'data-revision="1"' in html
    assert 'id="n1"' in html
    assert "🙏" in html


def test_polling_names_the_revision(client, thread, expert, sent):
    edit_message(thread, 1, by=expert, body="Xayr")
    client.force_login(expert)

    assert client.get(reverse("live_heads"), {"thread": thread.pk}).json()["thread"] == {"id": thread.pk, "head": 1, "revision": 1}


# ---- pages ------------------------------------------------------------------------------------------------------------


def pages(thread):
    return {
        "get": [reverse("thread_changed", args=[thread.pk, 0]), reverse("message", args=[thread.pk, 1])],
        "post": [reverse(name, args=[thread.pk, 1]) for name in ("message_edit", "message_remove", "message_react")],
    }


def test_others_reach_no_page_of_a_message(client, thread, outsider, sent):
    for method, addresses in pages(thread).items():
        for address in addresses:
            assert getattr(client, method)(address).status_code == 302, address  # to the login
    client.force_login(outsider)
    for method, addresses in pages(thread).items():
        for address in addresses:
            assert getattr(client, method)(address).status_code == 404, address
    assert Message.objects.get().body == "Salom"


def test_a_message_is_edited_and_deleted_without_a_script(client, thread, expert, sent):
    client.force_login(expert)
    page = client.get(reverse("message", args=[thread.pk, 1])).content.decode()
    assert reverse("message_edit", args=[thread.pk, 1]) in page

    answer = client.post(reverse("message_edit", args=[thread.pk, 1]), {"body": "Xayr"})
    assert answer.headers["Location"] == f"{thread.get_absolute_url()}#n1"
    assert "Salom" in client.get(reverse("message", args=[thread.pk, 1])).content.decode()

    client.post(reverse("message_remove", args=[thread.pk, 1]))
    page = client.get(thread.get_absolute_url()).content.decode()
    assert "Это сообщение удалено." in page
    assert "Xayr" not in page


def test_a_refused_edit_keeps_what_was_typed(client, thread, expert, sent):
    later(sent, minutes=20)
    client.force_login(expert)

    answer = client.post(reverse("message_edit", args=[thread.pk, 1]), {"body": "typed in vain"})

    assert answer.status_code == 422
    assert "typed in vain" in answer.content.decode()


def test_a_reader_may_react_and_not_edit(client, thread, host, sent):
    client.force_login(host)
    page = client.get(reverse("message", args=[thread.pk, 1])).content.decode()
    assert reverse("message_react", args=[thread.pk, 1]) in page
    assert reverse("message_edit", args=[thread.pk, 1]) not in page

    client.post(reverse("message_react", args=[thread.pk, 1]), {"sign": "✅"})
    assert Message.objects.get().data["reactions"] == {"✅": 1}
    client.post(reverse("message_react", args=[thread.pk, 1]), {"sign": "✅", "on": "0"})
    assert "reactions" not in Message.objects.get().data


@pytest.mark.parametrize("rows", [1, 3])
def test_parts_of_messages_cost_one_query_each(client, thread, expert, host, rows):
    for number in range(1, 2 * rows, 2):
        post_message(thread, by=expert, body="a", files=[SimpleUploadedFile("a.pdf", b"%PDF-1.4")])
        post_message(thread, by=host, body="b", reply_to=number)
        react(thread, number, by=host, sign="👍")
    mark_read(thread, by=host, number=99)
    client.force_login(host)
    client.get(thread.get_absolute_url())

    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(thread.get_absolute_url())

    assert sum("messaging_reaction" in query["sql"] for query in queries) == 1
    assert sum("messaging_attachment" in query["sql"] for query in queries) == 1
    assert sum('"messaging_message"."number" IN' in query["sql"] for query in queries) == 1


# ---- API --------------------------------------------------------------------------------------------------------------


def test_the_api_edits_deletes_and_reacts_like_the_pages(client, thread, expert, host, outsider, sent):
    path = f"/threads/{thread.pk}/messages/1"
    writer, reader, outside_caller = (Caller(client, user) for user in (expert, host, outsider))

    def send(caller, method, address, body=None):
        return getattr(client, method)(API + address, body or {}, content_type="application/json", headers=caller.headers)

    assert send(outside_caller, "patch", path, {"body": "x"}).status_code == 404
    assert send(reader, "patch", path, {"body": "x"}).status_code == 403
    assert send(writer, "patch", path, {"body": "edited"}).json()["body"] == "edited"
    assert send(reader, "post", f"{path}/reaction", {"sign": "👀"}).json()["reactions"] == {"👀": 1}
    changes = reader.get(f"/threads/{thread.pk}/changes", after=0).json()
    assert [(row["number"], row["revision"], row["body"]) for row in changes] == [(1, 2, "edited")]
    gone = send(writer, "delete", path).json()
    assert gone["body"] == ""
    assert gone["deleted_at"]
    assert outside_caller.get(f"/threads/{thread.pk}/changes").status_code == 404


def test_a_reply_by_the_api_names_its_message_once(client, thread, expert, host, sent):
    reader, once = Caller(client, host), str(uuid.uuid4())

    for _attempt in range(2):
        answer = reader.post(f"/threads/{thread.pk}/messages", {"body": "Va alaykum", "reply_to": 1, "client_id": once}).json()

    assert (answer["reply_to"], answer["number"], thread.messages.count()) == (1, 2, 2)
