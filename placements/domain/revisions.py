"""What expert and host may do with their placement: revise and send it again, or cancel it."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from applications.domain.offers import release_place
from exchange.core.errors import DomainError, StaleError
from exchange.core.history import history_of, record_history
from exchange.core.transitions import apply_transition, require_transition
from placements.domain.creation import agreement_for, due_date
from placements.domain.decisions import require_note
from placements.domain.locks import lock_placement
from placements.domain.notifications import REASONS, all_ids, ask_country, notify_users, post_thread_event
from placements.models import Placement
from placements.signals import placement_closed
from placements.states import ApprovalState, Reminder


@transaction.atomic
def resubmit_placement(
    placement: Placement, *, by: User, note: str, starts: datetime.date | None = None, ends: datetime.date | None = None
) -> Placement:
    """Send a returned placement to the countries again, with a note on what was revised and perhaps other dates within the programme.

    The country that returned it is asked again; other approvals remain valid, unless the dates changed: then all countries are asked again.
    Raises Refusal to anyone but the expert and the host's owners and editors, DomainError `dates` for days outside the programme
    and `note-needed`, StaleError when it is not returned for revision.
    """
    require_transition(placement, "resubmit", by)
    program = lock_placement(placement)
    if _is_duplicate_request(placement, "resubmit", by):
        return placement
    note = require_note(note)
    dates = (starts or placement.starts, ends or placement.ends)
    if dates[1] < dates[0]:
        raise DomainError(_("The end date is before the start date."), code="dates")
    if dates[0] < program.starts or dates[1] > program.ends:
        raise DomainError(_("The dates must lie within those of the programme."), code="dates")
    moved = dates != (placement.starts, placement.ends)
    before = [placement.starts.isoformat(), placement.ends.isoformat()]
    agreement = agreement_for(program, placement.expert.affiliation_id, dates[0])
    apply_transition(placement, "resubmit", by=by, note=note, starts=dates[0], ends=dates[1], agreement=agreement)
    if moved:
        after = [placement.starts.isoformat(), placement.ends.isoformat()]
        record_history(placement, transition="dates", by=by, data={"before": before, "after": after})
    _ask_again(placement, everybody=moved)
    post_thread_event(placement, "resubmitted")
    return placement


def _ask_again(placement: Placement, *, everybody: bool) -> None:
    """Set a new due date where a decision is still missing, and ask those countries again whose approval is no longer valid."""
    now, due_on = timezone.now(), due_date(placement.program)
    for approval in placement.approvals.all():
        fresh: dict[str, Any] = {"due_on": due_on, "reminder": Reminder.NONE}
        if approval.state == ApprovalState.WAITING:
            fresh |= {"asked_at": now} if everybody else {}
            type(approval).objects.filter(pk=approval.pk).update(**fresh)
            for name, value in fresh.items():
                setattr(approval, name, value)
        elif approval.state == ApprovalState.RETURNED or everybody:
            apply_transition(approval, "ask_again", by=None, asked_at=now, decided_by=None, decided_at=None, **fresh)
            approval.reason = approval.note = ""
            approval.save(update_fields=["reason", "note"])
        else:
            continue
        ask_country(placement, approval)


@transaction.atomic
def cancel_placement(placement: Placement, *, by: User | None, note: str = "", reason: str = "") -> Placement:
    """Cancel a placement, with a note that everybody concerned reads; its place is offered to the waitlist.

    Raises Refusal to anyone but the expert and the host's owners (`by=None` is the system, which gives a reason instead of a note),
    DomainError `note-needed` and `not-now` when the stay is over, StaleError when it has ended already.
    """
    transition = require_transition(placement, "cancel", by)
    lock_placement(placement)
    if _is_duplicate_request(placement, "cancel", by):
        return placement
    if by is not None:
        note = require_note(note)
        blocked_reason = placement.blocked_reason(transition, by)
        if blocked_reason:
            raise DomainError(blocked_reason, code="not-now", status=409)
    apply_transition(placement, "cancel", by=by, reason=reason, note=note, cancelled_by=by)
    post_thread_event(placement, "cancelled")
    notify_users(placement, all_ids(placement), "placement_cancelled", but=by, note=note or REASONS.get(reason, ""))
    placement_closed.send(Placement, placement=placement)
    release_place(placement.application)
    return placement


def _is_duplicate_request(placement: Placement, transition: str, by: User | None) -> bool:
    """Whether the last entry of the history is this transition by this user: a double click. Raises StaleError when it cannot be made."""
    last = history_of(placement).exclude(after="").values_list("transition", "actor_id").last()
    if by is not None and last == (transition, by.pk):
        return True
    if placement.state not in placement.transitions[transition].sources:
        raise StaleError
    return False
