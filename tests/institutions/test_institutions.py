"""Institutions: facts, moves, teams, invitations."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.signals import access_changed
from exchange.core.errors import DomainError, StaleError
from exchange.core.history import history_of
from exchange.core.models import OutboxEvent
from institutions.domain import institutions as actions
from institutions.models import Institution, Membership, TeamInvitation
from institutions.signals import institution_state_changed, membership_changed
from institutions.states import InstitutionState
from tests.factories import ConceptFactory, CoordinatorFactory, MembershipFactory, UserFactory
from tests.helpers.search import index
from tests.search.people import found

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    notification = []
    told = {
        membership_changed: lambda sender, institution_id, user_id, **kwargs: notification.append(
            ("team", institution_id, user_id)
        ),
        access_changed: lambda sender, user_id, **kwargs: notification.append(("access", user_id)),
        institution_state_changed: lambda sender, institution_id, transition, **kwargs: notification.append(
            (transition, institution_id)
        ),
    }
    for signal, receiver in told.items():
        signal.connect(receiver)
    yield notification
    for signal, receiver in told.items():
        signal.disconnect(receiver)


@pytest.fixture
def own_coordinator():
    return CoordinatorFactory(country="UZ").user


def members(museum):
    return set(Membership.objects.filter(institution=museum).values_list("user_id", "role"))


# ---- pages -----------------------------------------------------------------------------------------------------------


def test_page_is_public_and_says_what_it_is(client, museum):
    museum.fields.add(ConceptFactory(slug="silk", label={"en": "silk weaving"}))
    MembershipFactory(institution=museum, user=UserFactory(name="Hidden Person"))

    text = client.get(museum.get_absolute_url()).content.decode()

    assert "Museum of silk" in text
    assert "Музей шёлка" in text
    assert "Not verified" in text
    assert "Silk weaving" in text
    assert '"@type": "Museum"' in text
    assert "Hidden Person" not in text


def test_page_nobody_vouched_for_stays_out_of_search_engines(client, museum):
    assert 'name="robots" content="noindex"' in client.get(museum.get_absolute_url()).content.decode()

    for fields in ({"source": "a public list"}, {"source": "", "state": "verified"}):
        Institution.objects.update(**fields)
        assert 'name="robots" content="index, follow"' in client.get(museum.get_absolute_url()).content.decode()


def test_page_shows_the_team_to_the_team_and_those_who_answer_for_the_country(client, readers, museum, owner, own_coordinator):
    owner.name = "Visible Owner"
    owner.save()
    readers |= {"owner": owner, "own coordinator": own_coordinator}
    del readers["anonymous"]

    seen = set()
    for name, reader in readers.items():
        client.force_login(reader)
        if "Visible Owner" in client.get(museum.get_absolute_url()).content.decode().partition("<main")[2]:
            seen.add(name)

    assert seen == {"owner", "own coordinator", "secretariat"}


def test_suspended_page_is_closed_to_others(client, member, museum, owner, own_coordinator):
    Institution.objects.update(state=InstitutionState.SUSPENDED)

    assert client.get(museum.get_absolute_url()).status_code == 404
    for reader, status in ((member, 404), (owner, 200), (own_coordinator, 200)):
        client.force_login(reader)
        assert client.get(museum.get_absolute_url()).status_code == status


def test_page_is_flat_for_one_and_three_members(client, museum, owner, django_assert_num_queries):
    client.force_login(owner)
    client.get(museum.get_absolute_url())
    with django_assert_num_queries(12):
        client.get(museum.get_absolute_url())

    MembershipFactory.create_batch(2, institution=museum)
    with django_assert_num_queries(12):
        client.get(museum.get_absolute_url())


def test_edit_page_is_for_owners_and_editors(client, museum, readers, owner, own_coordinator):
    editor = MembershipFactory(institution=museum, role="editor").user
    reviewer = MembershipFactory(institution=museum, role="reviewer").user
    address = reverse("institution_edit", args=[museum.slug])
    allowed = {"owner": owner, "editor": editor, "secretariat": readers.pop("secretariat")}
    readers |= {"reviewer": reviewer, "own coordinator": own_coordinator}
    del readers["anonymous"]

    assert client.get(address).url.startswith("/accounts/login/")
    for name, reader in readers.items():
        client.force_login(reader)
        assert (client.get(address).status_code, client.post(address).status_code) == (403, 403), name
    for name, reader in allowed.items():
        client.force_login(reader)
        assert client.get(address).status_code == 200, name


def test_edit_saves_and_says_so_in_the_history(client, museum, owner):
    client.force_login(owner)
    field = ConceptFactory(slug="silk", label={"en": "sericulture"})
    data = {
        "name_en": "Museum of silk and wool",
        "name_ru": "Музей шёлка и шерсти",
        "kind": "museum",
        "city": "Margilan",
        "website": "museum.example",
        "description_en": "Words",
        "country": "US",
        "state": "verified",
        "f-TOTAL_FORMS": 1,
        "f-INITIAL_FORMS": 0,
        "f-0-concept": field.pk,
    }

    assert client.post(reverse("institution_edit", args=[museum.slug]), data).url == museum.get_absolute_url()

    museum.refresh_from_db()
    assert (str(museum.name), museum.city, museum.website, museum.country, museum.state) == (
        "Museum of silk and wool",
        "Margilan",
        "https://museum.example",
        "UZ",
        "unverified",
    )
    assert set(history_of(museum).get().data["changed"]) == {"name", "city", "website", "description", "fields"}
    index(museum)
    assert found("sericulture", kind="institution") == [museum.pk]

    client.post(reverse("institution_edit", args=[museum.slug]), data)
    assert history_of(museum).count() == 1


def test_edit_keeps_what_was_typed(client, museum, owner):
    client.force_login(owner)
    data = {
        "name_en": "",
        "kind": "museum",
        "city": "Typed city",
        "website": "javascript:alert(1)",
        "f-TOTAL_FORMS": 0,
        "f-INITIAL_FORMS": 0,
    }

    page = client.post(reverse("institution_edit", args=[museum.slug]), data)

    assert page.status_code == 422
    assert {"name", "website"} <= set(page.context["form"].errors)
    text = page.content.decode()
    assert "Typed city" in text
    assert "Museum of silk" in text


def test_create_makes_the_maker_owner_of_an_unverified_institution(client, member, heard):
    client.force_login(member)
    data = {"country": "KG", "name_en": "House of felt", "kind": "museum", "city": "Bishkek", "website": ""}

    answer = client.post(reverse("institution_create"), data)

    made = Institution.objects.get()
    assert answer.url == made.get_absolute_url() == "/institutions/kg-house-of-felt/"
    assert made.state == InstitutionState.UNVERIFIED
    assert members(made) == {(member.pk, "owner")}
    assert heard == [("team", made.pk, member.pk), ("access", member.pk), ("create", made.pk)]


def test_create_is_limited_and_numbers_addresses(member):
    facts = {"country": "KZ", "name": {"kk": "Үй"}, "kind": "museum", "city": "Almaty"}
    slugs = [actions.create_institution(by=member, **facts).slug for _ in range(3)]

    assert slugs == ["kz-institution", "kz-institution-2", "kz-institution-3"]
    with pytest.raises(DomainError):
        actions.create_institution(by=member, **facts)


# ---- moves -----------------------------------------------------------------------------------------------------------


def test_verify_is_for_those_who_answer_for_the_country(client, museum, readers, owner, own_coordinator, heard):
    address = reverse("institution_move", args=[museum.slug, "verify"])
    readers |= {"owner": owner}
    allowed = readers.pop("secretariat")
    del readers["anonymous"]

    assert client.post(address).url.startswith("/accounts/login/")
    for name, reader in readers.items():
        client.force_login(reader)
        assert client.post(address).status_code == 403, name
    assert heard == []

    client.force_login(own_coordinator)
    assert "Verify" in client.get(museum.get_absolute_url()).content.decode()
    assert client.get(address).status_code == 405
    assert client.post(address).url == museum.get_absolute_url()
    museum.refresh_from_db()
    assert museum.state == InstitutionState.VERIFIED
    assert heard == [("verify", museum.pk)]
    client.force_login(allowed)
    assert client.post(address).status_code == 409  # somebody was first


def test_verify_replayed_changes_nothing_twice(client, museum, own_coordinator):
    client.force_login(own_coordinator)
    address = reverse("institution_move", args=[museum.slug, "verify"])

    first = client.post(address, headers={"referer": f"http://testserver{museum.get_absolute_url()}"})
    second = client.post(address, headers={"referer": f"http://testserver{museum.get_absolute_url()}"})

    assert (first.status_code, second.status_code) == (302, 303)
    assert [row.transition for row in history_of(museum)] == ["verify"]


def test_nobody_verifies_their_own_institution(museum, own_coordinator):
    MembershipFactory(institution=museum, user=own_coordinator, role="reviewer")

    with pytest.raises(DomainError):
        actions.transition_institution(museum, "verify", by=own_coordinator)

    museum.refresh_from_db()
    assert museum.state == InstitutionState.UNVERIFIED


def test_suspending_asks_why(museum, own_coordinator):
    actions.transition_institution(museum, "verify", by=own_coordinator)
    with pytest.raises(DomainError):
        actions.transition_institution(museum, "suspend", by=own_coordinator, note="  ")

    actions.transition_institution(museum, "suspend", by=own_coordinator, note="No such museum")

    assert [(row.transition, row.note) for row in history_of(museum)] == [("verify", ""), ("suspend", "No such museum")]


def test_a_move_without_a_name_in_the_table_is_no_address(client, museum, own_coordinator):
    client.force_login(own_coordinator)

    assert client.post(f"/institutions/{museum.slug}/explode/").status_code == 404


# ---- the team --------------------------------------------------------------------------------------------------------


def team_addresses(museum, person):
    invitation = TeamInvitation.objects.create(institution=museum, email="x@example.org", role="editor", invited_by=person)
    return [
        reverse("team_invite", args=[museum.slug]),
        reverse("team_roles", args=[museum.slug, person.pk]),
        reverse("team_remove", args=[museum.slug, person.pk]),
        reverse("invitation_withdraw", args=[museum.slug, invitation.pk]),
    ]


def test_team_page_and_changes_are_closed_to_others(client, museum, owner, readers):
    editor = MembershipFactory(institution=museum, role="editor").user
    addresses = team_addresses(museum, owner)
    del readers["anonymous"], readers["secretariat"]

    assert client.get(reverse("institution_team", args=[museum.slug])).url.startswith("/accounts/login/")
    for name, reader in (readers | {"editor": editor}).items():
        client.force_login(reader)
        assert client.get(reverse("institution_team", args=[museum.slug])).status_code == (200 if name == "editor" else 403), name
        for address in addresses:
            assert client.post(address, {"email": "a@example.org", "role": "owner"}).status_code == 403, (name, address)
    assert members(museum) == {(owner.pk, "owner"), (editor.pk, "editor")}
    assert TeamInvitation.objects.count() == 1


def test_team_page_hides_addresses_from_those_who_do_not_manage_it(client, museum, owner):
    editor = MembershipFactory(institution=museum, role="editor").user
    client.force_login(editor)

    text = client.get(reverse("institution_team", args=[museum.slug])).content.decode()

    assert owner.get_full_name() in text
    assert owner.email not in text


@pytest.mark.parametrize("known", [True, False])
def test_inviting_says_the_same_whether_there_is_an_account(client, museum, owner, known):
    address = UserFactory().email if known else "nobody@example.org"
    client.force_login(owner)

    page = client.post(reverse("team_invite", args=[museum.slug]), {"email": address.upper(), "role": "editor"}, follow=True)

    text = page.content.decode()
    assert "The invitation has been sent." in text
    assert address in text
    assert TeamInvitation.objects.get().email == address
    assert members(museum) == {(owner.pk, "owner")}


def test_inviting_twice_keeps_one_and_writes_once(museum, owner, heard):
    first = actions.invite_to_team(museum, email="a@example.org", role="editor", by=owner)

    assert actions.invite_to_team(museum, email="A@example.org ", role="editor", by=owner) == first
    assert heard == []
    assert [event.payload for event in OutboxEvent.objects.filter(kind=actions.INVITE)] == [{"invitation_id": first.pk}]


def test_inviting_is_limited(museum, owner):
    for n in range(actions.MAX_OPEN_INVITATIONS):
        actions.invite_to_team(museum, email=f"a{n}@example.org", role="editor", by=owner)

    with pytest.raises(DomainError):
        actions.invite_to_team(museum, email="more@example.org", role="editor", by=owner)


def test_invite_keeps_what_was_typed(client, museum, owner):
    client.force_login(owner)

    page = client.post(reverse("team_invite", args=[museum.slug]), {"email": "not an address", "role": "king"})

    assert page.status_code == 422
    assert "not an address" in page.content.decode()


@pytest.fixture
def invitation(museum, owner, member):
    return actions.invite_to_team(museum, email=member.email, role="reviewer", by=owner)


def test_invitation_is_seen_and_answered_by_its_address_alone(client, museum, invitation, member, host):
    client.force_login(host)
    assert str(museum.name) not in client.get(reverse("invitations")).content.decode()
    for answer in ("accept", "decline"):
        assert client.post(reverse(f"invitation_{answer}", args=[invitation.pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.answer_invitation(invitation, accept=True, by=host)

    client.force_login(member)
    for page in ("invitations", "settings", "profile_start"):
        assert str(museum.name) in client.get(reverse(page)).content.decode(), page
    assert client.post(reverse("invitation_accept", args=[invitation.pk])).url == museum.get_absolute_url()
    assert (member.pk, "reviewer") in members(museum)


def test_invitation_to_an_unconfirmed_address_stays_closed(client, museum, owner):
    claimed = UserFactory(email="claimed@example.org", verified=False)
    claimed.emailaddress_set.create(email=claimed.email, verified=False, primary=True)
    invitation = actions.invite_to_team(museum, email=claimed.email, role="owner", by=owner)
    client.force_login(claimed)

    assert client.post(reverse("invitation_accept", args=[invitation.pk])).status_code == 404
    assert members(museum) == {(owner.pk, "owner")}


def test_accepting_twice_joins_once(museum, invitation, member, heard):
    for _ in range(2):
        actions.answer_invitation(invitation, accept=True, by=member)

    assert heard == [("team", museum.pk, member.pk), ("access", member.pk)]
    with pytest.raises(StaleError):
        actions.answer_invitation(invitation, accept=False, by=member)


def test_a_withdrawn_invitation_cannot_be_accepted(client, museum, owner, invitation, member):
    client.force_login(owner)
    assert client.post(reverse("invitation_withdraw", args=[museum.slug, invitation.pk])).status_code == 302

    with pytest.raises(StaleError):
        actions.answer_invitation(invitation, accept=True, by=member)


def test_declining_leaves_no_trace_in_the_team(client, museum, owner, invitation, member):
    client.force_login(member)

    assert client.post(reverse("invitation_decline", args=[invitation.pk])).url == reverse("settings")
    assert members(museum) == {(owner.pk, "owner")}


def test_roles_are_changed_by_an_owner(client, museum, owner, heard):
    editor = MembershipFactory(institution=museum, role="editor").user
    client.force_login(owner)

    client.post(reverse("team_roles", args=[museum.slug, editor.pk]), {"roles": ["reviewer", "signatory"]})

    assert members(museum) == {(owner.pk, "owner"), (editor.pk, "reviewer"), (editor.pk, "signatory")}
    assert heard == [("team", museum.pk, editor.pk), ("access", editor.pk)]
    client.post(reverse("team_roles", args=[museum.slug, editor.pk]), {"roles": ["king"]})
    client.post(reverse("team_roles", args=[museum.slug, editor.pk]), {"roles": []})
    assert (editor.pk, "reviewer") in members(museum)


def test_the_last_owner_stays(client, museum, owner, own_coordinator):
    MembershipFactory(institution=museum, role="owner", user=UserFactory(is_active=False))
    for by in (owner, own_coordinator):
        with pytest.raises(DomainError):
            actions.remove_member(museum, owner, by=by)
        with pytest.raises(DomainError):
            actions.set_roles(museum, owner, ["editor"], by=by)

    second = MembershipFactory(institution=museum, role="owner").user
    actions.remove_member(museum, owner, by=owner)
    assert (second.pk, "owner") in members(museum)
    assert (owner.pk, "owner") not in members(museum)


def test_a_member_may_leave(client, museum, owner):
    reviewer = MembershipFactory(institution=museum, role="reviewer").user
    client.force_login(reviewer)

    answer = client.post(reverse("team_remove", args=[museum.slug, reviewer.pk]))

    assert answer.url == museum.get_absolute_url()
    assert members(museum) == {(owner.pk, "owner")}
    assert client.post(reverse("team_remove", args=[museum.slug, reviewer.pk])).status_code == 404


def test_somebody_outside_the_team_gets_no_roles_by_its_form(client, museum, owner, member):
    client.force_login(owner)

    assert client.post(reverse("team_roles", args=[museum.slug, member.pk]), {"roles": ["owner"]}).status_code == 404
    with pytest.raises(StaleError):
        actions.set_roles(museum, member, ["owner"], by=owner)
    assert members(museum) == {(owner.pk, "owner")}


def test_a_coordinator_lets_the_first_owner_in(museum, own_coordinator, member):
    invitation = actions.invite_to_team(museum, email=member.email, role="owner", by=own_coordinator)

    actions.answer_invitation(invitation, accept=True, by=member)

    assert members(museum) == {(member.pk, "owner")}


@pytest.mark.parametrize("count", [1, 3])
def test_team_page_is_flat(client, museum, owner, count, django_assert_num_queries):
    MembershipFactory.create_batch(count - 1, institution=museum)
    for n in range(count):
        actions.invite_to_team(museum, email=f"a{n}@example.org", role="editor", by=owner)
    client.force_login(owner)
    client.get(reverse("institution_team", args=[museum.slug]))

    with django_assert_num_queries(8):
        client.get(reverse("institution_team", args=[museum.slug]))


@pytest.mark.parametrize("language", ["ru", "uz", "tg"])
def test_pages_in_other_languages(client, museum, owner, language):
    owner.language = language
    owner.save()
    client.force_login(owner)

    pages = [client.get(reverse(name, args=[museum.slug])) for name in ("institution", "institution_edit", "institution_team")]

    for page in [*pages, client.get(reverse("institution_create"))]:
        assert f'<html lang="{language}"' in page.content.decode()
    for page in pages:
        assert museum.name.in_language(language) in page.content.decode()
