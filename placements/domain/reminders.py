"""Reminders of approvals: when one is due soon, when it is overdue, and when it stays overdue. Each is sent once per request."""

import datetime

from django.db import transaction
from django.utils import timezone

from accounts.domain.coordinators import coordinator_ids
from placements.domain.notifications import about, decider_ids, notify_users, secretariat_ids
from placements.models import Approval
from placements.rules import ESCALATE_DAYS, SOON_DAYS
from placements.states import ApprovalState, PlacementState, Reminder


def remind_countries(today: datetime.date | None = None) -> int:
    """Send the reminder for every open approval that is due soon, overdue, or overdue by ESCALATE_DAYS. Returns how many were sent.

    Due soon goes to those who may decide; overdue to everybody who acts for the country, deputies included; what is overdue by
    ESCALATE_DAYS to the secretariat. Each is sent in its own transaction, and once, even when the task runs twice at the same time.
    """
    today = today or timezone.now().date()
    stages = {
        Reminder.DUE: today + datetime.timedelta(days=SOON_DAYS),
        Reminder.OVERDUE: today - datetime.timedelta(days=1),
        Reminder.ESCALATED: today - datetime.timedelta(days=ESCALATE_DAYS),
    }
    waiting = Approval.objects.filter(state=ApprovalState.WAITING, placement__state=PlacementState.PENDING)
    reminded = 0
    for stage in sorted(stages, reverse=True):
        late = waiting.filter(due_on__lte=stages[stage], reminder__lt=stage)
        for approval in late.select_related("placement__program__institution", "placement__expert").order_by("pk"):
            reminded += _remind(approval, stage)
    return reminded


@transaction.atomic
def _remind(approval: Approval, stage: Reminder) -> bool:
    """Send the reminder, unless it was sent meanwhile or the request has changed."""
    same = Approval.objects.filter(pk=approval.pk, state=ApprovalState.WAITING, asked_at=approval.asked_at, reminder__lt=stage)
    if not same.update(reminder=stage):
        return False
    placement = approval.placement
    readers = {
        Reminder.DUE: lambda: decider_ids(placement, approval.country),
        Reminder.OVERDUE: lambda: coordinator_ids(approval.country),
        Reminder.ESCALATED: secretariat_ids,
    }[stage]()
    kind = {Reminder.DUE: "approval_due", Reminder.OVERDUE: "approval_overdue", Reminder.ESCALATED: "approval_escalated"}[stage]
    notify_users(
        placement,
        [pk for pk in readers if pk != placement.expert.user_id],
        kind,
        key=f"{approval.country}:{approval.version}",
        **about(approval),
    )
    return True
