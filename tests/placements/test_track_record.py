"""What an institution has done as a host is counted, not entered."""

import datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from applications.models import Application
from exchange.core.models import History
from placements.domain.track_record import track_record_of
from tests.factories import ApplicationFactory, InstitutionFactory, PlacementFactory, ProgramFactory, UserFactory

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def answer(program, days, *, transition="select", submitted=30):
    application = ApplicationFactory(program=program, submitted_at=timezone.now() - submitted * DAY)
    moved(application, "shortlist", 1)
    moved(application, transition, days)
    moved(application, "accept", days + 5)
    return application


def moved(application, transition, days):
    kind = ContentType.objects.get_for_model(Application)
    at = application.submitted_at + days * DAY
    History.objects.create(content_type=kind, object_id=application.pk, transition=transition, at=at)


@pytest.fixture
def museum():
    return InstitutionFactory(slug="host")


@pytest.fixture
def program(museum):
    return ProgramFactory(institution=museum)


def stay(program, starts, ends, state="confirmed"):
    today = timezone.localdate()
    PlacementFactory(application__program=program, state=state, starts=today + starts * DAY, ends=today + ends * DAY)


def test_stays_are_counted_by_where_they_stand_today(museum, program):
    ProgramFactory(institution=museum, state="draft", was_published=False)
    for starts, ends in ((-30, -1), (-30, -2), (-5, 0), (0, 9), (1, 9)):
        stay(program, starts, ends)
    stay(program, -5, 5, state="cancelled")
    stay(program, -5, 5, state="pending")
    stay(ProgramFactory(), -5, 5)

    record = track_record_of(museum)

    assert (record.programs, record.completed, record.running, record.confirmed, record.hosted) == (1, 2, 2, 1, 5)


def test_reply_time_is_the_median_to_the_first_answer(museum, program):
    for days, transition in ((2, "select"), (4, "reject"), (9, "waitlist")):
        answer(program, days, transition=transition)
    ApplicationFactory(program=program)
    answer(program, 1, submitted=900)
    answer(ProgramFactory(), 20)

    record = track_record_of(museum)

    assert (record.answers, record.median_reply_days) == (3, 4.0)


def test_an_answer_before_the_last_submission_does_not_count(museum, program):
    for days in (3, 3, 3):
        application = answer(program, days)
        moved(application, "reject", -2)

    assert track_record_of(museum).median_reply_days == 3.0


def test_few_answers_give_no_median(client, museum, program):
    answer(program, 2)

    assert (track_record_of(museum).answers, track_record_of(museum).median_reply_days) == (1, None)
    assert "too few answers yet" in client.get(museum.get_absolute_url()).content.decode()


def test_page_says_so_politely_when_there_is_nothing(client, museum):
    assert "not hosted anybody through Miras yet" in client.get(museum.get_absolute_url()).content.decode()


def test_page_and_api_show_it_to_everybody_who_sees_the_institution(client, museum, program):
    stay(program, -30, -1)
    for days in (1, 2, 3):
        answer(program, days)
    assert "Placements completed" in client.get(museum.get_absolute_url()).content.decode()
    client.force_login(UserFactory())

    assert client.get("/api/v1/track-records/host").json() == {
        "programs": 1,
        "completed": 1,
        "running": 0,
        "confirmed": 0,
        "answers": 3,
        "reply_days": 2.0,
    }
    museum.state = "suspended"
    museum.save()
    assert client.get("/api/v1/track-records/host").status_code == 404
    client.logout()
    assert client.get("/api/v1/track-records/host").status_code == 401


def test_record_is_flat(museum, program, django_assert_num_queries):
    for rows in (1, 2):
        for _ in range(rows):
            stay(program, -30, -1)
            answer(program, 1)
        track_record_of(museum)
        with django_assert_num_queries(3):
            track_record_of(museum)
