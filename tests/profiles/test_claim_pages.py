"""The pages and letters of claims and of merges of profiles."""

import re

import pytest
from django.urls import reverse

from exchange.core.jobs.outbox import process_outbox
from messaging.domain.my_tasks import tasks_of
from messaging.models import Mail, Notification
from profiles.domain import claims, profile_merge
from profiles.models import ClaimInvitation, ExpertProfile, ImportedExpert, ProfileMerge
from tests.factories import CoordinatorFactory, ExpertFactory, UserFactory
from tests.helpers.profiles import again

pytestmark = pytest.mark.django_db


def test_who_made_a_profile_invites_from_its_page_and_the_letter_leads_to_it(client, imported, maker, person):
    address = reverse("claim_invite", args=[imported.pk])
    client.force_login(maker)
    assert address in client.get(imported.get_absolute_url()).content.decode()
    assert client.post(address, {"email": "nonsense"}).url == imported.get_absolute_url()
    assert not ClaimInvitation.objects.exists()

    client.post(address, {"email": "her@example.org"})

    process_outbox()
    letter = Mail.objects.get()
    assert (letter.address, letter.user) == ("her@example.org", None)
    link = re.search(r"/claims/link/[^\s]+", letter.text).group()
    assert "her@example.org" in client.get(imported.get_absolute_url()).content.decode()
    client.logout()
    assert client.get(link).url.startswith("/accounts/login/?next=/claims/link/")
    client.force_login(person)
    text = client.get(link).content.decode()
    assert "Азиз Каримов" in text
    assert "Khiva" in text
    assert again(imported).user is None
    assert client.post(link).url == reverse("profile_edit")
    assert again(imported).user == person
    assert client.get(link).status_code in {302, 410}
    assert client.get(reverse("profile_edit")).status_code == 200


def test_other_users_neither_invite_nor_claim(client, imported, maker, readers):
    del readers["anonymous"]
    claims.invite_to_claim(imported, email="her@example.org", by=maker)
    for reader in readers.values():
        client.force_login(reader)
        assert "claim/invite" not in client.get(imported.get_absolute_url()).content.decode()
        for name in ("claim_invite", "claim_withdraw"):
            assert client.post(reverse(name, args=[imported.pk]), {"email": "a@example.org"}).status_code == 403
        address = reverse("claim", args=[imported.pk])
        assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)
    ExpertProfile.objects.update(audience="only_me")
    assert client.post(reverse("claim_invite", args=[imported.pk]), {"email": "a@example.org"}).status_code == 404
    client.force_login(maker)
    client.post(reverse("claim_withdraw", args=[imported.pk]))
    assert ClaimInvitation.objects.get().answer == "withdrawn"


def test_a_named_address_finds_its_profile_among_what_waits(client, imported, person, own):
    ImportedExpert.objects.update(email=person.email)
    address = reverse("claim", args=[imported.pk])
    assert [row.url for row in tasks_of(person)] == [address]
    client.force_login(person)
    assert address in client.get(reverse("claims")).content.decode()
    assert "You have a profile already" in client.get(address).content.decode()

    client.post(address)

    assert again(imported).merged_into == own
    response = client.get(reverse("expert", args=[imported.pk]))
    assert (response.status_code, response.url) == (302, own.get_absolute_url())
    assert client.get(reverse("expert", args=[987654])).status_code == 404


def test_the_people_an_institution_brought_in(client, imported, maker, member, django_assert_num_queries):
    institution = imported.imported.institution
    address = reverse("institution_people", args=[institution.slug])
    client.force_login(member)
    assert client.get(address).status_code == 403
    client.force_login(maker)
    assert "not invited" in client.get(address).content.decode()
    claims.invite_to_claim(imported, email="a@example.org", by=maker)
    assert "invited" in client.get(address).content.decode()
    with django_assert_num_queries(PEOPLE_QUERIES):
        client.get(address)
    for number in range(2):
        other = ExpertFactory(user=None)
        ImportedExpert.objects.create(profile=other, source="x", external_id=f"{number}", institution=institution)
    with django_assert_num_queries(PEOPLE_QUERIES):
        assert len(client.get(address).context["people"]) == 3


PEOPLE_QUERIES = 7


def test_a_merge_is_answered_and_undone_by_both_sides_and_seen_by_nobody_else(client, own, duplicate, readers):
    other = duplicate.user
    merge = profile_merge.propose_merge(own, duplicate, by=own.user)
    process_outbox()
    assert set(Notification.objects.values_list("user_id", "kind")) == {(other.pk, "merge_proposed")}
    assert [row.url for row in tasks_of(other)] == [merge.get_absolute_url()]
    for name, reader in readers.items():
        if name != "anonymous":
            client.force_login(reader)
            assert client.get(merge.get_absolute_url()).status_code == 404
            assert client.post(reverse("profile_merge_move", args=[merge.pk, "confirm"])).status_code == 404
    client.force_login(own.user)
    text = client.get(merge.get_absolute_url()).content.decode()
    assert "Withdraw" in text
    assert "Bukhara" not in text
    assert client.post(reverse("profile_merge_move", args=[merge.pk, "confirm"])).status_code == 403
    client.force_login(other)
    assert "Yes, the same person" in client.get(merge.get_absolute_url()).content.decode()

    client.post(reverse("profile_merge_move", args=[merge.pk, "confirm"]))

    assert again(duplicate).merged_into == own
    process_outbox()
    assert Notification.objects.filter(kind="merge_answered").count() == 2
    assert "Can be undone until" in client.get(merge.get_absolute_url()).content.decode()
    client.post(reverse("profile_merge_move", args=[merge.pk, "undo"]))
    assert again(duplicate).user == other
    assert ProfileMerge.objects.get().state == "undone"


def test_a_coordinator_answers_for_a_profile_of_the_country(client, own, imported):
    ImportedExpert.objects.update(institution=None, source="country:UZ")
    coordinator = CoordinatorFactory(country="UZ").user
    merge = profile_merge.propose_merge(own, imported, by=own.user)

    assert [row.url for row in tasks_of(coordinator)] == [merge.get_absolute_url()]
    client.force_login(coordinator)
    client.post(reverse("profile_merge_move", args=[merge.pk, "refuse"]))
    assert again(merge).state == "refused"


def test_pages_need_an_account(client, own, duplicate):
    merge = profile_merge.propose_merge(own, duplicate, by=own.user)
    for address in (reverse("claims"), merge.get_absolute_url(), reverse("claim", args=[own.pk]), reverse("profile_duplicates")):
        assert client.get(address).url.startswith("/accounts/login/")
    client.force_login(UserFactory())
    assert client.get(reverse("claims")).status_code == 200
