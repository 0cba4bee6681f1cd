"""An agreement registered later covers the placements that had none."""

import datetime

import pytest

from exchange.core.history import history_of
from partnerships.domain.agreements import create_agreement, edit_agreement
from tests.factories import AgreementFactory, CoordinatorFactory, InstitutionFactory, PlacementFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def secretary():
    return UserFactory(is_secretariat=True)


@pytest.fixture
def placement():
    return PlacementFactory(application__expert__affiliation=InstitutionFactory(country="UZ"))


def between(placement, *, turned=False, **dates):
    parties = [placement.program.institution, placement.expert.affiliation]
    first, second = reversed(parties) if turned else parties
    return AgreementFactory.build(
        first=first, second=second, valid_from=placement.starts - DAY, valid_until=placement.starts + DAY, **dates
    )


def fresh(placement):
    placement.refresh_from_db()
    return placement.agreement


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("state", ["pending", "returned", "confirmed"])
def test_a_later_agreement_attaches_to_the_placement_it_covers(client, placement, secretary, turned, state):
    type(placement).objects.update(state=state)

    agreement = create_agreement(between(placement, turned=turned), by=secretary)

    assert fresh(placement) == agreement
    assert history_of(placement).get(transition="agreement").data == {"agreement": agreement.pk}
    client.force_login(CoordinatorFactory(country="UZ").user)
    page = client.get(f"/placements/{placement.pk}/").content.decode()
    assert agreement.reference in page
    assert "No agreement covers this placement." not in page
    assert "No agreement between" not in page


def test_an_agreement_never_replaces_another(placement, secretary):
    first = create_agreement(between(placement), by=secretary)

    create_agreement(between(placement, reference="SECOND"), by=secretary)

    assert fresh(placement) == first


@pytest.mark.parametrize("state", ["rejected", "cancelled"])
def test_a_placement_that_ended_gets_none(placement, secretary, state):
    type(placement).objects.update(state=state)

    create_agreement(between(placement), by=secretary)

    assert fresh(placement) is None


def test_a_stay_outside_its_dates_or_of_another_institution_is_not_covered(placement, secretary):
    early = between(placement, reference="EARLY")
    early.valid_until = placement.starts - DAY
    late = between(placement, reference="LATE")
    late.valid_from, late.valid_until = placement.starts + DAY, None
    other = between(placement, reference="OTHER")
    other.second = InstitutionFactory(country="UZ")

    for agreement in (early, late, other):
        create_agreement(agreement, by=secretary)

    assert fresh(placement) is None


def test_new_dates_of_an_agreement_may_cover_a_placement(placement, secretary):
    agreement = between(placement)
    agreement.valid_until = placement.starts - DAY
    agreement = create_agreement(agreement, by=secretary)

    edit_agreement(agreement, {"valid_until": placement.ends}, by=secretary, version=1)

    assert fresh(placement) == agreement
