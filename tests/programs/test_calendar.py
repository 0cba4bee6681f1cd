import datetime
import threading
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from exchange.core.history import history_of
from exchange.core.jobs.outbox import process_outbox
from exchange.core.models import OutboxEvent
from messaging.models import Notification
from programs.models import Program
from programs.periodic import advance_programs
from tests.factories import InstitutionFactory, MembershipFactory, ProgramFactory


def state(program):
    return Program.objects.get(pk=program.pk).state


@pytest.fixture
def today():
    return timezone.now().astimezone(ZoneInfo("America/New_York")).date()


def test_advance_programs_closes_what_is_over_and_nothing_else(institution, today):
    now = timezone.now()
    day = datetime.timedelta(days=1)
    over = ProgramFactory(institution=institution, deadline=now - datetime.timedelta(seconds=1))
    running_on = ProgramFactory(institution=institution, deadline=now + datetime.timedelta(minutes=5))
    rolling = ProgramFactory(institution=institution, deadline=None, starts=today - 9 * day, ends=today)
    rolled_out = ProgramFactory(institution=institution, deadline=None, starts=today - 9 * day, ends=today - day)
    draft = ProgramFactory(institution=institution, state="draft", was_published=False, deadline=now - day)

    assert advance_programs() == 4

    assert [state(program) for program in (over, running_on, rolling, draft)] == ["closed", "published", "published", "draft"]
    assert state(rolled_out) == "completed"  # closed, started and completed in one go: it had been forgotten
    row = history_of(over).get()
    assert (row.transition, row.actor) == ("close", None)


@pytest.mark.parametrize(
    ("before", "start", "end", "after"),
    [
        ("closed", 1, 30, "closed"),
        ("closed", 0, 30, "running"),
        ("decided", 0, 30, "running"),
        ("decided", -5, 30, "running"),
        ("running", -30, 1, "running"),
        ("running", -30, 0, "completed"),
        ("running", -30, -1, "completed"),
        ("completed", -30, -1, "completed"),
        ("cancelled", -30, -1, "cancelled"),
    ],
)
def test_advance_programs_follows_the_programmes_own_days(institution, today, before, start, end, after):
    program = ProgramFactory(
        institution=institution,
        state=before,
        deadline=timezone.now() - datetime.timedelta(days=60),
        starts=today + datetime.timedelta(days=start),
        ends=today + datetime.timedelta(days=end),
    )

    advance_programs()

    assert state(program) == after


def test_advance_programs_does_nothing_twice(institution, today):
    program = ProgramFactory(institution=institution, deadline=timezone.now() - datetime.timedelta(minutes=1))

    assert [advance_programs(), advance_programs()] == [1, 0]
    assert history_of(program).count() == 1


def test_the_editors_of_the_host_are_told_once(institution, owner, editor, reviewer, other_host):
    ProgramFactory(institution=institution, deadline=timezone.now() - datetime.timedelta(minutes=1))

    advance_programs()
    process_outbox()

    assert set(Notification.objects.values_list("user_id", flat=True)) == {owner.pk, editor.pk}
    assert OutboxEvent.objects.filter(kind="messaging.notify").count() == 1


def test_a_deadline_moved_at_the_last_moment_keeps_the_door_open(program):
    stale = Program.objects.get(pk=program.pk)
    stale.deadline = timezone.now() - datetime.timedelta(minutes=1)  # what the job read before the host moved it

    from exchange.core.errors import StaleError
    from programs.domain.publishing import close_program

    with pytest.raises(StaleError):
        close_program(stale, by=None)

    assert state(program) == "published"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_close_once():
    institution = InstitutionFactory()
    MembershipFactory(institution=institution)
    programs = [ProgramFactory(institution=institution, deadline=timezone.now() - datetime.timedelta(minutes=1)) for _ in range(5)]
    barrier, moved = threading.Barrier(3), []

    def beat():
        barrier.wait()
        moved.append(advance_programs())
        connection.close()

    threads = [threading.Thread(target=beat) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(moved) == 5
    assert [history_of(program).count() for program in programs] == [1] * 5
    assert OutboxEvent.objects.filter(kind="messaging.notify").count() == 5
