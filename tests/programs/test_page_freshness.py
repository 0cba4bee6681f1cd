"""The remembered page of a programme: handed out while nothing changes, drawn anew whenever anything on it does."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import CoordinatorAppointment
from applications.models import Application
from exchange.core.remembered import memory
from exchange.core.translated import Translated
from institutions.models import Institution
from matching.models import Match
from messaging.models import Message, Notification, Participant, Thread
from profiles.models import ExpertProfile
from programs.domain.editing import edit_texts
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
from vocabulary.domain.vocabulary import vocabulary
from vocabulary.models import Concept

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _forgetful():
    memory.clear()


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


def drawn(client, program):
    """Whether this visit drew the page: a remembered one asks three queries, the session, the account and the stamps."""
    vocabulary()
    with CaptureQueriesContext(connection) as queries:
        body(client, program)
    return len(queries) > 3


def test_the_page_is_remembered(client, cast):
    program, _profile = cast

    assert [drawn(client, program) for _ in range(3)] == [True, False, False]


def touch(model, **changes):
    model.objects.update(**changes)


CHANGES = {
    "title": lambda program, profile: touch(Program, title={"en": "Another"}),
    "state": lambda program, profile: touch(Program, state="closed"),
    "host": lambda program, profile: touch(Institution, city="Elsewhere"),
    "quota": lambda program, profile: QuotaFactory(program=program, country="KZ"),
    "quota gone": lambda program, profile: program.quotas.all().delete(),
    "language": lambda program, profile: RequiredLanguageFactory(program=program, language="tk"),
    "level": lambda program, profile: program.required_languages.update(level=6),
    "topic": lambda program, profile: program.concepts.add(ConceptFactory(slug="silk")),
    "vocabulary": lambda program, profile: Concept.objects.get(slug="felt").save(),
    "place taken": lambda program, profile: ApplicationFactory(program=program, state="offered"),
    "my application": lambda program, profile: ApplicationFactory(program=program, expert=profile, state="draft"),
    "my country": lambda program, profile: touch(ExpertProfile, country="KZ"),
    "my language": lambda program, profile: profile.languages.update(level=1),
    "my dates": lambda program, profile: profile.windows.all().delete(),
    "my match": lambda program, profile: Match.objects.create(program=program, expert=profile, score=0.5, eligible=True),
    "my name": lambda program, profile: touch(type(profile.user), name="Other"),
    "my clock": lambda program, profile: touch(type(profile.user), time_zone="Asia/Samarkand"),
    "my reading language": lambda program, profile: touch(type(profile.user), language="ru"),
    "a team elsewhere": lambda program, profile: MembershipFactory(user=profile.user),
    "an office": lambda program, profile: CoordinatorFactory(user=profile.user),
    "news": lambda program, profile: Notification.objects.create(user=profile.user, kind="x", key="x", url="/"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_page_is_drawn_anew_after_a_change(client, cast, change):
    program, profile = cast
    body(client, program)

    CHANGES[change](program, profile)

    assert drawn(client, program)
    assert not drawn(client, program)


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


def test_an_office_that_ends_takes_its_hat_away(client, cast):
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

    assert "Applications are not taken now." in body(client, program)


def test_a_place_taken_by_somebody_else_shows_at_once(client, cast):
    program, _profile = cast
    assert "You are eligible." in body(client, program)

    for _ in range(2):
        ApplicationFactory(program=program, state="accepted", expert=ExpertFactory(country="UZ"))
    assert "No places are left" in body(client, program)

    Application.objects.update(state="declined")
    assert "You are eligible." in body(client, program)


def test_the_hosts_team_always_sees_it_drawn(client, cast):
    program, _profile = cast
    client.force_login(MembershipFactory(institution=program.institution, role="reviewer").user)

    assert [drawn(client, program) for _ in range(2)] == [True, True]


def test_who_joins_the_team_sees_what_teams_see_at_once(client, cast):
    program, profile = cast
    assert "host's team" not in body(client, program)

    MembershipFactory(institution=program.institution, user=profile.user, role="editor")

    assert "host's team" in body(client, program)


def test_a_draft_made_public_and_called_off_is_never_shown_from_memory(client, cast):
    program, _profile = cast
    body(client, program)

    Program.objects.update(state="draft", was_published=False)

    assert client.get(program.get_absolute_url()).status_code == 404


def test_forms_of_a_remembered_page_are_accepted(cast):
    from django.test import Client

    program, profile = cast
    client = Client(enforce_csrf_checks=True)
    client.force_login(profile.user)
    tokens = []
    for _ in range(2):
        html = body(client, program)
        tokens.append(html.partition('name="csrf-token" content="')[2][:64])

    assert tokens[0] != tokens[1]
    for token in tokens:
        assert client.post("/switch/theme/", {"theme": "dark", "csrfmiddlewaretoken": token}).status_code != 403


def test_languages_and_flash_messages_are_kept_apart(client, cast):
    program, _profile = cast
    russian = client.get(program.get_absolute_url() + "?lang=ru").content.decode()

    assert str(Translated(program.title).in_language("ru")) in russian
    assert program.title["en"] in body(client, program)

    owner = MembershipFactory(institution=program.institution).user
    edit_texts(
        Program.objects.get(),
        by=owner,
        version=1,
        kind="exchange",
        title={"en": "New"},
        summary={"en": "x"},
        description={},
        funding={},
    )
    assert '<h1 lang="en">New</h1>' in body(client, program)


def test_strangers_share_a_page_that_knows_nobody(client, cast):
    program, profile = cast
    body(client, program)
    client.logout()

    html = body(client, program)

    assert profile.user.email not in html
    assert "Who is eligible" in html
    assert not drawn_by_stranger(client, program)


def drawn_by_stranger(client, program):
    with CaptureQueriesContext(connection) as queries:
        body(client, program)
    return len(queries) > 1
