"""The secretariat appoints coordinators in pages of its own."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.access import access_of
from accounts.models import CoordinatorAppointment, User
from exchange.core.history import history_of
from tests.factories import CoordinatorFactory, ExpertFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date()
DAY = datetime.timedelta(days=1)


@pytest.fixture
def secretary():
    return UserFactory(is_secretariat=True)


def countries(user):
    return access_of(User.objects.get(pk=user.pk)).countries


def form(user, **more):
    return {"email": user.email, "country": "KZ", "starts": TODAY.isoformat(), "ends": "", "deputy_of": "", **more}


def test_the_secretariat_appoints_changes_and_ends(client, secretary):
    user = UserFactory()
    client.force_login(secretary)

    assert client.post(reverse("coordinators"), form(user) | {"email": user.email.upper()}).status_code == 302
    appointment = CoordinatorAppointment.objects.get()
    assert countries(user) == {"KZ"}
    assert history_of(appointment).get().actor == secretary
    assert user.email in client.get(reverse("coordinators")).content.decode()

    later = {"starts": (TODAY + DAY).isoformat(), "ends": (TODAY + 9 * DAY).isoformat(), "deputy_of": ""}
    assert client.post(reverse("coordinator", args=[appointment.pk]), later).status_code == 302
    assert countries(user) == set()

    client.post(reverse("coordinator", args=[appointment.pk]), later | {"starts": TODAY.isoformat()})
    assert countries(user) == {"KZ"}
    assert client.post(reverse("coordinator_end", args=[appointment.pk])).status_code == 302
    assert countries(user) == set()
    assert list(client.get(reverse("coordinators")).context["former"]) == [appointment]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": "nobody@example.org"}, "No account has this address."),
        ({"ends": (TODAY - DAY).isoformat()}, "The end date is before the start date."),
        ({"country": ""}, "This field is required."),
    ],
)
def test_the_form_refuses_and_keeps_what_was_typed(client, secretary, changes, words):
    client.force_login(secretary)

    answer = client.post(reverse("coordinators"), form(UserFactory()) | changes)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not CoordinatorAppointment.objects.exists()


def test_a_closed_account_is_not_appointed(client, secretary):
    client.force_login(secretary)

    assert client.post(reverse("coordinators"), form(UserFactory(is_active=False))).status_code == 422


def test_a_deputy_is_of_the_same_country(client, secretary):
    chief = CoordinatorFactory(country="UZ")
    client.force_login(secretary)

    refused = client.post(reverse("coordinators"), form(UserFactory(), deputy_of=chief.pk))
    assert "A deputy acts for the country" in refused.content.decode()
    user = UserFactory()
    assert client.post(reverse("coordinators"), form(user, deputy_of=chief.pk, country="UZ")).status_code == 302
    assert countries(user) == {"UZ"}


def test_the_pages_are_closed_to_all_others(client):
    appointment = CoordinatorFactory()
    pages = [reverse("coordinators"), reverse("coordinator", args=[appointment.pk])]
    posts = [*pages, reverse("coordinator_end", args=[appointment.pk])]
    for address in pages:
        assert client.get(address).headers["Location"].startswith("/accounts/login/")
    for user in (appointment.user, MembershipFactory().user, ExpertFactory().user, UserFactory()):
        client.force_login(user)
        assert [client.get(address).status_code for address in pages] == [403, 403]
        assert [client.post(address, form(user)).status_code for address in posts] == [403, 403, 403]
    assert CoordinatorAppointment.objects.get().ends is None


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_is_flat(client, secretary, rows, django_assert_num_queries):
    for _ in range(rows):
        CoordinatorFactory(deputy_of=CoordinatorFactory())
    client.force_login(secretary)
    client.get(reverse("coordinators"))

    with django_assert_num_queries(5):
        client.get(reverse("coordinators"))
