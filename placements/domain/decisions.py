"""The decisions of a country on a placement: approve, return for revision, reject. The last approval confirms it, if a place is left."""

from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from applications.domain.offers import release_place
from exchange.core.access import require
from exchange.core.errors import DomainError, StaleError
from exchange.core.history import history_of
from exchange.core.transitions import apply_transition, require_transition
from exchange.core.versions import Version, check_version
from placements.domain.locks import approval_of, lock_placement
from placements.domain.notifications import REASONS, all_ids, country_label, decider_ids, notify_users, post_thread_event, side_ids
from placements.models import Approval, Placement
from placements.signals import placement_closed, placement_confirmed
from placements.states import UNDECIDED, ApprovalState, PlacementState
from programs.domain.seats import seat_plan
from programs.models import Program
from programs.rules import Quota, places_left
from programs.states import PLACING_STATES

MAX_NOTE_LENGTH = 2000


@transaction.atomic
def approve_placement(approval: Approval, *, by: User, note: str = "", version: Version | None = None) -> Placement:
    """Approve for one country; the last approval confirms the placement and notifies everybody.

    Raises Refusal to anyone but a coordinator of that country today, to the expert, to members of the institutions that take part and to
    whoever decided for the other country; StaleError when it was decided already or requested again since `version`;
    DomainError `no-places` or `quota-reached` when the last approval would exceed the places: nothing is changed then.
    """
    approval, program, replay = _open_decision(approval, "approve", by=by, version=version)
    placement = approval.placement
    if replay:
        return placement
    last = all(other.state == ApprovalState.APPROVED for other in placement.approvals.all() if other.pk != approval.pk)
    if last:
        require_place(placement, program)
    _decide(approval, "approve", by=by, note=note)
    post_thread_event(placement, "approved", country=country_label(approval.country))
    if last:
        confirm_placement(placement)
    else:
        others = [
            pk for other in placement.approvals.all() if other.pk != approval.pk for pk in decider_ids(placement, other.country)
        ]
        notify_users(
            placement, [*side_ids(placement), *others], "approval_decided", but=by, country=country_label(approval.country)
        )
    return placement


@transaction.atomic
def return_placement(approval: Approval, *, by: User, reason: str, note: str, version: Version | None = None) -> Placement:
    """Return the placement for revision, with a reason and a note that both sides read; notifies expert and host, who may send it again.

    Refuses as `approve_placement` does, and with DomainError `reason-needed` or `note-needed`.
    """
    approval, _program, replay = _open_decision(approval, "return", by=by, version=version)
    placement = approval.placement
    if replay:
        return placement
    note = _require_reason_and_note(approval, "return", reason, note)
    _decide(approval, "return", by=by, reason=reason, note=note)
    apply_transition(placement, "return", by=None, reason=reason, note=note)
    post_thread_event(placement, "returned", country=country_label(approval.country))
    words = {"country": country_label(approval.country), "reason": REASONS[reason], "note": note}
    notify_users(placement, side_ids(placement), "placement_returned", but=by, **words)
    return placement


@transaction.atomic
def reject_placement(approval: Approval, *, by: User, reason: str, note: str, version: Version | None = None) -> Placement:
    """Reject for one country: the placement ends, its place is offered to the waitlist, and everybody is notified of the reason.

    Refuses as `return_placement` does.
    """
    approval, _program, replay = _open_decision(approval, "reject", by=by, version=version)
    placement = approval.placement
    if replay:
        return placement
    note = _require_reason_and_note(approval, "reject", reason, note)
    _decide(approval, "reject", by=by, reason=reason, note=note)
    apply_transition(placement, "reject", by=None, reason=reason, note=note)
    post_thread_event(placement, "rejected", country=country_label(approval.country))
    words = {"country": country_label(approval.country), "reason": REASONS[reason], "note": note}
    notify_users(placement, all_ids(placement), "placement_rejected", but=by, **words)
    placement_closed.send(Placement, placement=placement)
    release_place(placement.application)
    return placement


def decide(
    approval: Approval, transition: str, *, by: User, reason: str = "", note: str = "", version: Version | None = None
) -> Placement:
    """Make the decision of that name. Raises DomainError for an unknown one."""
    if transition == "approve":
        return approve_placement(approval, by=by, note=note, version=version)
    if transition == "return":
        return return_placement(approval, by=by, reason=reason, note=note, version=version)
    if transition == "reject":
        return reject_placement(approval, by=by, reason=reason, note=note, version=version)
    raise DomainError(_("This action is not available."), code="unknown-move", status=404)


def confirm_placement(placement: Placement) -> None:
    """All countries approved: confirm, as the system. The caller holds the programme's lock and has asked `require_place`."""
    apply_transition(placement, "confirm", by=None, confirmed_at=timezone.now())
    post_thread_event(placement, "confirmed")
    notify_users(placement, all_ids(placement), "placement_confirmed", starts=placement.starts, ends=placement.ends)
    placement_confirmed.send(Placement, placement=placement)


def require_place(placement: Placement, program: Program) -> None:
    """Refuse (DomainError) when confirming would exceed the places of the programme or the quota of the sending country.

    The caller holds the programme's lock, so that only one transaction counts at a time.
    """
    if program.state not in PLACING_STATES:
        raise DomainError(
            _("The programme is over or was cancelled: its placements can no longer be confirmed."), code="program-over"
        )
    rows = Placement.objects.filter(program_id=program.pk, state=PlacementState.CONFIRMED).order_by()
    taken: dict[str, int] = dict(rows.values_list("sending_country").annotate(Count("pk")))
    quotas, country = seat_plan(program), placement.sending_country
    if places_left(country, seats=program.seats, taken=taken, quotas=quotas) > 0:
        return
    most = quotas.get(country, Quota()).most
    if most is not None and taken.get(country, 0) >= most:
        raise DomainError(
            _(
                "This programme's quota for the sending country is used up by confirmed placements. Nothing was changed: return or reject this one, or ask the host for more places."
            ),
            code="quota-reached",
            status=409,
        )
    raise DomainError(
        _(
            "All places of this programme that this country may take are confirmed. Nothing was changed: return or reject this one, or ask the host for more places."
        ),
        code="no-places",
        status=409,
    )


def _open_decision(approval: Approval, transition: str, *, by: User, version: Version | None) -> tuple[Approval, Program, bool]:
    """The locked approval, the programme, and whether this user has made this decision already."""
    require_transition(approval, transition, by)
    program = lock_placement(approval.placement)
    approval = approval_of(approval.placement, approval.country)
    placement = approval.placement
    if approval.state == approval.transitions[transition].target and _last_actor(approval) == (transition, by.pk):
        return approval, program, True
    if approval.state not in approval.transitions[transition].sources or placement.state not in UNDECIDED:
        raise StaleError
    require(approval.conflict(by))
    blocked_reason = approval.blocked_reason(approval.transitions[transition], by)
    if blocked_reason:
        raise DomainError(blocked_reason, code="not-now", status=409)
    words = _("The placement was revised after you opened it. Check the current version, then decide.")
    check_version(version, approval.version, words, code="revised")
    return approval, program, False


def _decide(approval: Approval, transition: str, *, by: User, reason: str = "", note: str = "") -> None:
    note = note.strip()[:MAX_NOTE_LENGTH]
    apply_transition(approval, transition, by=by, reason=reason, note=note, decided_by=by, decided_at=timezone.now())
    approval.reason, approval.note = reason, note
    approval.save(update_fields=["reason", "note"])


def _require_reason_and_note(approval: Approval, transition: str, reason: str, note: str) -> str:
    if reason not in dict(approval.transitions[transition].reasons):
        raise DomainError(_("Choose a reason from the list."), code="reason-needed")
    return require_note(note)


def require_note(note: str) -> str:
    """The stripped note. Raises DomainError `note-needed` when it is empty or too long."""
    note = note.strip()
    if not note:
        raise DomainError(_("Give a short reason: everybody concerned will read it."), code="note-needed")
    if len(note) > MAX_NOTE_LENGTH:
        raise DomainError(_("The text is longer than %(most)s characters.") % {"most": MAX_NOTE_LENGTH}, code="note-too-long")
    return note


def _last_actor(approval: Approval) -> tuple[str, Any] | None:
    return history_of(approval).values_list("transition", "actor_id").last()
