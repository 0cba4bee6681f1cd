"""Sixty people at once on five places. Each thread has a connection of its own, and starts when all are ready."""

import datetime
import itertools
import threading
import time
from collections import Counter

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from applications.domain import locks, offers, seats
from applications.domain.drafts import save_draft, start_draft
from applications.domain.offers import accept_offer, decline_offer, expire_offers, select_application
from applications.domain.submissions import submit_application
from applications.models import Application
from applications.states import HOLDING_SEAT
from exchange.core.errors import DomainError
from exchange.core.models import History
from messaging.models import Thread
from programs.models import Program
from tests import factories as make
from tests.applications.conftest import an_expert, answers_for

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def all_at_once(*jobs):
    """Run each job in a thread with a connection of its own; their results, refusals as their codes."""
    ready = threading.Barrier(len(jobs))
    results = [None] * len(jobs)

    def run(place, job):
        try:
            connection.ensure_connection()
            ready.wait(30)
            results[place] = job() and "done"
        except DomainError as refusal:
            results[place] = refusal.code if str(refusal) else "silent"
        except Exception as error:  # noqa: BLE001 -- shown by the assertion
            results[place] = repr(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return Counter(results)


@pytest.fixture
def crowd():
    """A programme with 5 places, 2 of them for Uzbekistan and no more, and 60 applicants: 30 from there, 30 from Kazakhstan."""
    owner = make.MembershipFactory().user
    program = make.ProgramFactory(institution=owner.memberships.get().institution, seats=5)
    make.QuotaFactory(program=program, country="UZ", reserved=2, most=2)
    experts = [make.ExpertFactory(country=country) for country in ("UZ", "KZ") * 30]
    return program, owner, experts


def applications(crowd, state, **fields):
    program, _owner, experts = crowd
    return [make.ApplicationFactory(program=program, expert=expert, state=state, **fields) for expert in experts]


def by_country(states):
    return Counter(Application.objects.filter(state__in=states).values_list("country", flat=True))


def accepting(application):
    user_id = application.expert.user_id
    return lambda: accept_offer(Application.objects.get(pk=application.pk), by=User.objects.get(pk=user_id))


def selecting(application, owner):
    return lambda: select_application(Application.objects.get(pk=application.pk), by=User.objects.get(pk=owner.pk))


def test_sixty_acceptances_at_once_fill_the_places_and_no_more(crowd):
    """Sixty offers lie open, as after a mistake: those who answer first get in, the others read why not."""
    rows = applications(crowd, "offered", offer_expires_at=timezone.now() + datetime.timedelta(days=3))

    results = all_at_once(*(accepting(row) for row in rows))

    assert results == {"done": 5, "no-places": 55}
    assert by_country(["accepted"]) == {"UZ": 2, "KZ": 3}
    assert History.objects.filter(transition="accept").count() == 5


def test_sixty_offers_at_once_fill_the_places_and_no_more(crowd):
    rows = applications(crowd, "submitted")

    results = all_at_once(*(selecting(row, crowd[1]) for row in rows))

    assert results == {"done": 5, "no-places": 55}
    assert by_country(HOLDING_SEAT) == {"UZ": 2, "KZ": 3}
    assert History.objects.filter(transition="select").count() == 5


def test_without_the_lock_the_same_crowd_oversells(crowd, monkeypatch):
    """The control: with nobody holding the programme's row, everybody counts before anybody has taken."""
    rows = applications(crowd, "submitted")
    count = seats.taken_by_country

    def count_slowly(*args):
        taken = count(*args)
        time.sleep(0.2)
        return taken

    monkeypatch.setattr(locks, "lock_program", lambda pk: Program.objects.get(pk=pk))
    monkeypatch.setattr(seats, "taken_by_country", count_slowly)

    all_at_once(*(selecting(row, crowd[1]) for row in rows))

    assert sum(by_country(HOLDING_SEAT).values()) > 5


def test_one_offer_accepted_by_twenty_clicks_is_accepted_once(crowd):
    row = applications(crowd, "offered", offer_expires_at=timezone.now() + datetime.timedelta(days=3))[0]

    results = all_at_once(*[accepting(row)] * 20)

    assert results == {"done": 20}
    assert History.objects.filter(transition="accept", object_id=row.pk).count() == 1


def test_five_declines_at_once_promote_five_and_keep_the_quota(crowd):
    rows = applications(crowd, "waitlisted", waitlisted_at=timezone.now())
    soon = timezone.now() + datetime.timedelta(days=3)
    locked = [row for row in rows if row.country == "UZ"][:2] + [row for row in rows if row.country == "KZ"][:3]
    Application.objects.filter(pk__in=[row.pk for row in locked]).update(state="offered", offer_expires_at=soon)

    def declining(row):
        user_id = row.expert.user_id
        return lambda: decline_offer(Application.objects.get(pk=row.pk), by=User.objects.get(pk=user_id))

    results = all_at_once(*(declining(row) for row in locked))

    assert results == {"done": 5}
    assert by_country(HOLDING_SEAT) == {"UZ": 2, "KZ": 3}
    assert History.objects.filter(transition="promote").count() == 5


def test_answering_and_expiring_at_once_end_in_one_of_both(crowd):
    rows = applications(crowd, "offered", offer_expires_at=timezone.now() + datetime.timedelta(seconds=1))[:5]
    Application.objects.exclude(pk__in=[row.pk for row in rows]).delete()
    time.sleep(0.9)

    all_at_once(*(accepting(row) for row in rows), *[expire_offers] * 5, lambda: time.sleep(0.3) or expire_offers() or True)

    for row in rows:
        row.refresh_from_db()
        transitions = list(History.objects.filter(object_id=row.pk).values_list("transition", flat=True))
        assert (row.state, transitions) in [("accepted", ["accept"]), ("expired", ["expire"])]


def test_twenty_submits_at_once_are_one(crowd):
    program, _owner, _experts = crowd
    make.RequiredLanguageFactory(program=program)
    make.QuestionFactory(program=program)
    expert = an_expert()
    user_id = expert.user_id
    row = make.ApplicationFactory(
        program=program, expert=expert, state="draft", submitted_at=None, answers=answers_for(program), version=1
    )

    results = all_at_once(*[lambda: submit_application(Application.objects.get(pk=row.pk), by=User.objects.get(pk=user_id))] * 20)

    assert results == {"done": 20}
    assert History.objects.filter(transition="submit").count() == 1
    assert Thread.objects.count() == 1


def test_twenty_tabs_begin_one_draft(crowd):
    program, _owner, _experts = crowd
    user_id = an_expert().user_id

    results = all_at_once(*[lambda: start_draft(program, by=User.objects.get(pk=user_id))] * 20)

    assert results == {"done": 20}
    assert Application.objects.count() == 1


def test_twenty_tabs_saving_at_once_overwrite_nobody(crowd):
    program, _owner, _experts = crowd
    expert = an_expert()
    user_id = expert.user_id
    row = make.ApplicationFactory(program=program, expert=expert, state="draft", submitted_at=None, version=1)

    def saving(words):
        return lambda: save_draft(Application.objects.get(pk=row.pk), by=User.objects.get(pk=user_id), version=1, statement=words)

    results = all_at_once(*(saving(f"tab {i}") for i in range(20)))

    assert results == {"done": 1, "newer-draft": 19}
    row.refresh_from_db()
    assert row.version == 2


def test_deciding_at_once_happens_once(crowd):
    from applications.domain.decisions import reject, shortlist

    row = applications(crowd, "submitted")[0]
    owner = crowd[1]
    editor = make.MembershipFactory(institution=crowd[0].institution, role="editor").user

    def deciding(action, user, **more):
        return lambda: action(Application.objects.get(pk=row.pk), by=User.objects.get(pk=user.pk), **more)

    all_at_once(deciding(reject, owner, reason="fit"), deciding(shortlist, editor), deciding(offers.select_application, editor))

    transitions = list(History.objects.filter(object_id=row.pk).order_by("pk").values_list("before", "after"))
    for (_, after), (before, _) in itertools.pairwise(transitions):
        assert after == before  # each began where the one before it ended


def test_a_lock_timeout_asks_the_user_to_try_again(crowd):
    row = applications(crowd, "offered", offer_expires_at=timezone.now() + datetime.timedelta(days=3))[0]
    locked, done = threading.Event(), threading.Event()

    def holding():
        with transaction.atomic():
            Program.objects.select_for_update().get(pk=row.program_id)
            locked.set()
            done.wait(20)
        return True

    def hurried():
        locked.wait(20)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 200")
        try:
            return accepting(row)()
        finally:
            done.set()

    assert all_at_once(holding, hurried) == {"done": 1, "busy": 1}
