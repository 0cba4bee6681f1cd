import datetime

import pytest
from django.db import OperationalError
from django.utils import timezone

from applications.models import Application
from exchange.core.errors import DomainError, Refusal, StaleError
from exchange.core.history import history_of
from exchange.core.jobs.outbox import OutboxEvent
from exchange.core.transitions import available_transitions
from placements.domain.decisions import approve_placement, decide, reject_placement, return_placement
from placements.domain.revisions import cancel_placement, resubmit_placement
from placements.signals import placement_closed, placement_confirmed
from programs.models import Program
from tests.factories import (
    ApplicationFactory,
    CoordinatorFactory,
    InstitutionFactory,
    MembershipFactory,
    PlacementFactory,
    ProgramFactory,
)
from tests.helpers.failures import failing_insert

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date()
DAY = datetime.timedelta(days=1)


def transitions(subject):
    return list(history_of(subject).values_list("transition", "before", "after", "actor_id"))


def notification():
    """Who was notified of what, in order."""
    events = OutboxEvent.objects.filter(kind="messaging.notify").order_by("pk")
    return [(event.payload["kind_code"], set(event.payload["user_ids"])) for event in events]


def approve_all(cast):
    approve_placement(cast.approval("UZ"), by=cast.sender)
    approve_placement(cast.approval("US"), by=cast.receiver)


# ---- the way through ---------------------------------------------------------------------------------------------------


def test_one_approval_waits_for_the_other(cast):
    approve_placement(cast.approval("UZ"), by=cast.sender, note="Welcome.")

    assert cast.states() == ("pending", "approved", "waiting")
    approval = cast.approval("UZ")
    assert (approval.decided_by, approval.note) == (cast.sender, "Welcome.")
    assert approval.decided_at is not None
    assert transitions(approval) == [("approve", "waiting", "approved", cast.sender.pk)]
    assert transitions(cast.placement) == []
    assert notification() == [("approval_decided", {cast.expert.pk, cast.owner.pk, cast.editor.pk, cast.receiver.pk})]


@pytest.mark.parametrize("first", ["UZ", "US"])
def test_both_approvals_confirm_in_either_order(cast, first):
    received_signals = []
    placement_confirmed.connect(lambda **kwargs: received_signals.append(kwargs["placement"]), weak=False, dispatch_uid="t")
    steps = {"UZ": cast.sender, "US": cast.receiver}
    for country in sorted(steps, key=lambda code: code != first):
        approve_placement(cast.approval(country), by=steps[country])
    placement_confirmed.disconnect(dispatch_uid="t")

    assert cast.states() == ("confirmed", "approved", "approved")
    assert cast.fresh().confirmed_at is not None
    assert transitions(cast.placement) == [("confirm", "pending", "confirmed", None)]
    assert received_signals == [cast.placement]
    notified = {cast.expert.pk, cast.owner.pk, cast.editor.pk, cast.sender.pk, cast.receiver.pk}
    assert notification()[-1] == ("placement_confirmed", notified)


def test_return_asks_for_a_revision_and_only_that_country_is_asked_again(cast):
    approve_placement(cast.approval("UZ"), by=cast.sender)
    return_placement(cast.approval("US"), by=cast.receiver, reason="documents", note="The letter of the employer is missing.")

    assert cast.states() == ("returned", "approved", "returned")
    assert (cast.approval("US").reason, cast.approval("US").note) == ("documents", "The letter of the employer is missing.")
    assert notification()[-1] == ("placement_returned", {cast.expert.pk, cast.owner.pk, cast.editor.pk})

    resubmit_placement(cast.fresh(), by=cast.expert, note="Attached in the conversation.")

    assert cast.states() == ("pending", "approved", "waiting")
    assert (cast.approval("US").decided_by, cast.approval("US").reason, cast.approval("US").note) == (None, "", "")
    assert cast.approval("UZ").decided_by == cast.sender
    assert transitions(cast.placement) == [
        ("return", "pending", "returned", None),
        ("resubmit", "returned", "pending", cast.expert.pk),
    ]
    assert [row[0] for row in transitions(cast.approval("US"))] == ["return", "ask_again"]
    assert notification()[-1] == ("approval_requested", {cast.receiver.pk})

    approve_placement(cast.approval("US"), by=cast.receiver)
    assert cast.states() == ("confirmed", "approved", "approved")


def test_other_dates_ask_every_country_again(cast):
    approve_placement(cast.approval("UZ"), by=cast.sender)
    return_placement(cast.approval("US"), by=cast.receiver, reason="dates", note="A week later, please.")
    starts = cast.placement.starts + 7 * DAY

    resubmit_placement(cast.fresh(), by=cast.owner, note="A week later.", starts=starts)

    assert cast.states() == ("pending", "waiting", "waiting")
    assert cast.fresh().starts == starts
    assert [kind for kind, _ in notification()[-2:]] == ["approval_requested", "approval_requested"]
    assert history_of(cast.placement).get(transition="dates").data["after"][0] == starts.isoformat()


@pytest.mark.parametrize(("starts", "ends"), [(-1, 0), (0, 1), (5, -100)])
def test_dates_outside_the_programme_are_refused(cast, starts, ends):
    return_placement(cast.approval("US"), by=cast.receiver, reason="dates", note="Other dates.")
    placement = cast.fresh()

    with pytest.raises(DomainError) as error:
        resubmit_placement(
            placement, by=cast.expert, note="So?", starts=placement.starts + starts * DAY, ends=placement.ends + ends * DAY
        )

    assert error.value.code == "dates"
    assert cast.states() == ("returned", "waiting", "returned")


def test_reject_ends_it_and_promotes_from_the_waitlist(cast):
    waiting = ApplicationFactory(program=cast.program, state="waitlisted", waitlisted_at=timezone.now())
    Program.objects.filter(pk=cast.program.pk).update(seats=1)
    received_signals = []
    placement_closed.connect(lambda **kwargs: received_signals.append(kwargs["placement"]), weak=False, dispatch_uid="t")

    reject_placement(cast.approval("UZ"), by=cast.sender, reason="employer", note="The museum cannot let her go.")

    placement_closed.disconnect(dispatch_uid="t")
    assert cast.states() == ("rejected", "rejected", "waiting")
    assert Application.objects.get(pk=cast.application.pk).state == "released"
    assert Application.objects.get(pk=waiting.pk).state == "offered"
    assert received_signals == [cast.placement]
    notified = dict(notification())["placement_rejected"]
    assert notified == {cast.expert.pk, cast.owner.pk, cast.editor.pk, cast.receiver.pk}


@pytest.mark.parametrize("who", ["expert", "owner"])
def test_cancel_frees_the_place(cast, who):
    approve_all(cast)
    waiting = ApplicationFactory(program=cast.program, state="waitlisted", waitlisted_at=timezone.now())
    Program.objects.filter(pk=cast.program.pk).update(seats=1)

    cancel_placement(cast.fresh(), by=getattr(cast, who), note="Illness in the family.")

    assert cast.fresh().state == "cancelled"
    assert Application.objects.get(pk=cast.application.pk).state == "released"
    assert Application.objects.get(pk=waiting.pk).state == "offered"
    assert getattr(cast, who).pk not in dict(notification())["placement_cancelled"]


def test_a_stay_that_is_over_cannot_be_cancelled(cast):
    type(cast.placement).objects.filter(pk=cast.placement.pk).update(ends=TODAY - DAY, starts=TODAY - 9 * DAY)

    with pytest.raises(DomainError, match="over"):
        cancel_placement(cast.fresh(), by=cast.expert, note="Too late.")


# ---- who may ------------------------------------------------------------------------------------------------------------


def refused(cast, by, country="UZ", error=Refusal):
    with pytest.raises(error) as raised:
        approve_placement(cast.approval(country), by=by)
    assert cast.states() == ("pending", "waiting", "waiting")
    return str(raised.value)


@pytest.mark.parametrize("who", ["outsider", "expert", "owner", "editor", "reviewer", "receiver", "other_country", "secretary"])
def test_only_a_coordinator_of_that_country_decides(cast, who):
    refused(cast, getattr(cast, who))


def test_an_appointment_counts_on_its_days_only(cast):
    refused(cast, CoordinatorFactory(country="UZ", ends=TODAY - DAY).user)
    refused(cast, CoordinatorFactory(country="UZ", starts=TODAY + DAY).user)
    approve_placement(cast.approval("UZ"), by=CoordinatorFactory(country="UZ", starts=TODAY, ends=TODAY).user)
    assert cast.states()[1] == "approved"


def test_a_deputy_decides_within_the_dates_only(cast):
    chief = cast.sender.appointments.get()
    early = CoordinatorFactory(country="UZ", deputy_of=chief, starts=TODAY - 9 * DAY, ends=TODAY - DAY).user
    refused(cast, early)
    now = CoordinatorFactory(country="UZ", deputy_of=chief, starts=TODAY - DAY, ends=TODAY + DAY).user
    approve_placement(cast.approval("UZ"), by=now)
    assert cast.approval("UZ").decided_by == now


def test_nobody_decides_on_themselves(cast):
    CoordinatorFactory(user=cast.expert, country="UZ")
    assert "your own placement" in refused(cast, cast.expert)


@pytest.mark.parametrize("role", ["owner", "editor", "reviewer", "signatory"])
def test_no_member_of_the_host_decides(cast, role):
    MembershipFactory(institution=cast.program.institution, user=cast.receiver, role=role)
    assert "Your own institution" in refused(cast, cast.receiver, "US")


def test_no_colleague_of_the_expert_decides(cast):
    home = InstitutionFactory(country="UZ")
    type(cast.placement.expert).objects.filter(pk=cast.placement.expert_id).update(affiliation=home)
    MembershipFactory(institution=home, user=cast.sender, role="reviewer")
    assert "Your own institution" in refused(cast, cast.sender)


def test_the_same_person_never_decides_for_both_countries(cast):
    CoordinatorFactory(user=cast.sender, country="US")
    approve_placement(cast.approval("UZ"), by=cast.sender)

    with pytest.raises(Refusal, match="other country"):
        approve_placement(cast.approval("US"), by=cast.sender)

    assert cast.states() == ("pending", "approved", "waiting")
    shown = available_transitions(cast.approval("US"), cast.sender)
    assert [(legal.name, bool(legal.blocked_reason)) for legal in shown] == [("approve", True), ("return", True), ("reject", True)]


def test_a_country_that_sends_and_hosts_answers_once(db):
    placement = PlacementFactory(application__expert__country="US")
    assert list(placement.approvals.values_list("country", "side")) == [("US", "host")]

    approve_placement(placement.approvals.get(), by=CoordinatorFactory(country="US").user)

    placement.refresh_from_db()
    assert placement.state == "confirmed"


@pytest.mark.parametrize("who", ["outsider", "reviewer", "sender", "receiver", "secretary", "other_country"])
@pytest.mark.parametrize("transition", ["resubmit", "cancel"])
def test_only_the_sides_revise_and_cancel(cast, who, transition):
    return_placement(cast.approval("US"), by=cast.receiver, reason="dates", note="Other dates.")
    action = {"resubmit": resubmit_placement, "cancel": cancel_placement}[transition]

    with pytest.raises(Refusal):
        action(cast.fresh(), by=getattr(cast, who), note="Please.")

    assert cast.fresh().state == "returned"


def test_an_editor_may_revise_and_not_cancel(cast):
    return_placement(cast.approval("US"), by=cast.receiver, reason="dates", note="Other dates.")
    with pytest.raises(Refusal):
        cancel_placement(cast.fresh(), by=cast.editor, note="No.")
    resubmit_placement(cast.fresh(), by=cast.editor, note="Done.")
    assert cast.fresh().state == "pending"


# ---- words, replays, stale forms ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("transition", ["return", "reject"])
@pytest.mark.parametrize(
    ("reason", "note", "code"), [("", "Why", "reason-needed"), ("fit", "Why", "reason-needed"), ("dates", "  ", "note-needed")]
)
def test_a_no_needs_a_reason_and_words(cast, transition, reason, note, code):
    with pytest.raises(DomainError) as error:
        decide(cast.approval("UZ"), transition, by=cast.sender, reason=reason, note=note)

    assert error.value.code == code
    assert cast.states() == ("pending", "waiting", "waiting")


@pytest.mark.parametrize("transition", ["ask_again", "confirm", "anything"])
def test_nobody_makes_other_transitions(cast, transition):
    with pytest.raises(DomainError):
        decide(cast.approval("UZ"), transition, by=cast.sender, note="x")


@pytest.mark.parametrize("transition", ["approve", "return", "reject"])
def test_a_double_click_changes_nothing_twice(cast, transition):
    for _ in range(3):
        decide(cast.approval("UZ"), transition, by=cast.sender, reason="dates", note="Once.")

    assert len(transitions(cast.approval("UZ"))) == 1
    assert len({kind for kind, _ in notification()}) == len(notification())


def test_a_second_coordinator_learns_that_somebody_was_first(cast):
    colleague = CoordinatorFactory(country="UZ").user
    approve_placement(cast.approval("UZ"), by=cast.sender)

    for transition in ("approve", "return", "reject"):
        with pytest.raises(StaleError):
            decide(cast.approval("UZ"), transition, by=colleague, reason="dates", note="No.")

    assert cast.approval("UZ").decided_by == cast.sender


def test_cancel_and_resubmit_bear_a_double_click(cast):
    return_placement(cast.approval("US"), by=cast.receiver, reason="dates", note="Other dates.")
    for _ in range(2):
        resubmit_placement(cast.fresh(), by=cast.expert, note="Done.", starts=cast.placement.starts + DAY)
    for _ in range(2):
        cancel_placement(cast.fresh(), by=cast.expert, note="Sorry.")

    assert [transition for transition, *_ in transitions(cast.placement)] == ["return", "resubmit", "dates", "cancel"]
    with pytest.raises(StaleError):
        cancel_placement(cast.fresh(), by=cast.owner, note="Me too.")


def test_a_form_opened_before_a_revision_decides_nothing(cast):
    version = cast.approval("UZ").version
    return_placement(cast.approval("US"), by=cast.receiver, reason="dates", note="Other dates.")
    resubmit_placement(cast.fresh(), by=cast.expert, note="Shorter.", ends=cast.placement.ends - DAY)

    with pytest.raises(StaleError, match="revised"):
        approve_placement(cast.approval("UZ"), by=cast.sender, version=version)

    approve_placement(cast.approval("UZ"), by=cast.sender, version=cast.approval("UZ").version)
    assert cast.states()[1] == "approved"


def test_while_it_is_revised_the_other_country_may_only_reject(cast):
    return_placement(cast.approval("US"), by=cast.receiver, reason="dates", note="Other dates.")

    for transition in ("approve", "return"):
        with pytest.raises(DomainError, match="being revised") as refused:
            decide(cast.approval("UZ"), transition, by=cast.sender, reason="dates", note="Now.")
        assert (refused.value.code, refused.value.status) == ("not-now", 409)
    reject_placement(cast.approval("UZ"), by=cast.sender, reason="employer", note="She may not go.")

    assert cast.states() == ("rejected", "rejected", "returned")


# ---- what is settled, notes and failures -----------------------------------------------------------------------------------


@pytest.mark.parametrize("placement_state", ["confirmed", "rejected", "cancelled"])
@pytest.mark.parametrize("transition", ["approve", "return", "reject"])
def test_nothing_is_decided_on_a_placement_that_is_settled(cast, placement_state, transition):
    type(cast.placement).objects.filter(pk=cast.placement.pk).update(state=placement_state)

    with pytest.raises(StaleError):
        decide(cast.approval("UZ"), transition, by=cast.sender, reason="dates", note="Late.")

    assert cast.states()[1] == "waiting"


def test_cancelling_the_programme_cancels_its_placements(cast):
    from programs.domain.publishing import cancel_program

    other = PlacementFactory(application__program=ProgramFactory())
    cancel_program(cast.program, by=cast.owner, note="The wing is closed.")

    assert cast.fresh().state == "cancelled"
    other.refresh_from_db()
    assert other.state == "pending"
    assert history_of(cast.placement).last().reason == "program_cancelled"


@pytest.mark.parametrize("decision", ["return", "reject"])
def test_a_note_may_have_two_thousand_characters_and_not_one_more(cast, decision):
    with pytest.raises(DomainError, match="2000") as refused:
        decide(cast.approval("UZ"), decision, by=cast.sender, reason="dates", note="x" * 2001)
    assert refused.value.code == "note-too-long"

    decide(cast.approval("UZ"), decision, by=cast.sender, reason="dates", note="x" * 2000)

    assert len(cast.approval("UZ").note) == 2000


def test_the_note_of_an_approval_is_cut_at_two_thousand_characters(cast):
    approve_placement(cast.approval("UZ"), by=cast.sender, note="x" * 2001)

    assert cast.approval("UZ").note == "x" * 2000


def test_a_decision_of_an_unknown_name_is_not_found(cast):
    with pytest.raises(DomainError) as refused:
        decide(cast.approval("UZ"), "postpone", by=cast.sender)

    assert (refused.value.code, refused.value.status) == ("unknown-move", 404)


@pytest.mark.parametrize("decision", ["approve", "return", "reject"])
def test_a_decision_that_fails_at_the_notification_has_changed_nothing(cast, decision):
    with failing_insert(OutboxEvent), pytest.raises(OperationalError):
        decide(cast.approval("UZ"), decision, by=cast.sender, reason="dates", note="Why.")

    assert cast.states() == ("pending", "waiting", "waiting")
    assert (cast.approval("UZ").note, transitions(cast.approval("UZ"))) == ("", [])
