"""Moves applications when two profiles are merged, and back when they are separated again."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.states import HOLDING_SEAT, WITH_HOST
from exchange.core.errors import DomainError
from messaging.domain.membership import join_threads, leave_threads
from messaging.models import Thread
from profiles.models import ExpertProfile

CAPACITY = "expert"
OPEN_STATES = (*WITH_HOST, *HOLDING_SEAT)


@transaction.atomic
def reassign_applications(target_id: int, source_id: int) -> list[int]:
    """Reassign the applications of the source profile to the target, and add the target's user to their threads. Returns their ids.

    Where both applied to one programme, the target's application counts; refused while the source's is still open.
    """
    twice = Application.objects.filter(
        expert_id=source_id, program__in=Application.objects.filter(expert_id=target_id).values("program")
    )
    if twice.filter(state__in=OPEN_STATES).exists():
        raise DomainError(
            _("Both profiles have applied to the same programme. Withdraw one application, or keep the other profile."),
            code="applied-twice",
        )
    target_back = set(twice.values_list("pk", flat=True))
    rows = Application.objects.select_for_update(of=("self",)).filter(expert_id=source_id).order_by("pk")
    ids = [pk for pk in rows.values_list("pk", flat=True) if pk not in target_back]
    _hand_over(ids, to=target_id, away_from=source_id)
    return ids


@transaction.atomic
def reassign_back(ids: list[int], target_id: int, source_id: int) -> None:
    """Reassign those of these applications that still belong to the target back to the source."""
    rows = Application.objects.select_for_update(of=("self",)).filter(pk__in=ids, expert_id=target_id).order_by("pk")
    _hand_over(list(rows.values_list("pk", flat=True)), to=source_id, away_from=target_id)


def _hand_over(ids: list[int], *, to: int, away_from: int) -> None:
    threads = Thread.objects.filter(application__in=ids)
    users = dict(ExpertProfile.objects.filter(pk__in=(to, away_from)).values_list("pk", "user_id"))
    Application.objects.filter(pk__in=ids).update(expert_id=to)
    if ids and users.get(away_from):
        leave_threads(threads, users[away_from], capacity=CAPACITY)
    if ids and users.get(to):
        join_threads(threads, users[to], capacity=CAPACITY)
