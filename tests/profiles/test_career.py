"""Positions, education, accreditations."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from profiles.domain.career import expiring
from profiles.domain.completeness import completeness_of
from profiles.domain.profiles import own_profile
from profiles.domain.record import VisiblePosition, expiry_state, record_for_reader
from profiles.models import Position
from tests.factories import InstitutionFactory
from tests.profiles.test_editor import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client, profile):
    client.force_login(profile.user)
    return profile


def career(positions=(), education=(), accreditations=()):
    return rows("p", *positions) | rows("e", *education) | rows("a", *accreditations)


def test_career_is_saved_and_places_of_the_register_are_known(client, me):
    museum = InstitutionFactory(name={"en": "Silk Museum", "ru": "Музей шёлка"})
    data = career(
        [
            {"title": "Curator", "place": " музей  ШЁЛКА ", "starts": 2015},
            {"title": "Helper", "place": "A workshop", "starts": 2010, "ends": 2014},
            {},
        ],
        [{"degree": "MA", "place": "Silk Museum", "year": 2009}],
        [{"title": "Licence", "body": "Chamber", "number": "77", "expires": "2031-01-31"}],
    )

    for _ in range(2):
        assert client.post(reverse("profile_career"), data).url == reverse("profile_edit")

    record = record_for_reader(own_profile(me.user), me.user)
    assert [(row.title, str(row.place), row.institution_id, row.years) for row in record.positions] == [
        ("Curator", "Silk Museum", museum.pk, "2015–"),
        ("Helper", "A workshop", None, "2010–2014"),
    ]
    assert record.education[0].url == museum.get_absolute_url()
    assert record.accreditations[0].number == "77"


def test_career_hides_the_page_of_a_suspended_institution(client, me):
    museum = InstitutionFactory(state="suspended", name={"en": "Closed museum"})
    Position.objects.filter(profile=me).update(institution=museum)

    assert record_for_reader(own_profile(me.user), me.user).positions[0].url == ""
    client.post(reverse("profile_career"), career([{"title": "Curator", "place": "Closed museum"}]))
    assert Position.objects.get().institution is None


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (career([{"title": "kept words", "starts": 2015, "ends": 2010}]), "positions"),
        (career([{"title": "kept words", "starts": 2095}]), "positions"),
        (career([{"place": "kept words"}]), "positions"),
        (career([], [{"degree": "kept words", "year": "soon"}]), "education"),
        (career([], [], [{"title": "kept words", "expires": "tomorrow"}]), "accreditations"),
    ],
)
def test_career_says_what_is_wrong_and_keeps_what_was_typed(client, me, data, name):
    page = client.post(reverse("profile_career"), data)

    assert page.status_code == 422
    assert any(page.context[name].errors)
    assert "kept words" in page.content.decode()
    assert me.positions.get().title == "Secret post"


def test_career_asks_for_one_more_row(client, me):
    answer = client.post(reverse("profile_career"), career([{"title": "Curator"}]) | {"add": "e"})

    page = client.get(answer.url.partition("#")[0])
    assert (page.context["positions"].total_form_count(), page.context["education"].total_form_count()) == (1, 1)


def test_career_refuses_a_flood(client, me):
    assert client.post(reverse("profile_career"), career([{"title": "x"}] * 41)).status_code == 422


def test_accreditations_that_end_are_said_in_time(client, me):
    today = timezone.now().date()
    me.accreditations.all().delete()
    for title, days in [("Over", -1), ("Soon", 60), ("Later", 400)]:
        me.accreditations.create(title=title, expires=today + datetime.timedelta(days=days))

    assert [row.title for row in expiring(me)] == ["Over", "Soon"]
    assert [expiry_state(row.expires) for row in expiring(me)] == ["over", "near"]
    assert "Soon" in client.get(reverse("profile_edit")).content.decode()


def test_strength_counts_what_is_on_paper(client, me):
    assert completeness_of(own_profile(me.user)).percent == 100
    client.post(reverse("profile_career"), career())

    assert [item.code for item in completeness_of(own_profile(me.user)).missing] == ["position", "education"]


@pytest.mark.parametrize(
    ("starts", "ends", "current", "years"),
    [
        (2015, 2020, False, "2015–2020"),
        (2015, None, True, "2015–"),
        (None, 2020, False, "2020"),
        (2020, 2020, False, "2020"),
        (None, None, True, ""),
    ],
)
def test_years_are_written_short(starts, ends, current, years):
    assert VisiblePosition("x", "", "", None, starts, ends, current).years == years
