import datetime as dt

import pytest

from exchange.core.models import OutboxEvent
from messaging.domain.notifications import set_mail_preferences
from messaging.domain.threads import mark_read, post_event, post_message, remove_participants
from messaging.models import Mail, Participant

pytestmark = pytest.mark.django_db


def say(thread, by, *words):
    for word in words:
        post_message(thread, by=by, body=word)


def pause_is_over():
    Participant.objects.update(mailed_at="2020-01-01T00:00:00Z")


def test_a_digest_waits_before_it_goes(thread, host, worked, settings):
    say(thread, host, "hello")

    event = OutboxEvent.objects.get()
    assert event.not_before - event.created_at == dt.timedelta(seconds=settings.MESSAGE_DIGEST_DELAY)
    worked()
    assert not Mail.objects.exists()


def test_several_unread_messages_are_one_letter_in_the_readers_language(thread, expert, host, worked):
    say(thread, host, "секретный текст", "two", "three")

    worked(later=True)

    email = Mail.objects.get()
    assert email.user == expert
    assert email.language == "ru"
    assert "3" in email.subject
    assert "Музей Winterthur" in email.subject
    assert "J. Carlson" in email.text
    assert f"/messages/{thread.pk}/" in email.text
    assert "секретный" not in email.text + email.html


def test_what_was_read_in_time_sends_nothing(thread, expert, host, worked):
    say(thread, host, "hello")
    mark_read(thread, by=expert, number=1)

    worked(later=True)

    assert not Mail.objects.exists()


def test_events_alone_send_no_digest(thread, host, worked):
    post_event(thread, "test.submitted", {"name": "x"})
    say(thread, host, "hello")
    Mail.objects.all().delete()
    mark_read(thread, by=thread.participants.get(capacity="expert").user, number=2)
    post_event(thread, "test.submitted", {"name": "x"})

    worked(later=True)

    assert not Mail.objects.exists()


def test_while_unread_the_next_letter_waits_for_the_pause_and_is_not_lost(thread, expert, host, worked):
    say(thread, host, "1")
    worked(later=True)
    say(thread, host, "2", "3")

    worked(later=False)
    OutboxEvent.objects.filter(done_at__isnull=True).update(not_before="2020-01-01T00:00:00Z")
    worked()
    assert Mail.objects.count() == 1
    waiting = OutboxEvent.objects.get(done_at__isnull=True)
    assert waiting.payload["after_pause_for"] == expert.pk

    worked(later=True)

    assert Mail.objects.count() == 2
    assert "3" in Mail.objects.order_by("-pk").first().subject


def test_reading_ends_the_pause(thread, expert, host, worked):
    say(thread, host, "1")
    worked(later=True)
    mark_read(thread, by=expert, number=1)
    say(thread, host, "2")

    worked(later=True)

    assert Mail.objects.count() == 2


def test_nothing_new_sends_nothing_however_long_it_stays_unread(thread, host, worked):
    say(thread, host, "1")
    worked(later=True)
    pause_is_over()
    OutboxEvent.objects.update(done_at=None, not_before="2020-01-01T00:00:00Z")

    worked()

    assert Mail.objects.count() == 1


def test_those_who_left_or_closed_their_account_get_no_digest(thread, expert, host, worked):
    say(thread, host, "1")
    remove_participants(thread, [expert.pk])

    worked(later=True)

    assert not Mail.objects.exists()


def test_those_who_want_no_digest_get_none(thread, expert, host, worked):
    set_mail_preferences({"messages.unread": False}, by=expert)
    say(thread, host, "1")

    worked(later=True)

    assert not Mail.objects.exists()


def test_a_thread_that_is_gone_is_no_error(thread, host, worked):
    say(thread, host, "1")
    thread.delete()

    assert worked(later=True) == 1
    assert OutboxEvent.objects.get().done_at
