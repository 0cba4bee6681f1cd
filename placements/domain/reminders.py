"""The clock of approvals: a word when one is due soon, when it is late, and when it stays late. Each once a question."""

import datetime

from django.db import transaction
from django.utils import timezone

from placements.domain.notifications import about, decider_ids, notify_users, secretariat_ids
from placements.models import Approval
from placements.rules import ESCALATE_DAYS, SOON_DAYS
from placements.states import ApprovalState, PlacementState, Reminder
from profiles.domain.coordinators import coordinator_ids


def remind_countries(today: datetime.date | None = None) -> int:
    """Remind of every waiting approval that has become due soon, overdue, or late beyond patience. Returns how many were.

    Due soon goes to those who may decide; overdue to everybody who acts for the country, deputies included; what is late by
    ESCALATE_DAYS more to the secretariat. Each in a transaction of its own, and each once, whoever else runs this beside.
    """
    today = today or timezone.now().date()
    stages = {
        Reminder.DUE: today + datetime.timedelta(days=SOON_DAYS),
        Reminder.OVERDUE: today - datetime.timedelta(days=1),
        Reminder.ESCALATED: today - datetime.timedelta(days=ESCALATE_DAYS),
    }
    waiting = Approval.objects.filter(state=ApprovalState.WAITING, placement__state=PlacementState.PENDING)
    told = 0
    for stage in sorted(stages, reverse=True):
        late = waiting.filter(due_on__lte=stages[stage], reminder__lt=stage)
        for approval in late.select_related("placement__program__institution", "placement__expert").order_by("pk"):
            told += _remind(approval, stage)
    return told


@transaction.atomic
def _remind(approval: Approval, stage: Reminder) -> bool:
    """Tell those concerned, if nobody has in the meantime and the question is still the same."""
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
        key=f"{approval.country}:{approval.seen}",
        **about(approval),
    )
    return True
