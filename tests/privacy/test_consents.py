"""What people agreed to: written down when they say it, kept from being changed, shown and handed out."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts.domain.consents import consents_of, record_consent, record_sign_up
from accounts.models import Consent, User
from accounts.states import TEXT_VERSIONS, ConsentKind, ConsentWay
from messaging.domain.notifications import set_mail_preferences
from privacy.domain.consents import consent_log
from profiles.domain.profiles import save_audiences
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

NEW = {"email": "new@example.org", "password1": "lattice-of-turquoise", "password2": "lattice-of-turquoise"}


def consent_rows(user):
    return [(row.kind, row.given, row.way) for row in consents_of(user)]


def test_sign_up_needs_the_box_and_writes_it_down(client):
    answer = client.post(reverse("account_signup"), NEW)
    assert answer.status_code in {200, 422}
    assert "Without this we cannot keep an account for you." in answer.content.decode()
    assert not User.objects.exists()

    client.post(reverse("account_signup"), NEW | {"agree": "on"})

    rows = Consent.objects.filter(user__email="new@example.org")
    assert {(row.kind, row.version, row.given, row.way) for row in rows} == {
        ("terms", TEXT_VERSIONS[ConsentKind.TERMS], True, "sign_up"),
        ("privacy", TEXT_VERSIONS[ConsentKind.PRIVACY], True, "sign_up"),
    }


def test_sign_up_page_leads_to_what_is_agreed_to(client):
    page = client.get(reverse("account_signup")).content.decode()

    assert f'href="{reverse("terms")}"' in page
    assert f'href="{reverse("privacy")}"' in page
    assert page.index('name="agree"') > page.index('name="password2"')


def test_signing_up_with_a_known_address_agrees_to_nothing(client):
    user = UserFactory()
    client.post(reverse("account_signup"), NEW | {"email": user.email, "agree": "on"})

    assert not Consent.objects.exists()


def test_opening_and_closing_the_profile_is_a_consent_and_its_withdrawal(profile):
    user = profile.user
    for audience in ("members", "everyone", "everyone", "only_me", "members"):
        save_audiences(profile, by=user, audience=audience, audiences={})

    assert consent_rows(user) == [("public_profile", False, "profile"), ("public_profile", True, "profile")]


def test_wishes_about_mail_are_written_down(member):
    for wish in (True, False, False, True):
        set_mail_preferences({"messages.unread": wish}, by=member)

    log = consent_log(member)
    assert [(row.consent.given, row.current) for row in log] == [(True, True), (False, False)]
    assert log[0].about == "Notifications by e-mail: Unread messages"


def test_same_word_twice_is_one_row_and_a_new_version_another(member, monkeypatch):
    record_sign_up(member)
    record_sign_up(member)
    assert Consent.objects.count() == 2

    monkeypatch.setitem(TEXT_VERSIONS, ConsentKind.TERMS, "2027-01")
    assert record_consent(member, ConsentKind.TERMS, given=True, way=ConsentWay.SETTINGS).version == "2027-01"


@pytest.mark.parametrize("statement", ["UPDATE accounts_consent SET given = NOT given", "DELETE FROM accounts_consent"])
def test_nobody_changes_the_log(member, statement):
    record_sign_up(member)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)
    assert Consent.objects.filter(given=True).count() == 2


def test_page_shows_ones_own_log_alone(client, member):
    record_consent(UserFactory(), ConsentKind.PUBLIC_PROFILE, given=True, way=ConsentWay.PROFILE)
    client.force_login(member)
    assert "Nothing is recorded yet" in client.get(reverse("privacy_settings")).content.decode()

    record_sign_up(member)

    page = client.get(reverse("privacy_settings")).content.decode()
    assert "Terms of use" in page
    assert "when signing up" in page
    assert "My profile is shown to everyone" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_log_costs_the_same_for_one_row_and_three(client, member, rows, django_assert_num_queries):
    for number in range(rows):
        record_consent(member, ConsentKind.MAIL, given=False, way=ConsentWay.SETTINGS, detail=f"kind-{number}")

    with django_assert_num_queries(1):
        assert len(consent_log(member)) == rows
