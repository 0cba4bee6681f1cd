"""Whom a conversation is with stands first: in lists, headings, the API and the subjects of e-mails."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exchange.core.translated import Translated
from messaging.domain.other_people import name_list, other_people, other_people_of
from messaging.domain.threads import add_participants, open_thread, post_message, remove_participants
from messaging.models import Mail, Participant
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
TITLE = Translated(en="Carpets of Bukhara", ru="Ковры Бухары")


def talk(expert, team, coordinators=(), title=TITLE):
    thread = open_thread(title=title, people={"expert": [expert.pk]})
    add_participants(thread, [user.pk for user in team], capacity="host")
    add_participants(thread, [user.pk for user in coordinators], capacity="coordinator")
    return thread


def people_for(user, thread):
    return other_people(thread.participants.filter(left_at__isnull=True).select_related("user"), user.pk)


@pytest.fixture
def team():
    return [UserFactory(name=f"Host {n}") for n in range(4)]


def joined(thread, team):
    """The team joined one after the other."""
    for minutes, user in enumerate(team):
        thread.participants.filter(user=user).update(joined_at=thread.created_at + dt.timedelta(minutes=minutes))


def test_everybody_sees_the_other_side(expert, team):
    coordinator = UserFactory(name="Coordinator")
    thread = talk(expert, team, [coordinator])
    joined(thread, team)

    assert people_for(team[0], thread) == "Дилноза Раҳимова"
    assert people_for(coordinator, thread) == "Дилноза Раҳимова"
    assert people_for(expert, thread) == "Host 0, Host 1 +2"


def test_who_left_is_not_named_and_nobody_may_be_left(expert, host):
    coordinator = UserFactory(name="Coordinator")
    thread = talk(expert, [host], [coordinator])

    remove_participants(thread, [expert.pk])
    assert people_for(host, thread) == "Coordinator"
    remove_participants(thread, [coordinator.pk])
    assert people_for(host, thread) == ""


def test_names_are_cut_after_two():
    assert [name_list(list("abcd")[:n]) for n in range(5)] == ["", "a", "a, b", "a, b +1", "a, b +2"]


def test_many_threads_take_one_query(expert, host):
    threads = [talk(expert, [host]) for _ in range(3)]

    with CaptureQueriesContext(connection) as captured:
        found = other_people_of([thread.pk for thread in threads], host.pk)

    assert len(captured) == 1
    assert set(found.values()) == {"Дилноза Раҳимова"}


def test_the_list_tells_conversations_of_one_programme_apart(client, host):
    for name in ("Gulnora Karimova", "Bek Osmonov"):
        talk(UserFactory(name=name), [host])
    talk(UserFactory(name="Outsider"), [UserFactory()])
    client.force_login(host)

    page = client.get(reverse("threads")).content.decode()

    rows = re.findall(r'<a class="card people".*?</a>', page, re.DOTALL)
    assert len(rows) == 2
    assert {re.search(r"<strong[^>]*>(.*?)</strong>", row)[1] for row in rows} == {"Gulnora Karimova", "Bek Osmonov"}
    assert all(row.index("<strong") < row.index("Carpets of Bukhara") for row in rows)
    assert "Outsider" not in page


def test_the_list_is_flat(client, host):
    client.force_login(host)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("threads"))
        return len(captured)

    talk(UserFactory(), [host])
    queries()
    one = queries()
    for _ in range(2):
        talk(UserFactory(), [host])

    assert queries() == one


def test_the_heading_and_the_title_name_the_other_person_first(client, expert, host):
    thread = talk(expert, [host])
    client.force_login(host)

    page = client.get(thread.get_absolute_url()).content.decode()

    assert re.search(r"<h1[^>]*>\s*(.*?)\s*</h1>", page)[1] == "Дилноза Раҳимова"
    assert re.search(r"<title>\s*(.*?)\s*(·[^·]*)?</title>", page, re.DOTALL)[1].startswith("Дилноза Раҳимова · Carpets of Bukhara")


def test_nobody_else_learns_the_names(client, expert, host, outsider):
    thread = talk(expert, [host])

    assert client.get(thread.get_absolute_url()).status_code == 302
    client.force_login(outsider)
    assert client.get(thread.get_absolute_url()).status_code == 404
    assert "Дилноза" not in client.get(reverse("threads")).content.decode()


def test_a_conversation_alone_is_headed_by_its_subject(client, expert, host):
    thread = talk(expert, [host])
    Participant.objects.exclude(user=host).update(left_at=thread.created_at)
    client.force_login(host)

    page = client.get(thread.get_absolute_url()).content.decode()

    assert re.search(r"<h1[^>]*>\s*(.*?)\s*</h1>", page)[1] == "Carpets of Bukhara"


def test_the_subject_of_a_digest_begins_with_the_people(expert, host, worked):
    thread = talk(expert, [host])
    post_message(thread, by=expert, body="hello")
    post_message(thread, by=expert, body="again")

    worked(later=True)

    assert Mail.objects.get(user=host).subject == "Дилноза Раҳимова: unread messages (2), “Carpets of Bukhara”"
