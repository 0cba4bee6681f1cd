"""Tasks of users in placements: decisions of their countries, and placements returned to them."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import access_of
from messaging.domain.my_tasks import TaskItem, task_providers
from placements.models import Approval, Placement
from placements.rules import ESCALATE_DAYS, due_status
from placements.states import ApprovalState, PlacementState

SHOWN = 20
"""At most so many decisions are listed; one more task links to the desk for the others."""


@task_providers.register()
def decisions_waiting(user: Any) -> Iterable[TaskItem]:
    """Approvals this coordinator may give, soonest due first."""
    if not access_of(user).countries:
        return
    rows = list(decidable(user).order_by("due_on", "pk"))
    today = timezone.now().date()
    for approval in rows[:SHOWN]:
        how = due_status(approval.asked_at.date(), approval.due_on, today)
        words = _("Decide on a placement: %(name)s") % {"name": approval.placement.expert}
        yield TaskItem(
            words, approval.placement.get_absolute_url(), due=approval.due_on, tone="" if how.tone == "success" else how.tone
        )
    if len(rows) > SHOWN:
        more = len(rows) - SHOWN
        words = ngettext("%(count)s more placement to decide", "%(count)s more placements to decide", more) % {"count": more}
        yield TaskItem(words, reverse("desk_coordinator"), due=rows[SHOWN].due_on, count=more)


@task_providers.register()
def overdue_decisions(user: Any) -> Iterable[TaskItem]:
    """For the secretariat: placements on which a country has not decided within ESCALATE_DAYS after the due date, longest overdue first."""
    if not access_of(user).secretariat:
        return
    limit = timezone.now().date() - datetime.timedelta(days=ESCALATE_DAYS)
    late = Approval.objects.filter(state=ApprovalState.WAITING, placement__state=PlacementState.PENDING, due_on__lte=limit)
    first = late.filter(placement=OuterRef("pk")).order_by("due_on").values("due_on")[:1]
    rows = Placement.objects.annotate(due_on=Subquery(first)).filter(due_on__isnull=False).select_related("expert")
    for placement in rows.order_by("due_on", "pk")[:SHOWN]:
        words = _("A country has not decided: %(name)s") % {"name": placement.expert}
        yield TaskItem(words, placement.get_absolute_url(), due=placement.due_on, tone="danger")


def decidable(user: Any) -> Any:
    """Waiting approvals of this person's countries, without placements in which they or their institution take part."""
    access = access_of(user)
    return (
        Approval.objects.tasks_of(user)
        .exclude(placement__expert__user_id=access.user_id or 0)
        .exclude(placement__program__institution_id__in=access.institutions)
        .exclude(placement__expert__affiliation_id__in=access.institutions)
        .select_related("placement__expert")
    )


@task_providers.register()
def revisions_waiting(user: Any) -> Iterable[TaskItem]:
    """Placements returned to this expert, or to the institutions they decide for."""
    access = access_of(user)
    if access.expert_id is None and not access.edited_institutions:
        return
    mine = Q(expert_id=access.expert_id) if access.expert_id else Q(pk__in=[])
    hosted = Q(program__institution_id__in=access.edited_institutions)
    rows = Placement.objects.filter(mine | hosted, state=PlacementState.RETURNED).select_related("program", "expert")
    for placement in rows.order_by("state_since", "pk")[:SHOWN]:
        own = placement.expert_id == access.expert_id
        words = _("Revise and send again: %(what)s") % {"what": placement.program.title if own else placement.expert}
        yield TaskItem(words, placement.get_absolute_url(), tone="warning")
