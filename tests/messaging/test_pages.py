import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messaging.domain.my_tasks import TaskItem, task_count, task_providers
from messaging.domain.notifications import notify
from messaging.domain.queries import MESSAGES_PER_PAGE
from messaging.domain.threads import post_event, post_message, remove_participants
from messaging.models import Attachment, Message, Notification, Thread
from tests.factories import UserFactory
from tests.messaging.conftest import make_thread

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def as_expert(client, expert):
    client.force_login(expert)
    return client


def text_of(response):
    return response.content.decode()


# ---- who may ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def attachment(thread, expert):
    post_message(thread, by=expert, body="secret words", files=[SimpleUploadedFile("secret.pdf", b"%PDF-1.4")])
    return Attachment.objects.get()


def addresses(thread, attachment):
    return [
        thread.get_absolute_url(),
        reverse("thread_after", args=[thread.pk, 0]),
        reverse("thread_file", args=[thread.pk, attachment.pk]),
    ]


def test_an_outsider_gets_404_everywhere(client, thread, attachment, outsider):
    client.force_login(outsider)

    assert [client.get(url).status_code for url in addresses(thread, attachment)] == [404, 404, 404]
    assert client.post(thread.get_absolute_url(), {"body": "x"}).status_code == 404
    assert client.post(reverse("thread_read", args=[thread.pk]), {"number": 1}).status_code == 404
    assert "secret" not in text_of(client.get(reverse("threads")))
    assert "Winterthur" not in text_of(client.get(reverse("threads")))
    assert client.get(reverse("live_heads"), {"thread": thread.pk}).json()["thread"] is None


def test_somebody_let_go_meets_404_everywhere(client, thread, attachment, host):
    remove_participants(thread, [host.pk])
    client.force_login(host)

    assert [client.get(url).status_code for url in addresses(thread, attachment)] == [404, 404, 404]
    assert client.get(reverse("live_heads"), {"thread": thread.pk}).json()["counts"]["messages"] == 0


def test_nobody_without_a_login_gets_in(client, thread, attachment):
    for url in [*addresses(thread, attachment), reverse("threads"), reverse("notifications"), reverse("waiting")]:
        assert client.get(url).status_code == 302
    assert client.get(reverse("live_heads"), headers=HTMX).status_code == 401


def test_a_file_is_only_found_in_its_own_thread(client, expert, thread, attachment, host):
    other = make_thread(expert, host)
    client.force_login(expert)

    assert client.get(reverse("thread_file", args=[other.pk, attachment.pk])).status_code == 404


def test_files_come_as_downloads(client, thread, attachment, host):
    client.force_login(host)

    response = client.get(reverse("thread_file", args=[thread.pk, attachment.pk]))

    assert response.headers["Content-Disposition"] == 'attachment; filename="secret.pdf"'
    assert b"".join(response.streaming_content) == b"%PDF-1.4"


# ---- a conversation ---------------------------------------------------------------------------------------------------


def test_a_plain_form_posts_and_comes_back_to_the_message(as_expert, thread):
    response = as_expert.post(thread.get_absolute_url(), {"body": "Salom", "client_id": uuid.uuid4()})

    assert response.status_code == 302
    assert response.url == f"/messages/{thread.pk}/#n1"
    assert Message.objects.get().body == "Salom"


def test_a_form_sent_twice_stores_once(as_expert, thread):
    page = text_of(as_expert.get(thread.get_absolute_url()))
    client_id = page.split('name="client_id" value="')[1].split('"')[0]

    for _ in range(2):
        as_expert.post(thread.get_absolute_url(), {"body": "Salom", "client_id": client_id})

    assert Message.objects.count() == 1


def test_files_go_with_a_message(as_expert, thread):
    upload = SimpleUploadedFile("suzani.pdf", b"%PDF-1.4")

    as_expert.post(thread.get_absolute_url(), {"body": "", "attachments": [upload]})

    assert Attachment.objects.get().name == "suzani.pdf"
    assert "suzani.pdf" in text_of(as_expert.get(thread.get_absolute_url()))


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00"])
def test_a_refused_file_keeps_what_was_typed(as_expert, thread, content):
    upload = SimpleUploadedFile("suzani.pdf", content)

    response = as_expert.post(thread.get_absolute_url(), {"body": "long thought", "attachments": [upload]})

    assert response.status_code == 422
    assert "long thought</textarea>" in text_of(response)
    assert "suzani.pdf" in text_of(response)
    assert not Message.objects.exists()


def test_an_empty_message_is_refused_in_words(as_expert, thread):
    response = as_expert.post(thread.get_absolute_url(), {"body": " "}, headers=HTMX)

    assert response.status_code == 422
    assert "notice danger" in text_of(response)


def test_a_script_that_posts_gets_everything_it_missed(as_expert, thread, host):
    post_message(thread, by=host, body="crossed on the way")

    response = as_expert.post(thread.get_absolute_url(), {"body": "mine", "after": "0"}, headers=HTMX)

    assert response.status_code == 200
    assert text_of(response).index("crossed on the way") < text_of(response).index("mine")
    assert 'data-head="2"' in text_of(response)


def test_words_are_escaped_and_addresses_become_links(as_expert, thread, host):
    post_message(thread, by=host, body="<script>x</script> https://example.org/a")

    page = text_of(as_expert.get(thread.get_absolute_url()))

    assert "&lt;script&gt;" in page
    assert '<a href="https://example.org/a" rel="nofollow noopener ugc">' in page


def test_opening_a_conversation_reads_it_but_prefetching_does_not(as_expert, thread, host, expert):
    post_message(thread, by=host, body="x")

    as_expert.get(thread.get_absolute_url(), headers={"Sec-Purpose": "prefetch"})
    assert thread.participants.get(user=expert).read_number == 0
    as_expert.get(thread.get_absolute_url())
    assert thread.participants.get(user=expert).read_number == 1


def test_my_words_say_whether_they_were_read(as_expert, thread, expert, host):
    post_message(thread, by=expert, body="seen")
    thread.participants.filter(user=host).update(read_number=1)
    post_message(thread, by=expert, body="not seen")

    page = text_of(as_expert.get(thread.get_absolute_url(), {"lang": "en"}))

    assert page.count("<span data-state>Read</span>") == 1
    assert page.count("<span data-state>Sent</span>") == 1


def test_who_reads_is_said_above_the_box(as_expert, thread, host):
    page = text_of(as_expert.get(thread.get_absolute_url(), {"lang": "en"}))

    assert "Who reads this" in page
    assert host.get_full_name() in page


def test_events_are_shown_in_the_readers_language(as_expert, thread):
    post_event(thread, "test.submitted", {"name": {"en": "Dilnoza", "ru": "Дилноза"}})

    assert "The application was submitted by Дилноза" in text_of(as_expert.get(thread.get_absolute_url()))


def test_earlier_messages_are_one_link_away(as_expert, thread, host):
    for number in range(MESSAGES_PER_PAGE + 5):
        post_message(thread, by=host, body=f"message-{number + 1}.")

    newest = text_of(as_expert.get(thread.get_absolute_url()))
    earlier = text_of(as_expert.get(thread.get_absolute_url(), {"before": "6"}))
    piece = text_of(as_expert.get(thread.get_absolute_url(), {"before": "6"}, headers=HTMX))

    assert "message-5." not in newest
    assert 'hx-get="?before=6"' in newest
    assert "message-5." in earlier
    assert "message-6." not in earlier
    assert 'hx-get="?before' not in earlier
    assert "message-5." in piece
    assert "<html" not in piece


def test_looking_at_old_messages_reads_nothing(as_expert, thread, expert, host):
    for _ in range(3):
        post_message(thread, by=host, body="x")

    as_expert.get(thread.get_absolute_url(), {"before": "2"})

    assert thread.participants.get(user=expert).read_number == 0


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "²", ""])
def test_a_strange_number_in_the_address_shows_the_newest(as_expert, thread, host, before):
    post_message(thread, by=host, body="message-1.")

    assert "message-1." in text_of(as_expert.get(thread.get_absolute_url(), {"before": before}))


def test_what_was_missed_comes_whole(as_expert, thread, host):
    for number in range(4):
        post_message(thread, by=host, body=f"message-{number + 1}.")

    page = text_of(as_expert.get(reverse("thread_after", args=[thread.pk, 2])))

    assert [f"message-{n}." in page for n in (1, 2, 3, 4)] == [False, False, True, True]


def test_a_gap_too_large_says_reset(as_expert, thread, host, monkeypatch):
    monkeypatch.setattr("messaging.domain.queries.MAX_MISSED_MESSAGES", 2)
    for _ in range(4):
        post_message(thread, by=host, body="words")

    page = text_of(as_expert.get(reverse("thread_after", args=[thread.pk, 0])))

    assert "data-reset" in page
    assert "words" not in page


def test_reading_is_noted_by_the_page(as_expert, thread, host, expert):
    post_message(thread, by=host, body="x")

    assert as_expert.post(reverse("thread_read", args=[thread.pk]), {"number": 1}).status_code == 204
    assert as_expert.post(reverse("thread_read", args=[thread.pk]), {"number": "x"}).status_code == 422
    assert thread.participants.get(user=expert).read_number == 1


# ---- lists ------------------------------------------------------------------------------------------------------------


def thread_with_words(expert, n):
    thread = make_thread(expert, UserFactory(), title=f"Museum {n}")
    post_message(thread, by=thread.participants.get(capacity="host").user, body=f"words {n}")
    return thread


def test_the_list_shows_the_latest_first_with_what_is_new(as_expert, expert):
    for n in (1, 2):
        thread_with_words(expert, n)

    page = text_of(as_expert.get(reverse("threads")))

    assert page.index("words 2") < page.index("words 1")
    assert "Музей Museum 1" in page
    assert page.count('class="badge info num"') == 2


def test_an_empty_list_says_what_to_do(as_expert):
    assert "/programs/" in text_of(as_expert.get(reverse("threads")))


def queries_of(client, url):
    client.get(url)  # what is counted once a while (tasks) is known from here on
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


def assert_flat(client, url, add_rows, *, most):
    """The same number of queries at 1 and 3 rows, and no more than `most`."""
    add_rows(1)
    one = queries_of(client, url)
    add_rows(2)
    assert queries_of(client, url) == one <= most


def test_the_list_of_threads_is_flat(as_expert, expert):
    assert_flat(as_expert, reverse("threads"), lambda n: [thread_with_words(expert, i) for i in range(n)], most=9)


def with_files(thread, host):
    return lambda n: [post_message(thread, by=host, body="x", files=[SimpleUploadedFile("a.pdf", b"%PDF-1.4")]) for _ in range(n)]


def test_a_conversation_is_flat(as_expert, thread, host):
    assert_flat(as_expert, thread.get_absolute_url(), with_files(thread, host), most=15)


def test_what_was_missed_is_flat(as_expert, thread, host):
    assert_flat(as_expert, reverse("thread_after", args=[thread.pk, 0]), with_files(thread, host), most=6)


def test_the_list_of_notifications_takes_a_constant_number_of_queries(as_expert, expert, worked):
    def tell(n):
        for _ in range(n):
            notify([expert.pk], "test.note", key=uuid.uuid4().hex, url="/", museum="x")
        worked()

    assert_flat(as_expert, reverse("notifications"), tell, most=9)


def test_lists_are_paged_by_keyset(as_expert, expert, monkeypatch):
    monkeypatch.setattr("messaging.domain.queries.thread_page.__kwdefaults__", {"cursor": None, "size": 2})
    for n in range(3):
        thread_with_words(expert, n)

    first = text_of(as_expert.get(reverse("threads")))
    cursor = first.split("cursor=")[1].split('"')[0]
    second = text_of(as_expert.get(reverse("threads") + "?cursor=" + cursor))

    assert ("words 2" in first, "words 0" in first) == (True, False)
    assert ("words 2" in second, "words 0" in second) == (False, True)


# ---- notifications -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def notification(expert, worked):
    notify([expert.pk], "test.note", key="1", url="/messages/", museum="Winterthur")
    worked()
    return Notification.objects.get()


def test_a_notification_leads_to_its_subject_and_is_read_by_opening_it(as_expert, notification):
    assert "A note about Winterthur" in text_of(as_expert.get(reverse("notifications")))

    response = as_expert.get(reverse("notification", args=[notification.pk]))

    assert response.url == "/messages/"
    assert Notification.objects.unread().count() == 0
    assert "A note about Winterthur" not in text_of(as_expert.get(reverse("notifications"), {"show": "unread"}))


def test_a_notification_never_leads_to_another_site(as_expert, notification):
    Notification.objects.update(url="//evil.example/")

    assert as_expert.get(reverse("notification", args=[notification.pk])).url == "/notifications/"


def test_notifications_of_others_do_not_exist(client, outsider, notification):
    client.force_login(outsider)

    assert client.get(reverse("notification", args=[notification.pk])).status_code == 404
    assert client.post(reverse("notification_read", args=[notification.pk])).status_code == 404
    client.post(reverse("notifications_read"))
    assert "Winterthur" not in text_of(client.get(reverse("notifications")))
    assert Notification.objects.unread().count() == 1


def test_all_notifications_can_be_marked_as_read(as_expert, notification):
    as_expert.post(reverse("notifications_read"))

    assert Notification.objects.unread().count() == 0


def test_one_notification_can_be_marked_as_read(as_expert, notification):
    as_expert.post(reverse("notification_read", args=[notification.pk]))

    assert Notification.objects.unread().count() == 0


def test_wishes_about_mail_are_stored(as_expert, expert):
    page = text_of(as_expert.get(reverse("notification_settings")))
    assert "A note" in page

    as_expert.post(reverse("notification_settings"), {"by_mail": ["messages.unread"]})

    wishes = dict(expert.notification_preferences.values_list("kind", "by_mail"))
    assert wishes["test.note"] is False
    assert wishes["messages.unread"] is True
    assert "test.offer" not in wishes


# ---- my tasks --------------------------------------------------------------------------------------------------------


@pytest.fixture
def provider(expert):
    import datetime as dt

    def waits(user):
        if user.pk == expert.pk:
            return [
                TaskItem("Some day", "/applications/2/", count=2),
                TaskItem("Answer the offer", "/applications/1/", due=dt.date(2027, 4, 2), tone="warning"),
            ]
        return []

    task_providers.add(waits)
    yield waits
    task_providers.remove(waits)


def test_what_waits_stands_by_its_date(as_expert, provider):
    page = text_of(as_expert.get(reverse("waiting")))

    assert page.index("Answer the offer") < page.index("Some day")


def test_tasks_of_a_user_are_shown_to_nobody_else(client, outsider, provider):
    client.force_login(outsider)

    assert "Answer the offer" not in text_of(client.get(reverse("waiting")))


def test_what_waits_is_counted(expert, provider):
    assert task_count(expert) >= 3


def test_when_nothing_waits_the_page_says_what_to_do(client, outsider):
    client.force_login(outsider)

    assert "/programs/" in text_of(client.get(reverse("waiting")))


# ---- heartbeat --------------------------------------------------------------------------------------------------------


def test_the_heartbeat_returns_counts_and_the_menu(as_expert, thread, host, notification):
    post_message(thread, by=host, body="x")

    answer = as_expert.get(reverse("live_heads"), {"thread": thread.pk}).json()

    assert answer["thread"] == {"id": thread.pk, "head": 1, "revision": 0}
    assert answer["counts"]["messages"] == 1
    assert answer["counts"]["notifications"] == 1


@pytest.mark.parametrize("asked", ["", "x", "9" * 30, "-1"])
def test_a_heartbeat_with_an_unknown_thread_still_answers(as_expert, asked):
    assert as_expert.get(reverse("live_heads"), {"thread": asked}).json()["thread"] is None


# ---- e-mails of a demo ------------------------------------------------------------------------------------------------


def test_letters_of_a_demo_can_be_read_without_a_login(client, settings, tmp_path):
    from django.core.mail import EmailMessage, get_connection

    settings.DEMO = True
    settings.EMAIL_FILE_PATH = str(tmp_path)
    connection = get_connection("django.core.mail.backends.filebased.EmailBackend")
    emails = [
        EmailMessage("Подтвердите адрес", "http://127.0.0.1:8000/accounts/confirm-email/abc/", to=["a@example.org"]),
        EmailMessage("Second", "Words", to=["b@example.org"]),
    ]
    connection.send_messages(emails)

    page = text_of(client.get(reverse("dev_mail")))
    only = text_of(client.get(reverse("dev_mail"), {"to": "A@example.org"}))

    assert "Подтвердите адрес" in page
    assert 'href="http://127.0.0.1:8000/accounts/confirm-email/abc/"' in page
    assert "Second" in page
    assert "Second" not in only


def test_letters_are_shown_in_demo_and_debug_mode_alone(client, settings):
    settings.DEMO = settings.DEBUG = False

    assert client.get(reverse("dev_mail")).status_code == 404


def test_a_demo_without_letters_says_so(client, settings, tmp_path):
    settings.DEMO = True
    settings.EMAIL_FILE_PATH = str(tmp_path / "none")

    assert "No e-mails yet" in text_of(client.get(reverse("dev_mail")))


def test_the_delivery_log_is_read_only(client, db):
    from accounts.models import User
    from messaging.models import Mail

    email = Mail.objects.create(key="k", address="a@example.org", language="en", subject="S", text="T")
    client.force_login(User.objects.create_superuser("root@example.org", "x"))

    assert client.get(reverse("admin:messaging_mail_changelist")).status_code == 200
    assert client.get(reverse("admin:messaging_mail_change", args=[email.pk])).status_code == 200
    assert client.post(reverse("admin:messaging_mail_change", args=[email.pk]), {"state": "queued"}).status_code == 403
    assert client.get(reverse("admin:messaging_mail_add")).status_code == 403
    assert client.post(reverse("admin:messaging_mail_delete", args=[email.pk])).status_code == 403
    assert Thread.objects.count() == 0
