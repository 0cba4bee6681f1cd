"""The table of retention: what it says is what the nightly job does, and what /privacy/ shows."""

import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiToken, Session, User
from applications.models import Application, ApplicationFile
from exchange.core.models import OutboxEvent
from exchange.core.personal_data import options
from importing.models import ExpertImport
from institutions.models import TeamInvitation
from messaging.models import Mail, Notification
from privacy.domain.erasure import ANONYMISED_TABLES
from privacy.domain.retention import DELETERS, enforce_retention
from privacy.retention import ENFORCED, EXTERNALLY_ENFORCED, RULES
from tests.factories import ApplicationFactory, MembershipFactory, ProgramFactory, UserFactory

pytestmark = pytest.mark.django_db


def ago(days):
    return timezone.now() - timedelta(days=days)


def old(code, extra=1):
    return ago(ENFORCED[code].days + extra)


def young(code):
    return ago(ENFORCED[code].days - 1)


def test_every_row_with_days_is_carried_out_and_nothing_else():
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert set(DELETERS) == set(ENFORCED) - EXTERNALLY_ENFORCED


def test_page_shows_the_table_to_everybody(client):
    page = client.get(reverse("privacy")).content.decode()

    assert page.count("<tr>") == len(RULES) + 1
    assert "730 days" in page
    assert client.get(reverse("terms")).status_code == 200


@pytest.mark.parametrize("language", ["ru", "kk", "ky", "uz", "tg", "tk"])
def test_pages_in_every_language(client, language):
    for name in ("terms", "privacy"):
        assert client.get(reverse(name), {"lang": language}).headers["Content-Language"] == language


def test_job_ends_the_old_and_leaves_the_young(django_capture_on_commit_callbacks):
    user = UserFactory()
    institution = MembershipFactory(user=user).institution

    def both(code, make):
        return make(old(code)), make(young(code))

    pairs = {
        "outbox": both("outbox", lambda at: OutboxEvent.objects.create(kind="x", done_at=at)),
        "outbox_once": both("outbox_once", lambda at: OutboxEvent.objects.create(kind="x", key=str(at), done_at=at)),
        "mail": both("mail", lambda at: mail_of(user, state="sent", sent_at=at)),
        "notifications_read": both("notifications_read", lambda at: notifications_of(user, created_at=at, read_at=at)),
        "notifications": both("notifications", lambda at: notifications_of(user, created_at=at)),
        "tokens": both("tokens", lambda at: ApiToken.objects.create(user=user, name="x", digest=uuid.uuid4().hex, revoked_at=at)),
        "invitations": both(
            "invitations",
            lambda at: TeamInvitation.objects.create(
                institution=institution, email=f"{at.timestamp()}@example.org", role="editor", invited_by=user, expires_at=at
            ),
        ),
        "uploaded_tables": both(
            "uploaded_tables",
            lambda at: ExpertImport.objects.create(country="UZ", name="x.csv", state="done", state_since=at, by=user),
        ),
        "drafts": both("drafts", draft_of),
        "withdrawn_files": both("withdrawn_files", lambda at: file_of("withdrawn", at)),
        "closed_files": both("closed_files", lambda at: file_of("rejected", at)),
    }
    waiting = [OutboxEvent.objects.create(kind="x", not_before=ago(900)), mail_of(user, state="queued", created_at=ago(900))]
    storage, name = pairs["closed_files"][0].file.storage, pairs["closed_files"][0].file.name

    with django_capture_on_commit_callbacks(execute=True):
        figures = enforce_retention(batch=1)

    for code, (gone, stays) in pairs.items():
        assert not type(gone).objects.filter(pk=gone.pk).exists(), code
        assert type(stays).objects.filter(pk=stays.pk).exists(), code
        assert figures[code] == 1, code
    assert all(type(row).objects.filter(pk=row.pk).exists() for row in waiting)
    assert Application.objects.filter(state="rejected").count() == 2
    assert not storage.exists(name)
    assert set(enforce_retention().values()) == {0}


def mail_of(user, **fields):
    return Mail.objects.create(key=uuid.uuid4().hex, user=user, address=user.email, language="en", subject="x", text="x", **fields)


def notifications_of(user, **fields):
    return Notification.objects.create(user=user, kind="x", key=uuid.uuid4().hex, **fields)


def draft_of(at):
    return ApplicationFactory(program=ProgramFactory(state="closed"), state="draft", submitted_at=None, saved_at=at)


def file_of(state, at):
    application = ApplicationFactory(state=state, state_since=at)
    return ApplicationFile.objects.create(
        application=application, file=ContentFile(b"x", name="x.pdf"), name="x.pdf", size=1, sha256=""
    )


def test_draft_of_an_open_programme_stays():
    draft = ApplicationFactory(state="draft", submitted_at=None, saved_at=ago(2000))

    assert enforce_retention(["drafts"]) == {"drafts": 0}
    assert Application.objects.filter(pk=draft.pk).exists()


def test_sessions_that_ended_go(client):
    client.force_login(UserFactory())
    Session.objects.create(session_key="over", session_data="", expire_date=ago(1))

    assert enforce_retention(["sessions"]) == {"sessions": 1}
    assert Session.objects.count() == 1


def test_counts_of_attempts_go_when_they_stopped_counting():
    cache.clear()  # counts of tests that committed
    cache.set("counts", [1], 300)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO core_cache VALUES (':1:long-over', '', now() - interval '1 hour')")

    assert enforce_retention(["attempts"]) == {"attempts": 1}
    assert cache.get("counts") == [1]


def test_accounts_nobody_ever_confirmed_are_erased():
    never = UserFactory(date_joined=old("unconfirmed"), verified=False)
    never.emailaddress_set.create(email=never.email, verified=False, primary=True)
    others = [
        UserFactory(date_joined=old("unconfirmed")),
        UserFactory(date_joined=old("unconfirmed"), verified=False),
        UserFactory(date_joined=young("unconfirmed"), verified=False),
    ]
    others[2].emailaddress_set.create(email=others[2].email, verified=False, primary=True)

    assert enforce_retention(["unconfirmed"]) == {"unconfirmed": 1}

    never.refresh_from_db()
    assert never.is_erased
    assert not any(User.objects.get(pk=user.pk).is_erased for user in others)


def test_figures_are_logged(caplog):
    with caplog.at_level("INFO"):
        enforce_retention(["outbox"])

    assert "retention: outbox 0" in caplog.text


def test_tables_that_stay_are_known():
    """A label that no table has would keep nothing."""
    from django.apps import apps

    assert {options(model).label for model in apps.get_models()} >= ANONYMISED_TABLES
