"""Download all my data: what is in the archive, who gets it, what a crash does to it."""

import io
import json
import threading
import uuid
import zipfile
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.models import ApplicationFile
from exchange.core.errors import DomainError, Refusal, StaleError
from exchange.core.history import history_of
from exchange.core.jobs.outbox import process_outbox
from exchange.core.models import OutboxEvent
from messaging.domain.mail import send_waiting_mail
from messaging.domain.threads import add_participants, open_thread, post_message, remove_participants
from messaging.models import Message, Notification
from privacy.domain import exports
from privacy.domain.summary import EXPORTERS
from privacy.models import DataExport
from privacy.states import ExportState
from tests.factories import (
    PASSWORD,
    ApplicationFactory,
    ExpertFactory,
    PlacementFactory,
    QuestionFactory,
    ReviewFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

PAGES = ["my_data", "privacy_settings", "account_delete"]


@pytest.fixture
def me(client, profile):
    client.force_login(profile.user)
    return profile.user


def made(user):
    export = exports.request_export(user, by=user)
    assert exports.make_export(export.pk)
    export.refresh_from_db()
    return export


def opened(export):
    with export.file.open("rb") as stored:
        archive = zipfile.ZipFile(io.BytesIO(stored.read()))
    assert archive.testzip() is None
    return archive


def table_file(archive, name):
    return json.loads(archive.read(f"miras/{name}.json"))


# ---- what is in it ---------------------------------------------------------------------------------------------------


def test_archive_holds_what_there_is(profile):
    user = profile.user
    question = QuestionFactory()
    application = ApplicationFactory(program=question.program, expert=profile, answers={str(question.pk): "A suzani"})
    ApplicationFile.objects.create(
        application=application, file=ContentFile(b"recommendation", name="r.pdf"), name="Letter.pdf", size=14, sha256=""
    )
    PlacementFactory(application=ApplicationFactory(expert=profile, state="accepted"))

    archive = opened(made(user))

    names = set(archive.namelist())
    assert {f"miras/{exporter.name}.json" for exporter in EXPORTERS} <= names
    assert {"miras/README.txt", "miras/files/profile/photo.jpg", "miras/files/profile/Secret CV.pdf"} <= names
    assert archive.read(f"miras/files/applications/{application.pk}-Letter.pdf") == b"recommendation"
    assert table_file(archive, "account")["account"][0]["email"] == user.email
    whole = table_file(archive, "profile")
    assert whole["profile"][0]["biography"] == "Secret biography"
    assert {row["family"] for row in whole["personname"]} == {"Раҳимова", "Rahimova", "Секретова", "PASSPORTOVA"}
    assert table_file(archive, "applications")["applications"][0]["answers"] == [
        {"question": question.label["en"], "answer": "A suzani"}
    ]
    assert table_file(archive, "placements")["placements"][0]["approvals"]


def test_readme_speaks_the_persons_language(profile):
    profile.user.language = "en"
    profile.user.save()

    words = opened(made(profile.user)).read("miras/README.txt").decode()

    assert words.startswith("All data Miras holds about you")
    assert "profile.json: profile" in words


def test_archive_holds_nothing_private_of_others(profile):
    """Of others: the shown name, and what they said in a conversation the person is in. No address, file, review, or later word."""
    user, other = profile.user, UserFactory(email="secret-address@example.org", name="Shown Name")
    thread, left = (open_thread(title={"en": title}) for title in ("Inside", "Left"))
    for one in (thread, left):
        add_participants(one, [user.pk, other.pk], capacity="expert")
        post_message(one, by=user, body=f"my own words {one.pk}")
    post_message(thread, by=other, body="words to me")
    post_message(left, by=other, body="words I no longer read")
    remove_participants(left, [user.pk])
    application = ApplicationFactory(expert=profile)
    ReviewFactory(application=application, reviewer=other, comment="whispered")
    other_application = ApplicationFactory(expert=ExpertFactory(shown_name="Reviewed Person"))
    ReviewFactory(reviewer=user, comment="my review", application=other_application)

    archive = opened(made(user))
    everything = "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())

    messages = table_file(archive, "messages")["messages"]
    assert [(row["author"], row["text"]) for row in messages] == [
        ("me", f"my own words {thread.pk}"),
        ("Shown Name", "words to me"),
        ("me", f"my own words {left.pk}"),
    ]
    assert "my review" in everything
    for secret in ("secret-address", "words I no longer read", "whispered", "Reviewed Person"):
        assert secret not in everything


def test_files_of_the_same_name_do_not_hide_each_other(profile):
    application = ApplicationFactory(expert=profile)
    for text in (b"one", b"two"):
        ApplicationFile.objects.create(
            application=application, file=ContentFile(text, name="a.pdf"), name="../../a.pdf", size=3, sha256=""
        )

    archive = opened(made(profile.user))

    folder = "miras/files/applications/"
    stored = {name: archive.read(name) for name in archive.namelist() if "files/applications" in name}
    assert stored == {f"{folder}a.pdf": b"one", f"{folder}a (2).pdf": b"two"}
    assert not any(".." in name for name in archive.namelist())


def test_a_file_that_is_gone_is_named_not_fatal(profile):
    profile.cv.storage.delete(profile.cv.name)

    words = opened(made(profile.user)).read("miras/README.txt").decode()

    assert "could not be found" in words
    assert "Secret CV.pdf" in words


def test_somebody_who_is_nothing_yet_gets_an_archive(member):
    assert table_file(opened(made(member)), "account")["account"][0]["email"] == member.email


# ---- made in the background ------------------------------------------------------------------------------------------


def test_request_is_written_down_for_the_workers_and_asked_once(member):
    first = exports.request_export(member, by=member)

    assert exports.request_export(member, by=member).pk == first.pk
    assert OutboxEvent.objects.filter(kind=exports.MAKE).count() == 1
    assert [row.transition for row in history_of(first)] == ["ask"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_requests_at_the_same_moment_make_one(member):
    barrier, found = threading.Barrier(4), []

    def ask():
        barrier.wait()
        try:
            found.append(exports.request_export(User.objects.get(pk=member.pk), by=member).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert len(set(found)) == 1
    assert len(found) == 4


def test_ready_archive_is_announced_by_notification_and_email(me):
    export = made(me)
    process_outbox()
    send_waiting_mail()

    assert Notification.objects.get(user=me).url == reverse("my_data")
    assert [letter.subject for letter in mail.outbox] == ["The archive of your data is ready"]
    assert export.expires_at - timezone.now() > timedelta(days=6)
    assert [row.transition for row in history_of(export)] == ["ask", "finish"]


def test_two_workers_make_it_once(member):
    export = exports.request_export(member, by=member)

    assert exports.make_export(export.pk)
    assert not exports.make_export(export.pk)


def test_worker_that_died_is_replaced_and_the_archive_is_the_same(member, monkeypatch):
    export = exports.request_export(member, by=member)
    monkeypatch.setattr(exports, "write_archive", lambda *args, **kwargs: (_ for _ in ()).throw(OSError("killed")))
    with pytest.raises(OSError, match="killed"):
        exports.make_export(export.pk)
    monkeypatch.undo()
    assert not exports.make_export(export.pk), "its lease still holds"
    DataExport.objects.update(touched_at=timezone.now() - exports.SILENT_AFTER - timedelta(seconds=1))

    assert exports.expire_exports() == 1
    assert exports.expire_exports() == 1
    assert OutboxEvent.objects.filter(kind=exports.MAKE, key__isnull=False).count() == 1
    assert exports.make_export(export.pk)

    export.refresh_from_db()
    assert (export.state, export.attempts, export.file.name) == (ExportState.READY, 2, f"exports/{export.key.hex}.zip")


def test_worker_that_was_late_changes_nothing(member, monkeypatch):
    export = exports.request_export(member, by=member)
    write = exports.write_archive

    def slow(*args, **kwargs):
        monkeypatch.setattr(exports, "write_archive", write)
        DataExport.objects.update(touched_at=timezone.now() - exports.SILENT_AFTER * 2)
        assert exports.make_export(export.pk)
        return write(*args, **kwargs)

    monkeypatch.setattr(exports, "write_archive", slow)

    assert not exports.make_export(export.pk)
    export.refresh_from_db()
    assert export.state == ExportState.READY
    assert [row.transition for row in history_of(export)] == ["ask", "finish"]


def test_given_up_after_three_tries_and_said_so(member):
    export = exports.request_export(member, by=member)
    DataExport.objects.update(attempts=exports.MAX_ATTEMPTS)

    assert not exports.make_export(export.pk)

    export.refresh_from_db()
    assert export.state == ExportState.FAILED
    process_outbox()
    assert Notification.objects.get(user=member).kind == "data_export_failed"
    assert exports.request_export(member, by=member).pk != export.pk


def test_a_sixth_in_a_day_is_refused(member):
    for _ in range(exports.MAX_A_DAY):
        DataExport.objects.create(user=member, state=ExportState.EXPIRED)

    with pytest.raises(DomainError):
        exports.request_export(member, by=member)


def test_nobody_asks_for_another(member, secretariat):
    with pytest.raises(Refusal):
        exports.request_export(member, by=secretariat)
    assert not DataExport.objects.exists()


# ---- handed out, and deleted ------------------------------------------------------------------------------------------


def test_owner_downloads_it_and_nobody_else(client, me, secretariat, member):
    export = made(me)
    url = export.get_absolute_url()

    answer = client.get(url)
    assert zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).namelist()
    assert "no-store" in answer.headers["Cache-Control"]
    assert "attachment" in answer.headers["Content-Disposition"]
    for other in (secretariat, member):
        client.force_login(other)
        assert client.get(url).status_code == 404
        assert client.post(reverse("my_data_delete", args=[export.key])).status_code == 404
    client.logout()
    assert client.get(url).url.startswith("/accounts/login/")
    assert DataExport.objects.get().state == ExportState.READY


def test_unknown_and_unfinished_archives_are_not_there(client, me):
    export = exports.request_export(me, by=me)

    assert client.get(export.get_absolute_url()).status_code == 404
    assert client.get(reverse("my_data_archive", args=[uuid.uuid4()])).status_code == 404


def test_archive_is_deleted_after_a_week(client, me, django_capture_on_commit_callbacks):
    export = made(me)
    storage, name = export.file.storage, export.file.name
    DataExport.objects.update(expires_at=timezone.now())
    assert client.get(export.get_absolute_url()).status_code == 404

    with django_capture_on_commit_callbacks(execute=True):
        assert exports.expire_exports() == 1
        assert exports.expire_exports() == 0

    export.refresh_from_db()
    assert (export.state, bool(export.file)) == (ExportState.EXPIRED, False)
    assert not storage.exists(name)


def test_deleting_it_twice_is_refused_politely(me):
    export = made(me)
    exports.expire_export(export, by=me)

    with pytest.raises(StaleError):
        exports.expire_export(export, by=me)


def test_a_new_one_replaces_the_old(me):
    old = made(me)
    new = made(me)

    old.refresh_from_db()
    assert (old.state, new.state) == (ExportState.EXPIRED, ExportState.READY)


# ---- pages -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_for_those_who_are_in(client, page, member):
    assert client.get(reverse(page)).url.startswith("/accounts/login/")
    client.force_login(member)
    assert client.get(reverse(page)).status_code == 200


def test_page_asks_for_the_password(client, me):
    answer = client.post(reverse("my_data"), {"password": "wrong"})

    assert answer.status_code == 422
    assert not DataExport.objects.exists()
    assert client.post(reverse("my_data"), {"password": PASSWORD}).url == reverse("my_data")
    assert DataExport.objects.get().user == me


def test_page_follows_the_work(client, me):
    export = exports.request_export(me, by=me)
    working = client.get(reverse("my_data")).content.decode()
    assert 'hx-trigger="every 2s"' in working
    assert 'name="password"' not in working

    exports.make_export(export.pk)
    fragment = client.get(reverse("my_data"), headers={"HX-Request": "true"}).content.decode()

    assert "hx-trigger" not in fragment
    assert "<html" not in fragment
    assert export.get_absolute_url() in fragment
    assert "Download the archive" in client.get(reverse("my_data")).content.decode()


def test_archive_of_many_rows_is_written_row_by_row(member, django_assert_max_num_queries):
    thread = open_thread(title={"en": "Long"})
    add_participants(thread, [member.pk], capacity="expert")
    Message.objects.bulk_create(
        Message(thread=thread, number=number, author=member, body="word " * 50) for number in range(1, 1201)
    )

    with django_assert_max_num_queries(80):
        export = made(member)

    assert len(table_file(opened(export), "messages")["messages"]) == 1200
