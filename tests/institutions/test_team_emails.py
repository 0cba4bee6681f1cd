"""What people are told about teams and institutions: the right ones, once, in their language."""

import pytest
from django.urls import reverse

from exchange.core.jobs.outbox import process_outbox
from institutions.domain import institutions as actions
from messaging.domain.my_tasks import tasks_of
from messaging.models import Mail, Notification
from tests.factories import CoordinatorFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def told():
    process_outbox()
    process_outbox()
    return {(row.user_id, row.kind) for row in Notification.objects.all()}


def test_an_invited_account_is_told_in_its_language(museum, owner):
    guest = UserFactory(language="ru")

    actions.invite_to_team(museum, email=guest.email, role="editor", by=owner)

    assert told() == {(guest.pk, "team_invitation")}
    letter = Mail.objects.get()
    assert (letter.user, letter.language) == (guest, "ru")
    assert "Музей шёлка" in letter.subject
    assert reverse("invitations") in letter.text
    assert [item.url for item in tasks_of(guest)] == [reverse("invitations")]


def test_an_address_without_an_account_gets_an_email_and_nothing_else(museum, owner):
    actions.invite_to_team(museum, email="nobody@example.org", role="editor", by=owner)

    assert told() == set()
    letter = Mail.objects.get()
    assert (letter.user, letter.address, letter.language) == (None, "nobody@example.org", "en")
    assert "/accounts/signup/?next=/invitations/" in letter.text
    assert "Museum of silk" in letter.subject


def test_an_unconfirmed_address_is_not_theirs(museum, owner):
    claimed = UserFactory(verified=False)

    actions.invite_to_team(museum, email=claimed.email, role="editor", by=owner)

    assert told() == set()
    assert tasks_of(claimed) == []


def test_a_withdrawn_invitation_is_not_sent(museum, owner):
    invitation = actions.invite_to_team(museum, email="nobody@example.org", role="editor", by=owner)
    actions.withdraw_invitation(invitation, by=owner)

    assert told() == set()
    assert not Mail.objects.exists()


def test_a_new_institution_waits_for_the_coordinators_of_its_country(member):
    own, other = CoordinatorFactory(country="KG").user, CoordinatorFactory(country="KZ").user

    made = actions.create_institution(by=member, country="KG", name={"en": "House of felt"}, kind="museum", city="Bishkek")

    assert told() == {(own.pk, "institution_to_verify")}
    assert [item.url for item in tasks_of(own)] == [made.get_absolute_url()]
    assert tasks_of(other) == []
    actions.transition_institution(made, "verify", by=own)
    assert told() == {(own.pk, "institution_to_verify"), (member.pk, "institution_verified")}
    assert tasks_of(own) == []


def test_an_institution_without_a_team_waits_for_nobody(museum):
    coordinator = CoordinatorFactory(country="UZ").user

    assert tasks_of(coordinator) == []


def test_a_suspended_team_is_told(museum, owner):
    MembershipFactory(institution=museum, user=UserFactory(is_active=False))
    coordinator = CoordinatorFactory(country="UZ").user
    actions.transition_institution(museum, "verify", by=coordinator)
    actions.transition_institution(museum, "suspend", by=coordinator, note="because")

    assert told() == {(owner.pk, "institution_verified"), (owner.pk, "institution_suspended")}
