"""Taking back, for a while and where nobody has acted on it: an approval, a cancellation, the acceptance of the offer."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from applications.domain.offers import restore_place
from applications.models import Application
from exchange.core.errors import DomainError, StaleError
from exchange.core.history import history_of, record_history
from exchange.core.transitions import apply_transition, require_recent, require_transition, state_before
from messaging.domain.threads import remove_participants, set_thread_link
from messaging.models import Participant
from placements.domain.decisions import require_place
from placements.domain.locks import approval_of, lock_placement
from placements.domain.notifications import COORDINATOR, all_ids, notify_users, post_thread_event
from placements.models import Approval, Placement
from placements.states import ApprovalState, PlacementState

LETTER = "letter"
"""The entry of the history about the first invitation letter that was issued."""


@transaction.atomic
def take_back_approval(approval: Approval, *, by: User) -> Placement:
    """Take one's own approval back, by the rules of `exchange.core.transitions`; a placement that it confirmed waits for approval again.

    Raises Refusal to anyone but who approved, StaleError when it is no longer approved, DomainError `too-late` after TAKE_BACK, `acted-on`
    when the placement was returned or ended, another country has approved after it, or an invitation letter was issued. Notifies everybody.
    """
    require_transition(approval, "take_back", by)
    lock_placement(approval.placement)
    approval = approval_of(approval.placement, approval.country)
    placement = approval.placement
    if approval.state == ApprovalState.WAITING and _last_act(approval) == ("take_back", by.pk):
        return placement
    if approval.state != ApprovalState.APPROVED:
        raise StaleError
    if placement.state == PlacementState.CONFIRMED and approval.decided_by_id == by.pk:
        later = [row for row in placement.approvals.all() if row.pk != approval.pk and row.state_since > approval.state_since]
        if later or letter_was_issued(placement):
            raise acted_on()
    require_recent(approval, approval.transitions["take_back"], by)
    if placement.state == PlacementState.CONFIRMED:
        apply_transition(placement, "unconfirm", by=None, confirmed_at=None)
    elif placement.state != PlacementState.PENDING:
        raise acted_on()
    what = approval.transitions["take_back"].done
    apply_transition(approval, "take_back", by=by, decided_by=None, decided_at=None)
    Approval.objects.filter(pk=approval.pk).update(reason="", note="")
    post_thread_event(placement, "approval_taken_back")
    notify_users(placement, all_ids(placement), "placement_taken_back", but=by, what=what)
    return placement


@transaction.atomic
def take_back_cancel(placement: Placement, *, by: User) -> Placement:
    """Take one's own cancellation back: the placement and its place return as they were. Notifies everybody.

    Raises Refusal to anyone but who cancelled, StaleError when it is not cancelled, DomainError `too-late` after TAKE_BACK, `no-places`
    when the place was offered to somebody else, `program-over` when the programme has ended.
    """
    transition = require_transition(placement, "take_back_cancel", by)
    program = lock_placement(placement)
    if placement.state in transition.targets and _last_act(placement) == ("take_back_cancel", by.pk):
        return placement
    if placement.state != PlacementState.CANCELLED:
        raise StaleError
    require_recent(placement, transition, by)
    restore_place(placement.application)
    if state_before(placement, transition) == PlacementState.CONFIRMED:
        require_place(placement, program)
    apply_transition(placement, "take_back_cancel", by=by, cancelled_by=None)
    post_thread_event(placement, "cancel_taken_back")
    notify_users(placement, all_ids(placement), "placement_taken_back", but=by, what=transition.done)
    return placement


@transaction.atomic
def close_after_take_back(application: Application, *, by: User) -> None:
    """Close the placement of an application whose acceptance is taken back; the coordinators leave the conversation and are notified.

    Raises DomainError `acted-on` when a country has decided already.
    """
    placement = Placement.objects.filter(application=application).first()
    if placement is None:
        return
    lock_placement(placement)
    undecided = all(approval.state == ApprovalState.WAITING for approval in placement.approvals.all())
    if placement.state != PlacementState.PENDING or not undecided:
        raise acted_on()
    what = placement.transitions["withdraw"].done
    apply_transition(placement, "withdraw", by=None)
    readers = [pk for pk in all_ids(placement) if pk != placement.expert.user_id]
    notify_users(placement, readers, "placement_taken_back", but=by, what=what)
    thread = placement.application.thread
    if thread is not None:
        present = Participant.objects.filter(thread=thread, left_at__isnull=True, capacity=COORDINATOR)
        remove_participants(thread, sorted(present.values_list("user_id", flat=True)))
        set_thread_link(thread, application.get_absolute_url())


def country_has_decided(application: Application) -> bool:
    """Whether a country has decided on the placement of this application."""
    decided = ~Q(state=ApprovalState.WAITING)
    return Approval.objects.filter(decided, placement__application=application).exists()


@transaction.atomic
def record_letter(placement: Placement, *, by: User) -> None:
    """Record that an invitation letter is issued, once for each confirmation: the approval can no longer be taken back then."""
    stored = Placement.objects.select_for_update(of=("self",)).get(pk=placement.pk)
    if stored.state == PlacementState.CONFIRMED and not letter_was_issued(stored):
        record_history(stored, transition=LETTER, by=by)


def letter_was_issued(placement: Placement) -> bool:
    """Whether somebody has downloaded the invitation letter since the placement was confirmed."""
    return history_of(placement).filter(transition=LETTER, at__gte=placement.confirmed_at or placement.state_since).exists()


def acted_on() -> DomainError:
    """The refusal when another side has acted."""
    return DomainError(_("Somebody has acted on it meanwhile: it can no longer be taken back."), code="acted-on", status=409)


def _last_act(subject: Approval | Placement) -> tuple[str, int | None] | None:
    found: tuple[str, int | None] | None = history_of(subject).exclude(after="").values_list("transition", "actor_id").last()
    return found
