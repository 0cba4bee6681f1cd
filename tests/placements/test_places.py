"""Places when the last country approves: those of the programme and those of the sending country."""

import pytest

from exchange.core.errors import DomainError
from exchange.core.history import history_of
from exchange.core.models import OutboxEvent
from placements.domain.decisions import approve_placement
from programs.models import Program
from tests.factories import ApplicationFactory, PlacementFactory, QuotaFactory

pytestmark = pytest.mark.django_db


def confirmed(program, country, count=1):
    for _ in range(count):
        PlacementFactory(application__program=program, application__expert__country=country, state="confirmed")


def test_the_last_approval_is_refused_when_all_places_are_confirmed(cast):
    Program.objects.filter(pk=cast.program.pk).update(seats=2)
    confirmed(cast.program, "KZ", 2)
    approve_placement(cast.approval("UZ"), by=cast.sender)
    before = list(history_of(cast.approval("US"))), OutboxEvent.objects.count()

    with pytest.raises(DomainError) as error:
        approve_placement(cast.approval("US"), by=cast.receiver)

    assert error.value.code == "no-places"
    assert cast.states() == ("pending", "approved", "waiting")
    assert (list(history_of(cast.approval("US"))), OutboxEvent.objects.count()) == before


def test_the_last_approval_is_refused_over_the_quota(cast):
    QuotaFactory(program=cast.program, country="UZ", reserved=0, most=1)
    confirmed(cast.program, "UZ")
    approve_placement(cast.approval("US"), by=cast.receiver)

    with pytest.raises(DomainError) as error:
        approve_placement(cast.approval("UZ"), by=cast.sender)

    assert error.value.code == "quota-reached"
    assert cast.states() == ("pending", "waiting", "approved")


def test_a_place_kept_for_another_country_is_not_given_away(cast):
    Program.objects.filter(pk=cast.program.pk).update(seats=2)
    QuotaFactory(program=cast.program, country="TM", reserved=1, most=1)
    confirmed(cast.program, "KZ")
    approve_placement(cast.approval("US"), by=cast.receiver)

    with pytest.raises(DomainError, match="this country"):
        approve_placement(cast.approval("UZ"), by=cast.sender)


@pytest.mark.parametrize("state", ["completed", "cancelled", "draft"])
def test_nothing_is_confirmed_in_a_programme_that_is_over(cast, state):
    approve_placement(cast.approval("US"), by=cast.receiver)
    Program.objects.filter(pk=cast.program.pk).update(state=state)

    with pytest.raises(DomainError) as error:
        approve_placement(cast.approval("UZ"), by=cast.sender)

    assert error.value.code == "program-over"


def test_the_only_place_is_confirmed(cast):
    Program.objects.filter(pk=cast.placement.program_id).update(seats=1)

    for country, coordinator in (("UZ", cast.sender), ("US", cast.receiver)):
        approve_placement(cast.approval(country), by=coordinator)

    assert cast.states()[0] == "confirmed"


@pytest.mark.parametrize(("most", "code"), [(0, "quota-reached"), (1, "no-places")])
def test_a_country_that_has_no_placement_yet_gets_the_limit_that_it_meets(cast, most, code):
    other = ApplicationFactory(program=cast.program, state="accepted", country="KZ")
    PlacementFactory(application=other, state="confirmed")
    Program.objects.filter(pk=cast.program.pk).update(seats=1)
    QuotaFactory(program=cast.program, country="UZ", reserved=0, most=most)
    approve_placement(cast.approval("UZ"), by=cast.sender)

    with pytest.raises(DomainError) as refused:
        approve_placement(cast.approval("US"), by=cast.receiver)

    assert (refused.value.code, refused.value.status) == (code, 409)
