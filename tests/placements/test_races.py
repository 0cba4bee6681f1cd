"""Real connections at once. Each thread has its own, and starts when all are ready."""

import threading
import time
from collections import Counter

import pytest
from django.db import connection

from applications.models import Application
from exchange.core.errors import DomainError, StaleError
from exchange.core.history import history_of
from exchange.core.models import History
from placements.domain import decisions, locks
from placements.domain.decisions import approve_placement, reject_placement, return_placement
from placements.domain.revisions import cancel_placement
from placements.models import Approval, Placement
from profiles.models import User
from programs.models import Program
from tests.factories import ApplicationFactory, CoordinatorFactory, ExpertFactory, PlacementFactory, ProgramFactory, QuotaFactory
from tests.placements.conftest import Cast

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
            results[place] = refusal.code
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


def approving(approval, user):
    """A job with instances of its own, as another request has."""
    return lambda: approve_placement(Approval.objects.get(pk=approval.pk), by=User.objects.get(pk=user.pk))


def test_sixty_approvals_at_once_confirm_the_places_and_no_more():
    program = ProgramFactory(seats=5)
    QuotaFactory(program=program, country="UZ", reserved=0, most=2)
    coordinators = {country: CoordinatorFactory(country=country).user for country in ("UZ", "KZ", "US")}
    for number in range(30):
        expert = ExpertFactory(country="KZ" if number % 10 == 0 else "UZ")
        PlacementFactory(application__program=program, application__expert=expert)
    approvals = list(Approval.objects.order_by("pk"))
    assert len(approvals) == 60

    results = all_at_once(*(approving(approval, coordinators[approval.country]) for approval in approvals))

    confirmed = Counter(Placement.objects.filter(state="confirmed").values_list("sending_country", flat=True))
    assert confirmed == {"UZ": 2, "KZ": 3}
    assert results == {"done": 30 + 5, "quota-reached": 25}
    assert History.objects.filter(transition="confirm").count() == 5
    assert History.objects.filter(transition="approve").count() == 35
    assert Placement.objects.exclude(state__in=("pending", "confirmed")).count() == 0
    half_done = Placement.objects.filter(state="pending").exclude(approvals__state="waiting")
    assert not half_done.exists()


def test_without_the_lock_of_the_programme_the_places_overflow(monkeypatch):
    """The control: what the test above would see if nobody held the seat lock."""
    program = ProgramFactory(seats=2)
    sender, receiver = CoordinatorFactory(country="UZ").user, CoordinatorFactory(country="US").user
    for _ in range(6):
        approve_placement(PlacementFactory(application__program=program).approvals.get(country="UZ"), by=sender)
    confirm = decisions.confirm_placement
    monkeypatch.setattr(locks, "lock_program", lambda pk: Program.objects.select_related("institution").get(pk=pk))
    monkeypatch.setattr(decisions, "confirm_placement", lambda placement: (time.sleep(0.5), confirm(placement)))

    all_at_once(*(approving(approval, receiver) for approval in Approval.objects.filter(country="US")))

    assert Placement.objects.filter(state="confirmed").count() > 2


def test_both_countries_at_the_same_instant_confirm_exactly_once():
    casts = [Cast() for _ in range(6)]
    for cast in casts:
        results = all_at_once(approving(cast.approval("UZ"), cast.sender), approving(cast.approval("US"), cast.receiver))

        assert results == {"done": 2}
        assert cast.states() == ("confirmed", "approved", "approved")
        assert [row.transition for row in history_of(cast.placement)] == ["confirm"]


def test_one_person_clicking_many_times_decides_once():
    cast = Cast()

    results = all_at_once(*[approving(cast.approval("UZ"), cast.sender)] * 12)

    assert results == {"done": 12}
    assert history_of(cast.approval("UZ")).count() == 1


def test_two_coordinators_of_one_country_decide_once():
    cast = Cast()
    colleague = CoordinatorFactory(country="UZ").user

    def rejecting():
        return reject_placement(cast.approval("UZ"), by=User.objects.get(pk=colleague.pk), reason="employer", note="No.")

    results = all_at_once(approving(cast.approval("UZ"), cast.sender), rejecting)

    assert results == {"done": 1, StaleError().code: 1}
    assert history_of(cast.approval("UZ")).count() == 1
    assert cast.states()[:2] in {("pending", "approved"), ("rejected", "rejected")}


@pytest.mark.parametrize("round_", range(4))
def test_a_yes_racing_a_no_of_the_other_country_ends_in_no(round_):
    cast = Cast()

    def rejecting():
        return reject_placement(cast.approval("US"), by=User.objects.get(pk=cast.receiver.pk), reason="agreement", note="No.")

    results = all_at_once(approving(cast.approval("UZ"), cast.sender), rejecting)

    assert results["done"] in {1, 2}
    assert cast.fresh().state == "rejected"
    assert Application.objects.get(pk=cast.application.pk).state == "released"
    assert [row.transition for row in history_of(cast.placement)] == ["reject"]


@pytest.mark.parametrize("round_", range(4))
def test_the_last_yes_racing_a_cancellation_frees_the_place_once(round_):
    cast = Cast()
    approve_placement(cast.approval("UZ"), by=cast.sender)

    def cancelling():
        return cancel_placement(Placement.objects.get(pk=cast.placement.pk), by=User.objects.get(pk=cast.expert.pk), note="No.")

    results = all_at_once(approving(cast.approval("US"), cast.receiver), cancelling)

    assert results["done"] in {1, 2}
    assert cast.fresh().state == "cancelled"
    assert [row.transition for row in history_of(Application.objects.get(pk=cast.application.pk))] == ["release"]


def test_both_countries_returning_at_once_return_once():
    cast = Cast()

    def returning(country, user):
        return lambda: return_placement(cast.approval(country), by=User.objects.get(pk=user.pk), reason="dates", note="Later.")

    results = all_at_once(returning("UZ", cast.sender), returning("US", cast.receiver))

    assert results["done"] == 1
    assert [row.transition for row in history_of(cast.placement)] == ["return"]
    assert sorted(cast.states()[1:]) == ["returned", "waiting"]


def test_offers_accepted_at_once_become_one_placement_each():
    from applications.domain.offers import accept_offer

    program = ProgramFactory(seats=3)
    CoordinatorFactory(country="UZ"), CoordinatorFactory(country="US")
    offered = ApplicationFactory.create_batch(3, program=program, state="offered")

    def accepting(application):
        return lambda: accept_offer(Application.objects.get(pk=application.pk), by=User.objects.get(pk=application.expert.user_id))

    results = all_at_once(*(accepting(application) for application in offered for _ in range(4)))

    assert results == {"done": 12}
    assert Placement.objects.count() == 3
    assert Approval.objects.count() == 6
