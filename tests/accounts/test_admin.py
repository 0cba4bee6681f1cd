"""The administration, and what closing an account or losing an appointment does."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.domain import accounts, coordinators
from accounts.domain.tokens import create_token
from accounts.models import CoordinatorAppointment, User
from accounts.signals import access_changed
from exchange.core.errors import DomainError
from exchange.core.history import history_of
from exchange.core.models import OutboxEvent
from tests.factories import ConceptFactory, CoordinatorFactory, InstitutionFactory, UserFactory
from vocabulary.domain.vocabulary import vocabulary

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return UserFactory(is_staff=True, is_superuser=True, is_secretariat=True)


@pytest.fixture
def told():
    users = []

    def note(sender, user_id, **kwargs):
        users.append(user_id)

    access_changed.connect(note)
    yield users
    access_changed.disconnect(note)


MODELS = [
    *("accounts_user", "accounts_coordinatorappointment", "accounts_apitoken", "vocabulary_concept", "profiles_expertprofile"),
    *("institutions_institution", "institutions_membership", "institutions_teaminvitation"),
]


@pytest.mark.parametrize("model", MODELS)
def test_admin_lists_open_for_staff_alone(client, admin, member, profile, owner, model):
    create_token(member, name="x", scopes=["read"], by=member)
    address = reverse(f"admin:{model}_changelist")
    assert client.get(address, follow=True).redirect_chain[-1][0].startswith("/accounts/login/")
    client.force_login(member)
    assert client.get(address, follow=True).status_code == 403

    client.force_login(admin)

    assert client.get(address, {"q": "x"}).status_code == 200


def test_admin_shows_no_token_and_no_hidden_part(client, admin, profile):
    token, text = create_token(profile.user, name="x", scopes=["read"], by=profile.user)
    client.force_login(admin)

    page = client.get(reverse("admin:accounts_apitoken_change", args=[token.pk])).content.decode()
    assert token.digest not in page
    assert text not in page
    page = client.get(reverse("admin:profiles_expertprofile_change", args=[profile.pk])).content.decode()
    assert "Secretville" not in page


def act(client, model, action, *rows):
    return client.post(
        reverse(f"admin:{model}_changelist"), {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True
    )


def test_admin_closes_and_opens_accounts_by_the_action(client, admin, member, told):
    client.force_login(admin)

    act(client, "accounts_user", "close_accounts", member)
    member.refresh_from_db()
    assert not member.is_active
    act(client, "accounts_user", "reopen_accounts", member)
    member.refresh_from_db()
    assert member.is_active

    assert told == [member.pk, member.pk]
    assert [(row.transition, row.actor) for row in history_of(member)] == [("deactivate", admin), ("reactivate", admin)]


def test_admin_does_not_close_itself(client, admin):
    client.force_login(admin)

    page = act(client, "accounts_user", "close_accounts", admin)

    admin.refresh_from_db()
    assert admin.is_active
    assert "You cannot close your own account here." in page.content.decode()


def test_admin_lets_into_the_secretariat(client, admin, member, told):
    client.force_login(admin)

    act(client, "accounts_user", "add_to_secretariat", member)

    assert User.objects.get(pk=member.pk).is_secretariat
    assert told == [member.pk]


def test_admin_appoints_by_the_action(client, admin, member, told):
    client.force_login(admin)
    data = {"user": member.pk, "country": "KG", "starts": "2026-01-01", "ends": "", "deputy_of": ""}

    answer = client.post(reverse("admin:accounts_coordinatorappointment_add"), data)

    appointment = CoordinatorAppointment.objects.get()
    assert answer.status_code == 302
    assert (appointment.user, appointment.country) == (member, "KG")
    assert told == [member.pk]
    assert history_of(appointment).get().actor == admin
    act(client, "accounts_coordinatorappointment", "end_today", appointment)
    assert coordinators.coordinator_ids("KG") == []


def test_admin_edits_facts_of_an_institution_but_not_its_state(client, admin):
    museum = InstitutionFactory(state="unverified")
    client.force_login(admin)
    data = {"name_en": "New name", "kind": "museum", "city": "Osh", "state": "verified", "country": "US"}

    assert client.post(reverse("admin:institutions_institution_change", args=[museum.pk]), data).status_code == 302

    museum.refresh_from_db()
    assert (str(museum.name), museum.city, museum.state) == ("New name", "Osh", "unverified")
    assert history_of(museum).get().transition == "edit"


def test_admin_edits_the_vocabulary_and_it_shows_at_once(client, admin):
    concept = ConceptFactory(slug="felt", scheme="material")
    vocabulary()
    client.force_login(admin)
    data = {"scheme": "material", "label_en": "felt and wool", "note": "", "labels-TOTAL_FORMS": 0, "labels-INITIAL_FORMS": 0}

    assert client.post(reverse("admin:vocabulary_concept_change", args=[concept.pk]), data).status_code == 302

    assert vocabulary().title(concept.pk) == "Felt and wool"
    assert vocabulary().by_slug("felt")
    assert not OutboxEvent.objects.filter(kind="search.moved").exists()


def test_admin_who_moves_a_concept_has_the_search_follow(client, admin):
    concept, above = ConceptFactory(slug="felt", scheme="material"), ConceptFactory(slug="wool", scheme="material")
    client.force_login(admin)
    data = {"scheme": "material", "label_en": "felt", "broader": above.pk, "labels-TOTAL_FORMS": 0, "labels-INITIAL_FORMS": 0}

    assert client.post(reverse("admin:vocabulary_concept_change", args=[concept.pk]), data).status_code == 302

    assert OutboxEvent.objects.get(kind="search.moved").payload == {"concept_ids": [concept.pk]}


# ---- what changes what somebody is -------------------------------------------------------------------------------------


def test_a_closed_account_is_out_from_the_next_request_on(client, secretariat, profile, told):
    user = profile.user
    _token, text = create_token(user, name="x", scopes=["read"], by=user)
    client.force_login(user)
    assert client.get(reverse("settings")).status_code == 200

    accounts.deactivate_account(user, by=secretariat, note="asked for it")

    assert client.get(reverse("settings")).url.startswith("/accounts/login/")
    assert client.get("/api/v1/me", headers={"authorization": f"Bearer {text}"}).status_code == 401
    assert told == [user.pk]


@pytest.mark.parametrize("action", [accounts.deactivate_account, accounts.reactivate_account])
def test_accounts_are_closed_by_the_secretariat_alone(action, member, readers, told):
    del readers["anonymous"], readers["secretariat"]
    for by in readers.values():
        with pytest.raises(PermissionDenied):
            action(UserFactory(), by=by)
    assert told == []


def test_closing_twice_tells_once(secretariat, member, told):
    for _ in range(2):
        accounts.deactivate_account(member, by=secretariat)

    assert told == [member.pk]
    assert history_of(member).count() == 1


def test_only_those_who_run_the_site_change_the_secretariat(secretariat, member):
    with pytest.raises(PermissionDenied):
        accounts.set_secretariat(member, member=True, by=secretariat)


def test_appointments_hold_between_their_days(secretariat, member, told):
    today = datetime.datetime.now(datetime.UTC).date()
    day = datetime.timedelta(days=1)

    appointment = coordinators.appoint_coordinator(member, country="UZ", by=secretariat)
    assert coordinators.coordinator_ids("UZ") == [member.pk]
    assert member.access.countries == {"UZ"}

    coordinators.change_appointment(appointment, by=secretariat, starts=today + day, ends=None)
    assert coordinators.coordinator_ids("UZ") == []
    assert member.access.countries == frozenset()
    coordinators.change_appointment(appointment, by=secretariat, starts=today - day, ends=today)
    assert coordinators.coordinator_ids("UZ") == [member.pk]
    coordinators.end_appointment(appointment, by=secretariat)
    assert coordinators.coordinator_ids("UZ") == []
    assert told == [member.pk] * 4


def test_appointments_refuse_wrong_days_and_foreign_deputies(secretariat, member):
    chief = CoordinatorFactory(country="KZ")
    with pytest.raises(DomainError):
        coordinators.appoint_coordinator(
            member, country="UZ", by=secretariat, starts=datetime.date(2027, 1, 2), ends=datetime.date(2027, 1, 1)
        )
    with pytest.raises(DomainError):
        coordinators.appoint_coordinator(member, country="UZ", by=secretariat, deputy_of=chief)
    with pytest.raises(PermissionDenied):
        coordinators.appoint_coordinator(member, country="KZ", by=chief.user)


def test_a_closed_coordinator_acts_for_nobody(secretariat):
    appointment = CoordinatorFactory(country="UZ")

    accounts.deactivate_account(appointment.user, by=secretariat)

    assert coordinators.coordinator_ids("UZ") == []
