"""Creates the placement when an offer is accepted."""

import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from applications.models import Application
from exchange.core.history import record_history
from exchange.core.transitions import apply_transition
from partnerships.domain.queries import covering_agreement
from partnerships.models import Agreement
from placements.domain.locks import lock_placement
from placements.domain.notifications import ask_country, join_coordinators, post_thread_event
from placements.models import Approval, Placement
from placements.states import ApprovalState, PlacementState, Reminder, Side
from programs.domain.seats import lock_program
from programs.models import Program


@transaction.atomic
def create_placement(application: Application, *, by: User | None) -> Placement:
    """Create the placement of an accepted application, with one approval per country, requested at once; returns an existing one
    unchanged. One that was closed because its acceptance was taken back is opened again.

    Looks up the agreement that covers the stay, adds the coordinators of both countries to the conversation, asks them to decide
    within the programme's `approval_days`.
    """
    program = lock_program(application.program_id)
    expert = application.expert
    placement, made = Placement.objects.get_or_create(
        application=application,
        defaults={
            "program": program,
            "expert": expert,
            "sending_country": application.country,
            "host_country": program.country,
            "starts": program.starts,
            "ends": program.ends,
            "is_demo": program.is_demo or expert.is_demo,
            "agreement": agreement_for(program, expert.affiliation_id, program.starts),
        },
    )
    if not made:
        return _renew(placement, program) if placement.state == PlacementState.CANCELLED else placement
    sides = {placement.sending_country: Side.SENDING, placement.host_country: Side.HOST}
    due_on = due_date(program)
    approvals = [Approval(placement=placement, country=country, side=side, due_on=due_on) for country, side in sides.items()]
    Approval.objects.bulk_create(approvals)
    record_history(placement, transition="create", by=by, after=PlacementState.PENDING)
    for approval in approvals:
        record_history(approval, transition="ask", by=None, after=ApprovalState.WAITING)
    lock_placement(placement)
    _ask_all(placement)
    return placement


def _renew(placement: Placement, program: Program) -> Placement:
    """The offer is accepted again: the same placement waits again, and every country is asked anew."""
    lock_placement(placement)
    apply_transition(placement, "renew", by=None)
    fresh = {"asked_at": timezone.now(), "due_on": due_date(program), "reminder": Reminder.NONE}
    placement.approvals.all().update(**fresh)
    for approval in placement.approvals.all():
        for name, value in fresh.items():
            setattr(approval, name, value)
    _ask_all(placement)
    return placement


def _ask_all(placement: Placement) -> None:
    join_coordinators(placement)
    post_thread_event(placement, "created")
    for approval in placement.approvals.all():
        ask_country(placement, approval)


def agreement_for(program: Program, home_institution_id: int | None, day: datetime.date) -> Agreement | None:
    """The agreement between the host and the institution an expert comes from, in force on that day."""
    return covering_agreement(program.institution_id, home_institution_id, day)


def due_date(program: Program) -> datetime.date:
    """When a decision that is requested today is due."""
    return timezone.now().date() + datetime.timedelta(days=program.approval_days)
