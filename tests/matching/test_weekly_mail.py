"""The weekly e-mail: asked for, only what is new and good, never twice, stopped by one click."""

import datetime

import pytest
from django.core import mail as outbox
from django.test import Client
from django.utils import timezone

from matching.domain.choices import dismiss_program, save_settings
from matching.domain.compute import match_expert
from matching.domain.mailing import send_due, send_weekly
from matching.models import KnownMatch, Match, MatchSettings
from messaging.domain.mail import send_waiting_mail
from messaging.models import Mail
from tests.factories import ProgramFactory

pytestmark = pytest.mark.django_db


def new_program(technique, expert, title="Wet cleaning", **values):
    program = ProgramFactory(title={"en": title}, **values)
    program.concepts.add(technique)
    match_expert(expert.pk)
    return program


def monday():
    """The moment at which the next e-mail is due."""
    return MatchSettings.objects.get().next_at


@pytest.fixture
def reader(expert):
    save_settings(by=expert.user, proposed=True, weekly_mail=True)
    return expert


def test_the_first_e_mail_has_what_is_new_since_it_was_asked_for(expert, technique):
    new_program(technique, expert, "Known before")
    save_settings(by=expert.user, proposed=True, weekly_mail=True)
    new_program(technique, expert, "Came later")

    assert send_due(monday()) == 1

    email = Mail.objects.get()
    assert "Came later" in email.text
    assert "Known before" not in email.text + email.html


def test_nobody_gets_it_without_asking(expert, technique):
    new_program(technique, expert)

    assert send_due(timezone.now() + datetime.timedelta(days=30)) == 0
    assert not Mail.objects.exists()


def test_a_programme_is_never_sent_twice(reader, technique):
    new_program(technique, reader)
    first = monday()

    assert send_due(first) == 1
    assert send_due(first) == 0
    match_expert(reader.pk)
    assert send_due(monday()) == 0
    assert monday() > first
    assert Mail.objects.count() == 1


def test_e_mail_waits_for_monday_morning_of_the_reader(expert, technique):
    expert.user.time_zone = "Asia/Tashkent"
    expert.user.save()
    save_settings(by=expert.user, proposed=True, weekly_mail=True)
    new_program(technique, expert)

    assert send_due(monday() - datetime.timedelta(minutes=1)) == 0
    there = monday().astimezone(datetime.timezone(datetime.timedelta(hours=5)))
    assert (there.weekday(), there.hour) == (0, 8)


def test_what_is_dismissed_not_eligible_or_weak_is_not_sent(reader, technique):
    dismiss_program(new_program(technique, reader, "Dismissed"), by=reader.user, reason="other")
    new_program(technique, reader, "For others", eligible_countries=["KZ"])
    weak = new_program(technique, reader, "Weak")
    Match.objects.filter(program=weak).update(score=400)

    assert send_due(monday()) == 0
    assert not Mail.objects.exists()


def test_list_unsubscribe_stops_it_without_a_session(reader, technique, client):
    new_program(technique, reader)
    send_due(monday())
    send_waiting_mail()
    [message] = outbox.outbox
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = message.extra_headers["List-Unsubscribe"].strip("<>")
    path = "/matches/" + address.partition("/matches/")[2]

    assert Client(enforce_csrf_checks=True).get(path).status_code == 200
    assert MatchSettings.objects.get().weekly_mail, "a GET changes nothing"
    assert Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not MatchSettings.objects.get().weekly_mail
    assert MatchSettings.objects.get().next_at is None
    assert client.post(path[:-3] + "/").status_code == 404


def test_e_mail_is_in_the_language_of_its_reader(reader, technique):
    reader.user.language = "ru"
    reader.user.save()
    program = new_program(technique, reader)
    program.title = {"en": "Wet cleaning", "ru": "Водная очистка"}
    program.save()

    send_due(monday())

    assert Mail.objects.get().language == "ru"
    assert "Водная очистка" in Mail.objects.get().text


def test_a_closed_account_gets_nothing(reader, technique):
    new_program(technique, reader)
    reader.user.is_active = False
    reader.user.save()

    assert send_due(monday()) == 0
    assert not KnownMatch.objects.exists()


def test_of_two_workers_one_sends(reader, technique):
    new_program(technique, reader)
    moment, pk = monday(), MatchSettings.objects.get().pk

    assert [send_weekly(pk, now=moment), send_weekly(pk, now=moment)] == [1, 0]
