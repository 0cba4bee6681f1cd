"""Log-in, sign-up and reset take the same work whether an address has an account: what takes time is counted, not timed."""

import re
from collections import Counter

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from messaging.models import Mail
from tests.accounts.conftest import letters
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

NOT_COUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK", 'UPDATE "core_cache"', 'INSERT INTO "core_cache"')
"""Savepoints, and the counters of rate limits, which are new for a new address and renewed otherwise, however often that was tried."""
WRONG = "lattice-of-turquoise"
FORMS = {
    "account_signup": lambda email: {"email": email, "password1": WRONG, "password2": WRONG, "agree": "on"},
    "account_reset_password": lambda email: {"email": email},
    "account_login": lambda email: {"login": email, "password": WRONG},
}


@pytest.fixture(autouse=True)
def _limited(settings):
    settings.ACCOUNT_RATE_LIMITS = {}


@pytest.fixture
def hashings(monkeypatch):
    """The passwords that were hashed, by the slow function that all others wait for."""
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *args: hashed.append(args[0]) or encode(self, *args))
    return hashed


def work_of(form, email, hashings):
    """Hashed passwords, statements by kind and table, and queued e-mails of one answer to a form."""
    hashings.clear()
    queued = set(Mail.objects.values_list("pk", flat=True))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = Client(REMOTE_ADDR=f"10.0.0.{len(email)}").post(reverse(form), FORMS[form](email))
    counted = (query["sql"] for query in queries if not query["sql"].startswith(NOT_COUNTED))
    statements = Counter(re.sub(r'^(\w+).*?"(\w+)".*$', r"\1 \2", sql, flags=re.DOTALL) for sql in counted)
    written = Mail.objects.exclude(pk__in=queued)
    assert {mail.address for mail in written} <= {email}
    return answer.status_code, list(hashings), statements, len(written)


@pytest.mark.parametrize("form", FORMS)
def test_a_known_and_an_unknown_address_take_the_same_work(form, hashings):
    known = UserFactory(email="a-known-address@example.org")
    work_of(form, "first-one-loads@example.org", hashings)

    status, hashed, statements, mails = work_of(form, known.email, hashings)
    of_unknown = work_of(form, "an-unknown-one@example.org", hashings)

    assert (status, hashed, mails) == (of_unknown[0], of_unknown[1], of_unknown[3])
    assert changes(statements) == changes(of_unknown[2])
    assert abs(statements.total() - of_unknown[2].total()) <= 3


def changes(statements):
    return {statement: count for statement, count in statements.items() if statement.startswith(("INSERT", "UPDATE", "DELETE"))}


def test_sign_up_hashes_the_password_once_for_both(hashings):
    assert work_of("account_signup", UserFactory().email, hashings)[1] == [WRONG]
    assert work_of("account_signup", "nobody@example.org", hashings)[1] == [WRONG]


def test_a_second_sign_up_leaves_nothing_behind(hashings):
    known = UserFactory()

    work_of("account_signup", known.email, hashings)

    assert list(User.objects.all()) == [known]
    known.refresh_from_db()
    assert not known.check_password(WRONG)
    (letter,) = letters()
    assert letter.to == [known.email]


def test_no_page_waits_for_the_mail_server(client, settings):
    """A mail server that is away is the worker's trouble, for known and unknown addresses alike."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1

    assert client.post(reverse("account_reset_password"), {"email": UserFactory().email}).status_code == 302
    assert Mail.objects.get().state == Mail.State.QUEUED


def test_the_text_of_a_sent_email_about_an_account_is_not_kept(client):
    user = UserFactory()
    client.post(reverse("account_reset_password"), {"email": user.email})
    waiting = Mail.objects.get()
    assert (waiting.user, "/accounts/password/reset/key/" in waiting.text) == (user, True)

    (letter,) = letters()

    assert "/accounts/password/reset/key/" in letter.body
    sent = Mail.objects.get()
    assert (sent.state, sent.text, sent.html) == (Mail.State.SENT, "", "")
