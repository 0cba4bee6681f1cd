"""Taking back against the other side's act, over real connections: one of the two happens, never both."""

import pytest

from accounts.models import User
from applications.domain.offers import accept_offer, select_application, take_back_acceptance, take_back_offer
from applications.models import Application
from exchange.core.history import history_of
from placements.domain.decisions import approve_placement
from placements.domain.revisions import cancel_placement
from placements.domain.take_backs import record_letter, take_back_approval, take_back_cancel
from placements.models import Approval, Placement
from tests.factories import ApplicationFactory, CoordinatorFactory, ExpertFactory, MembershipFactory, PlacementFactory
from tests.placements.conftest import Cast
from tests.placements.test_races import all_at_once, approving

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS = 4


def job(action, model, row, user, **more):
    """A job with instances of its own, as another request has."""
    return lambda: action(model.objects.get(pk=row.pk), by=User.objects.get(pk=user.pk), **more) or True


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_an_offer_taken_back_while_it_is_accepted(_round):
    application = ApplicationFactory()
    owner = MembershipFactory(institution=application.program.institution).user
    select_application(application, by=owner)

    results = all_at_once(
        job(take_back_offer, Application, application, owner), job(accept_offer, Application, application, application.expert.user)
    )

    state = Application.objects.get().state
    assert results == {"done": 1, "stale": 1}
    assert (state, Placement.objects.count()) in {("submitted", 0), ("accepted", 1)}


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_an_acceptance_taken_back_while_a_country_approves(_round):
    application = ApplicationFactory()
    coordinator = CoordinatorFactory(country="UZ").user
    select_application(application, by=MembershipFactory(institution=application.program.institution).user)
    accept_offer(application, by=application.expert.user)
    approval = Approval.objects.get(country="UZ")

    results = all_at_once(
        job(take_back_acceptance, Application, application, application.expert.user), approving(approval, coordinator)
    )

    states = (Application.objects.get().state, Placement.objects.get().state, Approval.objects.get(country="UZ").state)
    assert results in ({"done": 1, "stale": 1}, {"done": 1, "acted-on": 1})
    assert states in {("offered", "cancelled", "waiting"), ("accepted", "pending", "approved")}


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_an_approval_taken_back_while_the_other_country_confirms(_round):
    cast = Cast()
    approve_placement(cast.approval("UZ"), by=cast.sender)

    results = all_at_once(
        job(take_back_approval, Approval, cast.approval("UZ"), cast.sender), approving(cast.approval("US"), cast.receiver)
    )

    assert cast.states() in {("pending", "waiting", "approved"), ("confirmed", "approved", "approved")}
    if cast.fresh().state == "confirmed":
        assert results == {"done": 1, "acted-on": 1}
    else:
        assert results == {"done": 2}


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_an_approval_taken_back_while_the_letter_is_issued(_round):
    cast = Cast()
    approve_placement(cast.approval("UZ"), by=cast.sender)
    approve_placement(cast.approval("US"), by=cast.receiver)

    all_at_once(
        job(take_back_approval, Approval, cast.approval("US"), cast.receiver),
        job(record_letter, Placement, cast.placement, cast.expert),
    )

    issued = history_of(cast.placement).filter(transition="letter").count()
    assert (cast.fresh().state, issued) in {("pending", 0), ("confirmed", 1)}


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_release_taken_back_while_the_place_is_offered_to_another(_round):
    """The only place is free for a moment: its former holder takes the cancellation back, the host offers it to somebody else."""
    placement = PlacementFactory(application__program__seats=1)
    owner = MembershipFactory(institution=placement.program.institution).user
    other = ApplicationFactory(program=placement.program, expert=ExpertFactory())
    cancel_placement(placement, by=placement.expert.user, note="A mistake.")

    results = all_at_once(
        job(take_back_cancel, Placement, placement, placement.expert.user), job(select_application, Application, other, owner)
    )

    assert results == {"done": 1, "no-places": 1}
    states = (Placement.objects.get().state, *Application.objects.order_by("pk").values_list("state", flat=True))
    assert states in {("pending", "accepted", "submitted"), ("cancelled", "released", "offered")}
