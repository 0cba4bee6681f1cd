"""Profiles that age: who is asked, how often, and what the link of the letter does."""

import datetime
import re

import pytest
from django.core import mail, signing
from django.urls import reverse
from django.utils import timezone

from exchange.core.outbox import process_outbox
from messaging.domain.mail import send_waiting_mail
from profiles.domain.confirmation import ask_to_confirm, confirm_path
from profiles.domain.visibility import months_since
from profiles.models import ExpertProfile
from tests.factories import ExpertFactory, UserFactory

pytestmark = pytest.mark.django_db

TODAY = timezone.now().date()
LONG_AGO = TODAY - datetime.timedelta(days=400)


@pytest.fixture
def old():
    return ExpertFactory(confirmed_on=LONG_AGO, user__language="ru")


def letters():
    process_outbox()
    send_waiting_mail()
    return mail.outbox


def link_of(letter):
    return re.search(r"http://[^/]+(/profile/confirm/\S+)", letter.body).group(1)


def test_old_profiles_are_asked_once_a_year_in_their_language(old):
    ExpertFactory(confirmed_on=TODAY - datetime.timedelta(days=300))
    ExpertFactory(confirmed_on=LONG_AGO, user=None)
    ExpertFactory(confirmed_on=LONG_AGO, user__is_active=False)
    ExpertFactory(confirmed_on=LONG_AGO, is_demo=True)

    assert [ask_to_confirm(), ask_to_confirm()] == [1, 0]

    assert [letter.to for letter in letters()] == [[old.user.email]]
    assert mail.outbox[0].extra_headers["Content-Language"] == "ru"
    ExpertProfile.objects.update(asked_on=TODAY - datetime.timedelta(days=366))
    assert ask_to_confirm() == 1


def test_nobody_is_asked_who_confirmed_before_the_letter_was_written(old):
    ask_to_confirm()
    ExpertProfile.objects.update(confirmed_on=TODAY)

    assert letters() == []


def test_link_confirms_by_its_button_alone_and_as_often_as_it_is_pressed(client, old):
    ask_to_confirm()
    link = link_of(letters()[0])

    page = client.get(link)
    old.refresh_from_db()
    assert (page.status_code, page.headers["Content-Language"], old.confirmed_on) == (200, "ru", LONG_AGO)
    assert old.user.email not in page.content.decode()

    for _ in range(2):
        assert client.post(link).status_code == 200
    old.refresh_from_db()
    assert old.confirmed_on == TODAY


def test_link_that_was_used_confirms_nothing_later(client, old):
    link = confirm_path(old)
    client.post(link)
    between = LONG_AGO + datetime.timedelta(days=100)
    ExpertProfile.objects.update(confirmed_on=between)

    client.post(link)

    old.refresh_from_db()
    assert old.confirmed_on == between


@pytest.mark.parametrize("token", ["abc", "a:b:c", "x" * 500, "..%2F"])
def test_link_that_is_broken_says_so(client, token):
    assert client.get(reverse("profile_confirm_link", args=[token])).status_code == 404
    assert client.post(reverse("profile_confirm_link", args=[token])).status_code == 404


def test_link_expires(client, old, monkeypatch):
    monkeypatch.setattr("django.core.signing.time.time", lambda: 1_600_000_000)
    link = confirm_path(old)
    monkeypatch.undo()

    assert client.post(link).status_code == 410
    old.refresh_from_db()
    assert old.confirmed_on == LONG_AGO


def test_link_of_another_purpose_or_a_closed_account_opens_nothing(client, old):
    foreign = signing.dumps([old.pk, LONG_AGO.isoformat()], salt="something.else")
    assert client.post(reverse("profile_confirm_link", args=[foreign])).status_code == 404

    link = confirm_path(old)
    old.user.is_active = False
    old.user.save()
    assert client.post(link).status_code == 404
    old.refresh_from_db()
    assert old.confirmed_on == LONG_AGO


def test_age_is_said_on_the_page_and_told_as_a_number(client, old):
    client.force_login(UserFactory(language="en"))

    page = client.get(old.get_absolute_url())

    assert page.context["expert"].freshness == 13
    assert "Nobody has confirmed this profile for 13 months." in page.content.decode()


@pytest.mark.parametrize(
    ("day", "months"), [(TODAY, 0), (TODAY + datetime.timedelta(days=5), 0), (TODAY.replace(year=TODAY.year - 2, day=1), 24)]
)
def test_months_since(day, months):
    assert months_since(day) == months
