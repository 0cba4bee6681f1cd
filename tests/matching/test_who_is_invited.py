"""Whom a host may invite, and what a person who has applied reads of a programme."""

import pytest

from applications.models import Application
from exchange.core.errors import DomainError
from matching.domain.compute import match_program
from matching.domain.invitations import invite_expert
from matching.domain.queries import matches_for_expert
from matching.models import Invitation, Match
from tests.factories import (
    ApplicationFactory,
    CompetenceFactory,
    ConceptFactory,
    ExpertFactory,
    LanguageSkillFactory,
    MembershipFactory,
    ProgramFactory,
    RequiredLanguageFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
RECEIVED = ["submitted", "shortlisted", "waitlisted", "offered", "accepted", "declined", "rejected", "released", "withdrawn"]


@pytest.fixture
def technique():
    return ConceptFactory(slug="wet-cleaning", scheme="technique")


@pytest.fixture
def program(technique):
    program = ProgramFactory(seats=1)
    program.concepts.add(technique)
    return program


@pytest.fixture
def expert(technique):
    expert = ExpertFactory()
    CompetenceFactory(profile=expert, technique=technique)
    return expert


@pytest.fixture
def editor(program):
    return MembershipFactory(institution=program.institution, role="editor").user


def invite_url(program, expert):
    return f"/programs/{program.slug}/people/{expert.pk}/invite/"


def offers_to_invite(page, expert):
    """Whether the list of people has the button that invites this person."""
    return f'form="invite" name="expert" value="{expert.pk}"' in page


@pytest.mark.parametrize("state", RECEIVED)
def test_who_has_applied_cannot_be_invited(client, program, expert, editor, state):
    match_program(program.pk)
    ApplicationFactory(program=program, expert=expert, state=state)
    client.force_login(editor)

    with pytest.raises(DomainError) as refused:
        invite_expert(expert, program, by=editor, words="Come.")
    people = client.get(f"/programs/{program.slug}/people/").content.decode()
    profile = client.get(expert.get_absolute_url()).content.decode()

    assert refused.value.code == "has-applied"
    assert "has applied" in people
    assert not offers_to_invite(people, expert)
    assert invite_url(program, expert) not in people + profile
    assert "Send invitation" not in client.get(invite_url(program, expert)).content.decode()
    assert client.post(invite_url(program, expert), {"words": "Come."}).status_code == 200
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_a_draft_is_not_the_hosts_to_know(client, program, expert, editor, state):
    match_program(program.pk)
    ApplicationFactory(program=program, expert=expert, state=state, submitted_at=None)
    client.force_login(editor)

    assert offers_to_invite(client.get(f"/programs/{program.slug}/people/").content.decode(), expert)
    assert invite_url(program, expert) in client.get(expert.get_absolute_url()).content.decode()
    assert invite_expert(expert, program, by=editor, words="Come.").pk


def test_who_is_excluded_cannot_be_invited(client, program, editor, technique):
    excluded = ExpertFactory(country="KZ")
    CompetenceFactory(profile=excluded, technique=technique)
    program.eligible_countries = ["UZ"]
    program.save()
    match_program(program.pk)
    client.force_login(editor)

    with pytest.raises(DomainError) as refused:
        invite_expert(excluded, program, by=editor, words="Come.")

    assert refused.value.code == "not-eligible"
    assert "Send invitation" not in client.get(invite_url(program, excluded)).content.decode()
    assert not offers_to_invite(client.get(f"/programs/{program.slug}/people/?eligible=all").content.decode(), excluded)


@pytest.mark.parametrize("level", [1, 6])
def test_a_hidden_part_refuses_no_invitation(program, expert, editor, level):
    """Whatever level of the language is hidden, the host reads the same answer."""
    RequiredLanguageFactory(program=program, language="en", level=4)
    LanguageSkillFactory(profile=expert, language="en", level=level)
    expert.audiences = {"languages": "only_me"}
    expert.save()
    match_program(program.pk)

    assert Match.objects.get().eligible == (level == 6)
    assert invite_expert(expert, program, by=editor, words="Come.").pk


def test_an_invited_person_is_not_invited_again_from_the_profile(client, program, expert, editor):
    match_program(program.pk)
    invite_expert(expert, program, by=editor, words="Come.")
    client.force_login(editor)

    assert invite_url(program, expert) not in client.get(expert.get_absolute_url()).content.decode()


def test_only_editors_open_the_invitation(client, program, expert):
    client.force_login(UserFactory())
    assert client.get(invite_url(program, expert)).status_code == 403
    client.logout()
    assert client.get(invite_url(program, expert)).status_code == 302


def test_who_was_accepted_does_not_read_that_no_place_is_left(client, program, expert):
    """The one place of the programme is this person's own."""
    ApplicationFactory(program=program, expert=expert, state="accepted")
    client.force_login(expert.user)

    page = client.get(program.get_absolute_url()).content.decode()

    assert "No places are left for your country" not in page
    assert "Not eligible" not in page
    assert "My application" in page
    for address in (f"/api/v1/programs/{program.slug}", "/api/v1/programs"):
        found = client.get(address).json()
        assert [one["eligibility"] for one in found.get("items", [found])] == [None]


def test_others_still_read_that_no_place_is_left(client, program, expert):
    ApplicationFactory(program=program, expert=ExpertFactory(), state="accepted")
    client.force_login(expert.user)

    assert "No places are left for your country" in client.get(program.get_absolute_url()).content.decode()
    assert client.get(f"/api/v1/programs/{program.slug}").json()["eligibility"]["eligible"] is False


def test_a_draft_still_reads_whether_it_may_be_sent(client, program, expert):
    ApplicationFactory(program=program, expert=expert, state="draft", submitted_at=None)
    client.force_login(expert.user)

    page = client.get(program.get_absolute_url()).content.decode()

    assert "You are eligible." in page
    assert "Continue my application" in page


def test_programmes_applied_to_are_not_proposed(client, program, expert):
    match_program(program.pk)
    assert matches_for_expert(expert.user).count() == 1
    application = ApplicationFactory(program=program, expert=expert, state="accepted")
    client.force_login(expert.user)

    assert matches_for_expert(expert.user).count() == 0
    assert "Not eligible" not in client.get("/").content.decode()
    Application.objects.filter(pk=application.pk).update(state="withdrawn")
    assert matches_for_expert(expert.user).count() == 1
