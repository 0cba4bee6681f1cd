import datetime as dt
import smtplib
import threading

import pytest
from django.core import mail as outgoing
from django.db import connections
from django.utils import timezone

from messaging.domain.mail import INTERRUPTED_AFTER, flag_interrupted_mail, queue_emails, send_waiting_mail
from messaging.models import Mail
from tests.messaging.mailservers import UnwillingServer

pytestmark = pytest.mark.django_db


def email(n=1, **fields):
    return Mail(
        **{"key": f"k{n}", "address": f"person{n}@example.org", "language": "ru", "subject": "Привет", "text": "Да"} | fields
    )


@pytest.fixture
def server(settings):
    """A mail server whose answers a test chooses, spoken to over real SMTP."""
    with UnwillingServer() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", running.port, 2
        yield running


def test_letters_go_once(mailoutbox):
    queue_emails([email(1, html="<p>Да</p>"), email(2)])
    queue_emails([email(1)])

    assert send_waiting_mail() == 2
    assert send_waiting_mail() == 0

    assert sorted(sent.to[0] for sent in outgoing.outbox) == ["person1@example.org", "person2@example.org"]
    assert set(Mail.objects.values_list("state", flat=True)) == {Mail.State.SENT}
    first = next(sent for sent in outgoing.outbox if sent.to == ["person1@example.org"])
    assert first.subject == "Привет"
    assert first.alternatives[0].mimetype == "text/html"
    assert first.extra_headers["Auto-Submitted"] == "auto-generated"


def test_one_connection_carries_a_batch(server):
    queue_emails([email(n) for n in range(5)])

    assert send_waiting_mail() == 5

    assert server.connections == 1
    assert len(server.emails) == 5


def test_an_unavailable_server_gets_the_email_later(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    queue_emails([email(1), email(2)])

    assert send_waiting_mail() == 0

    tried = Mail.objects.get(attempts=1)
    assert tried.state == Mail.State.QUEUED
    assert tried.not_before > timezone.now()
    assert "refused" in tried.error.lower()
    assert Mail.objects.filter(state=Mail.State.QUEUED).count() == 2


def test_letters_go_when_the_server_is_back(server):
    queue_emails([email(1, not_before=timezone.now() + dt.timedelta(minutes=1))])
    assert send_waiting_mail() == 0

    Mail.objects.update(not_before=timezone.now())

    assert send_waiting_mail() == 1


def test_a_refusal_for_now_is_tried_again(server):
    server.answer = "450 greylisted"
    queue_emails([email(1)])

    assert send_waiting_mail() == 0
    assert Mail.objects.get().state == Mail.State.QUEUED

    server.answer = "250 ok"
    Mail.objects.update(not_before=timezone.now())
    assert send_waiting_mail() == 1


def test_a_refusal_for_good_fails_that_letter_alone(server):
    server.refused = "person1@example.org"
    queue_emails([email(1), email(2)])

    assert send_waiting_mail() == 1

    failed = Mail.objects.get(key="k1")
    assert failed.state == Mail.State.FAILED
    assert "550" in failed.error


def test_patience_ends(server, monkeypatch):
    server.answer = "450 greylisted"
    queue_emails([email(1, attempts=40)])

    send_waiting_mail()

    assert Mail.objects.get().state == Mail.State.FAILED


def test_silence_after_the_letter_was_handed_over_is_never_followed_by_a_second_one(server):
    server.hang_up_after_data = True
    queue_emails([email(1)])

    assert send_waiting_mail() == 0
    server.hang_up_after_data = False
    assert send_waiting_mail() == 0

    assert Mail.objects.get().state == Mail.State.UNCLEAR
    assert len(server.emails) == 1


def test_a_letter_whose_sender_was_killed_is_flagged_and_never_sent_again(mailoutbox):
    Mail.objects.bulk_create(
        [
            email(1, state=Mail.State.SENDING, claimed_at=timezone.now() - INTERRUPTED_AFTER - dt.timedelta(seconds=1)),
            email(2, state=Mail.State.SENDING, claimed_at=timezone.now()),
        ]
    )

    assert flag_interrupted_mail() == 1

    assert Mail.objects.get(key="k1").state == Mail.State.UNCLEAR
    assert Mail.objects.get(key="k2").state == Mail.State.SENDING
    assert send_waiting_mail() == 0
    assert outgoing.outbox == []


def test_an_address_no_server_would_take_fails_the_letter(server):
    queue_emails([email(1, subject="Line\nbreak")])

    send_waiting_mail()

    assert Mail.objects.get().state == Mail.State.FAILED


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_several_workers_send_each_letter_once(mailoutbox):
    queue_emails([email(n) for n in range(40)])
    counts = []

    def work():
        counts.append(send_waiting_mail())
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(counts) == 40
    assert len({sent.to[0] for sent in outgoing.outbox}) == len(outgoing.outbox) == 40


def test_the_answer_of_a_server_is_read_as_smtp_does():
    from messaging.domain.mail import _code

    assert _code(smtplib.SMTPRecipientsRefused({"a@b": (451, b"later")})) == 451
    assert _code(smtplib.SMTPDataError(552, b"too big")) == 552
