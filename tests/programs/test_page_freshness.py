"""The page of a programme, asked for again after something on it has changed: it shows the change at once."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import CoordinatorAppointment
from applications.models import Application
from exchange.core.translated import Translated
from messaging.models import Message, Participant, Thread
from programs.domain.editing import ProgramTexts, edit_texts
from programs.models import Program
from tests.factories import (
    ApplicationFactory,
    ConceptFactory,
    CoordinatorFactory,
    ExpertFactory,
    InstitutionFactory,
    LanguageSkillFactory,
    MembershipFactory,
    ProgramFactory,
    QuotaFactory,
    RequiredLanguageFactory,
    WindowFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(client):
    """A programme with something of everything, and an expert at its page."""
    institution = InstitutionFactory()
    program = ProgramFactory(institution=institution)
    QuotaFactory(program=program, country="UZ", reserved=1, most=2)
    RequiredLanguageFactory(program=program)
    program.concepts.add(ConceptFactory(slug="felt", label={"en": "felt"}))
    profile = ExpertFactory()
    LanguageSkillFactory(profile=profile)
    WindowFactory(profile=profile)
    client.force_login(profile.user)
    return program, profile


def body(client, program):
    response = client.get(program.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_an_unread_message_shows_at_once(client, cast):
    program, profile = cast
    thread = Thread.objects.create(title={"en": "x"}, head=0)
    Participant.objects.create(thread=thread, user=profile.user)
    body(client, program)

    Message.objects.create(thread=thread, number=1, kind=Message.Kind.TEXT, author=ExpertFactory().user, body="Hello")
    Thread.objects.update(head=1)
    assert 'data-count-of="messages">1<' in body(client, program)
    Participant.objects.update(read_number=1)
    assert 'data-count-of="messages" hidden>0<' in body(client, program)


def test_an_office_that_ends_takes_its_role_away(client, cast):
    program, profile = cast
    CoordinatorFactory(user=profile.user, country="TM")
    assert "Turkmenistan · coordinator" in body(client, program)

    CoordinatorAppointment.objects.update(ends=timezone.now().date() - datetime.timedelta(days=1))

    assert "Turkmenistan · coordinator" not in body(client, program)


def test_the_door_closes_on_time(client, cast):
    program, _profile = cast
    Program.objects.update(deadline=timezone.now() + datetime.timedelta(seconds=1))
    assert "You are eligible." in body(client, program)

    while timezone.now() < Program.objects.get().deadline:
        pass

    assert "Applications are not accepted now." in body(client, program)


def test_a_place_taken_by_somebody_else_shows_at_once(client, cast):
    program, _profile = cast
    assert "You are eligible." in body(client, program)

    for _ in range(2):
        ApplicationFactory(program=program, state="accepted", expert=ExpertFactory(country="UZ"))
    assert "No places are left" in body(client, program)

    Application.objects.update(state="declined")
    assert "You are eligible." in body(client, program)


def test_who_joins_the_team_sees_what_teams_see_at_once(client, cast):
    program, profile = cast
    assert "host's team" not in body(client, program)

    MembershipFactory(institution=program.institution, user=profile.user, role="editor")

    assert "host's team" in body(client, program)


def test_a_draft_made_public_and_called_off_is_not_shown(client, cast):
    program, _profile = cast
    body(client, program)

    Program.objects.update(state="draft", was_published=False)

    assert client.get(program.get_absolute_url()).status_code == 404


def test_languages_and_flash_messages_are_kept_apart(client, cast):
    program, _profile = cast
    russian = client.get(program.get_absolute_url() + "?lang=ru").content.decode()

    assert str(Translated(program.title).in_language("ru")) in russian
    assert program.title["en"] in body(client, program)

    owner = MembershipFactory(institution=program.institution).user
    edit_texts(
        Program.objects.get(),
        ProgramTexts(kind="exchange", title={"en": "New"}, summary={"en": "x"}, description={}, funding={}),
        by=owner,
        version=1,
    )
    assert '<h1 lang="en">New</h1>' in body(client, program)


def test_the_page_of_an_anonymous_user_names_nobody(client, cast):
    program, profile = cast
    body(client, program)
    client.logout()

    html = body(client, program)

    assert profile.user.email not in html
    assert "Who is eligible" in html
