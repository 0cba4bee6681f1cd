"""What can be taken back for a while, where nobody has acted on it: an offer, its acceptance, an approval, a cancellation."""

import datetime

import pytest
from django.db import models
from django.urls import reverse
from django.utils import timezone

from applications.domain.offers import accept_offer, select_application, take_back_acceptance, take_back_offer
from applications.domain.submissions import submit_application
from applications.models import Application
from exchange.core.errors import DomainError, Refusal, StaleError
from exchange.core.history import history_of
from exchange.core.transitions import TAKE_BACK, available_transitions
from messaging.models import Participant
from placements.domain.decisions import approve_placement, return_placement
from placements.domain.revisions import cancel_placement
from placements.domain.take_backs import take_back_approval, take_back_cancel
from placements.models import Approval, Placement
from tests.factories import ApplicationFactory, CoordinatorFactory, ExpertFactory, MembershipFactory, ProgramFactory, UserFactory

pytestmark = pytest.mark.django_db
TOO_LONG = TAKE_BACK + datetime.timedelta(minutes=1)


def age(row, by=TOO_LONG):
    """As if the state had been entered that long ago."""
    type(row).objects.filter(pk=row.pk).update(state_since=models.F("state_since") - by)
    return type(row).objects.get(pk=row.pk)


def names(subject, user):
    return {legal.name for legal in available_transitions(subject, user) if legal.allowed}


@pytest.fixture
def offered():
    """An offer to an applicant on the waitlist, the owner who made it, and the coordinators of both countries."""
    application = ApplicationFactory(
        state="waitlisted", waitlisted_at=timezone.now() - datetime.timedelta(days=9), program__seats=1
    )
    application.owner = MembershipFactory(institution=application.program.institution).user
    application.coordinators = {code: CoordinatorFactory(country=code).user for code in ("UZ", "US")}
    select_application(application, by=application.owner)
    return application


# ---- an offer -------------------------------------------------------------------------------------------------------------


def test_an_offer_is_taken_back_to_the_state_before_it(offered, client):
    assert "take_back_offer" in names(offered, offered.owner)

    client.force_login(offered.owner)
    client.post(reverse("application_move", args=[offered.pk, "take_back_offer"]))

    offered.refresh_from_db()
    assert (offered.state, offered.offer_expires_at) == ("waitlisted", None)
    assert offered.waitlisted_at is not None
    assert [row.transition for row in history_of(offered)] == ["select", "take_back_offer"]


@pytest.mark.parametrize("state", ["submitted", "shortlisted"])
def test_an_offer_is_taken_back_to_submitted_or_the_shortlist(state):
    application = ApplicationFactory(state=state)
    owner = MembershipFactory(institution=application.program.institution).user
    select_application(application, by=owner)

    assert take_back_offer(application, by=owner).state == state


def test_an_offer_that_was_answered_or_is_old_stays(offered):
    old = age(offered)
    assert "take_back_offer" not in names(old, offered.owner)
    with pytest.raises(DomainError) as refused:
        take_back_offer(old, by=offered.owner)
    assert refused.value.code == "too-late"
    accept_offer(offered, by=offered.expert.user)
    with pytest.raises(StaleError):
        take_back_offer(offered, by=offered.owner)


def test_only_owners_and_editors_take_an_offer_back(offered):
    reviewer = MembershipFactory(institution=offered.program.institution, role="reviewer").user
    for user in (offered.expert.user, reviewer, UserFactory(), MembershipFactory().user, offered.coordinators["UZ"]):
        assert "take_back_offer" not in names(offered, user)
        with pytest.raises(Refusal):
            take_back_offer(offered, by=user)


# ---- its acceptance --------------------------------------------------------------------------------------------------------


def test_an_acceptance_is_taken_back_and_given_again(offered):
    expert = offered.expert.user
    expires = offered.offer_expires_at
    accept_offer(offered, by=expert)
    placement = Placement.objects.get()

    take_back_acceptance(offered, by=expert)

    placement.refresh_from_db()
    assert (offered.state, offered.offer_expires_at, placement.state) == ("offered", expires, "cancelled")
    for country, user in offered.coordinators.items():
        approval = placement.approvals.get(country=country)
        assert not approval.is_open
        with pytest.raises(StaleError):
            approve_placement(approval, by=user)

    accept_offer(offered, by=expert)

    placement.refresh_from_db()
    assert (offered.state, placement.state) == ("accepted", "pending")
    for country, user in offered.coordinators.items():
        approve_placement(placement.approvals.get(country=country), by=user)
    assert Placement.objects.get().state == "confirmed"


def test_coordinators_leave_the_conversation_with_the_acceptance():
    application = ApplicationFactory(state="draft", submitted_at=None, program__seats=1, statement="x" * 200)
    MembershipFactory(institution=application.program.institution)
    CoordinatorFactory(country="UZ")
    submit_application(application, by=application.expert.user)
    owner = MembershipFactory(institution=application.program.institution).user
    select_application(application, by=owner)
    accept_offer(application, by=application.expert.user)
    present = Participant.objects.filter(thread=application.thread, capacity="coordinator", left_at=None)
    assert present.count() == 1

    take_back_acceptance(application, by=application.expert.user)

    assert present.count() == 0
    application.thread.refresh_from_db()
    assert application.thread.about_url == application.get_absolute_url()


@pytest.mark.parametrize("decide", ["approve", "return"])
def test_an_acceptance_stays_once_a_country_has_decided(offered, decide):
    accept_offer(offered, by=offered.expert.user)
    approval = Approval.objects.get(country="UZ")
    if decide == "approve":
        approve_placement(approval, by=offered.coordinators["UZ"])
    else:
        return_placement(approval, by=offered.coordinators["UZ"], reason="dates", note="Later.")

    with pytest.raises(DomainError) as refused:
        take_back_acceptance(offered, by=offered.expert.user)

    assert refused.value.code == "acted-on"
    offered.refresh_from_db()
    assert offered.state == "accepted"
    assert names(offered, offered.expert.user) == set()


def test_an_old_acceptance_stays_and_others_take_none_back(offered, client):
    accept_offer(offered, by=offered.expert.user)
    for user in (offered.owner, UserFactory(), ExpertFactory().user, offered.coordinators["UZ"]):
        with pytest.raises(Refusal):
            take_back_acceptance(offered, by=user)
    client.logout()
    assert client.post(reverse("application_move", args=[offered.pk, "take_back_acceptance"])).status_code == 302
    old = age(offered)
    assert names(old, offered.expert.user) == set()
    with pytest.raises(DomainError) as refused:
        take_back_acceptance(old, by=offered.expert.user)
    assert refused.value.code == "too-late"


# ---- an approval -----------------------------------------------------------------------------------------------------------


def approve(cast, country):
    approve_placement(cast.approval(country), by=cast.sender if country == "UZ" else cast.receiver)


def test_an_approval_is_taken_back_on_the_page(client, cast):
    approve(cast, "UZ")
    address = f"/placements/{cast.placement.pk}/approvals/UZ/take_back/"
    client.force_login(cast.sender)
    assert f'action="{address}' in client.get(f"/placements/{cast.placement.pk}/").content.decode()

    client.post(address)

    assert cast.states() == ("pending", "waiting", "waiting")
    assert (cast.approval("UZ").decided_by, cast.approval("UZ").decided_at) == (None, None)
    approve(cast, "UZ")
    approve(cast, "US")
    assert cast.fresh().state == "confirmed"


def test_the_last_approval_is_taken_back_with_the_confirmation(cast):
    approve(cast, "UZ")
    approve(cast, "US")

    take_back_approval(cast.approval("US"), by=cast.receiver)

    assert cast.states() == ("pending", "approved", "waiting")
    assert cast.fresh().confirmed_at is None


def test_an_approval_stays_once_the_other_country_confirmed_by_its_own(cast):
    approve(cast, "UZ")
    approve(cast, "US")

    assert names(cast.approval("UZ"), cast.sender) == set()
    assert names(cast.approval("US"), cast.receiver) == {"take_back"}
    with pytest.raises(DomainError) as refused:
        take_back_approval(cast.approval("UZ"), by=cast.sender)

    assert refused.value.code == "acted-on"
    assert cast.fresh().state == "confirmed"


def test_an_approval_stays_once_the_letter_was_issued(client, cast):
    approve(cast, "UZ")
    approve(cast, "US")
    client.force_login(cast.expert)
    assert client.get(f"/placements/{cast.placement.pk}/letter/en.pdf").status_code == 200
    client.get(f"/placements/{cast.placement.pk}/letter/ru.pdf")
    assert history_of(cast.placement).filter(transition="letter").count() == 1

    with pytest.raises(DomainError) as refused:
        take_back_approval(cast.approval("US"), by=cast.receiver)

    assert refused.value.code == "acted-on"


def test_an_approval_stays_while_the_placement_is_revised(cast):
    approve(cast, "UZ")
    return_placement(cast.approval("US"), by=cast.receiver, reason="dates", note="Later.")

    assert names(cast.approval("UZ"), cast.sender) == set()
    with pytest.raises(DomainError):
        take_back_approval(cast.approval("UZ"), by=cast.sender)


def test_only_who_approved_takes_the_approval_back_and_only_in_time(client, cast):
    approve(cast, "UZ")
    colleague = CoordinatorFactory(country="UZ").user
    for user in (colleague, cast.receiver, cast.other_country, cast.secretary, cast.expert, cast.owner, cast.outsider):
        assert "take_back" not in names(cast.approval("UZ"), user)
        with pytest.raises(Refusal):
            take_back_approval(cast.approval("UZ"), by=user)
    address = f"/placements/{cast.placement.pk}/approvals/UZ/take_back/"
    assert client.post(address).headers["Location"].startswith("/accounts/login/")
    client.force_login(cast.other_country)
    assert client.post(address).status_code == 404
    age(cast.approval("UZ"))
    with pytest.raises(DomainError) as refused:
        take_back_approval(cast.approval("UZ"), by=cast.sender)
    assert refused.value.code == "too-late"
    assert cast.states()[1] == "approved"


def test_taking_back_twice_changes_once(cast):
    approve(cast, "UZ")

    for _ in range(2):
        take_back_approval(cast.approval("UZ"), by=cast.sender)

    assert history_of(cast.approval("UZ")).filter(transition="take_back").count() == 1


# ---- a cancellation --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["pending", "returned", "confirmed"])
@pytest.mark.parametrize("who", ["expert", "owner"])
def test_a_cancellation_is_taken_back_to_the_state_before_it(client, cast, state, who):
    Placement.objects.update(state=state, confirmed_at=timezone.now() if state == "confirmed" else None)
    cancel_placement(cast.fresh(), by=getattr(cast, who), note="A mistake.")
    assert Application.objects.get().state == "released"
    client.force_login(getattr(cast, who))
    address = f"/placements/{cast.placement.pk}/take_back_cancel/"
    assert f'action="{address}' in client.get(f"/placements/{cast.placement.pk}/").content.decode()

    client.post(address)

    assert (cast.fresh().state, Application.objects.get().state) == (state, "accepted")


def test_a_cancellation_stays_when_the_place_was_given_away(cast):
    type(cast.program).objects.update(seats=1)
    waiting = ApplicationFactory(program=cast.program, state="waitlisted", waitlisted_at=timezone.now())
    cancel_placement(cast.fresh(), by=cast.expert, note="Ill.")
    assert Application.objects.get(pk=waiting.pk).state == "offered"

    with pytest.raises(DomainError) as refused:
        take_back_cancel(cast.fresh(), by=cast.expert)

    assert refused.value.code == "no-places"
    assert (cast.fresh().state, Application.objects.get(pk=cast.application.pk).state) == ("cancelled", "released")


def test_only_who_cancelled_takes_that_back_and_only_in_time(client, cast):
    cancel_placement(cast.fresh(), by=cast.expert, note="A mistake.")
    for user in (cast.owner, cast.editor, cast.sender, cast.secretary, cast.outsider):
        assert names(cast.fresh(), user) == set()
        with pytest.raises(Refusal):
            take_back_cancel(cast.fresh(), by=user)
    assert client.post(f"/placements/{cast.placement.pk}/take_back_cancel/").status_code == 302
    with pytest.raises(DomainError) as refused:
        take_back_cancel(age(cast.placement), by=cast.expert)
    assert refused.value.code == "too-late"
    assert cast.fresh().state == "cancelled"


def test_what_the_system_cancelled_nobody_takes_back(cast):
    cancel_placement(cast.fresh(), by=None, reason="program_cancelled")

    for user in (cast.expert, cast.owner):
        with pytest.raises(Refusal):
            take_back_cancel(cast.fresh(), by=user)


def test_the_api_takes_back(client, cast):
    approve(cast, "UZ")
    client.force_login(cast.sender)
    answer = client.post(f"/api/v1/placements/{cast.placement.pk}/take_back", content_type="application/json")
    assert answer.json()["state"] == "pending", answer.content
    assert cast.states()[1] == "waiting"
    cancel_placement(cast.fresh(), by=cast.expert, note="A mistake.")
    client.force_login(cast.expert)
    assert (
        client.post(f"/api/v1/placements/{cast.placement.pk}/take_back_cancel", content_type="application/json").json()["state"]
        == "pending"
    )


# ---- what is asked before, and what stands first ---------------------------------------------------------------------------


def test_accept_approve_and_cancel_ask_once_more_without_javascript(client, cast, offered):
    client.force_login(offered.expert.user)
    accept = client.get(offered.get_absolute_url()).content.decode()
    client.force_login(cast.sender)
    approving = client.get(f"/placements/{cast.placement.pk}/").content.decode()
    client.force_login(cast.expert)
    cancelling = client.get(f"/placements/{cast.placement.pk}/").content.decode()

    for page, action in ((accept, "accept/"), (approving, "UZ/approve/"), (cancelling, "cancel/")):
        form = page.split(f"{action}", 1)[0].rsplit("<details", 1)[1]
        assert "<summary" in form
        assert "For 30 minutes you can take it back" in page.split(action, 1)[1].split("</form>", 1)[0]


def test_the_letter_stands_first_on_a_confirmed_stay(client, cast):
    Placement.objects.update(state="confirmed", confirmed_at=timezone.now(), state_since=timezone.now())
    client.force_login(cast.expert)

    main = client.get(f"/placements/{cast.placement.pk}/").content.decode().split("<main", 1)[1]

    assert main.index("/letter/") < main.index("Placement progress") < main.index("/cancel/")


def test_programs_that_are_over_give_no_place_back(cast):
    cancel_placement(cast.fresh(), by=cast.expert, note="A mistake.")
    type(cast.program).objects.update(state="cancelled")

    with pytest.raises(DomainError) as refused:
        take_back_cancel(cast.fresh(), by=cast.expert)

    assert refused.value.code == "program-over"
    assert ProgramFactory._meta.model.objects.get().state == "cancelled"
