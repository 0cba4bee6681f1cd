"""Locks a placement before it is changed. The order is the same everywhere: programme, application, placement, thread."""

from django.db.models import Prefetch, prefetch_related_objects

from applications.models import Application
from placements.models import Approval, Placement
from programs.domain.seats import lock_program
from programs.models import Program


def lock_placement(placement: Placement) -> Program:
    """Lock the programme, the application, the placement and its approvals, and reload the given instance.

    Returns the locked programme; under its lock places may be counted.
    """
    program = lock_program(placement.program_id)
    application = Application.objects.select_for_update(of=("self",)).select_related("thread").get(pk=placement.application_id)
    rows = Placement.objects.select_for_update(of=("self",)).select_related("expert", "agreement")
    placement.refresh_from_db(from_queryset=rows)
    placement.program, placement.application = program, application
    application.program, application.expert = program, placement.expert
    approvals = Approval.objects.select_for_update(of=("self",)).order_by("pk")
    prefetch_related_objects([placement], Prefetch("approvals", approvals))
    return program


def approval_of(placement: Placement, country: str) -> Approval:
    """The approval of one country, of a locked placement. Raises Approval.DoesNotExist."""
    for approval in placement.approvals.all():
        if approval.country == country:
            return approval
    raise Approval.DoesNotExist
