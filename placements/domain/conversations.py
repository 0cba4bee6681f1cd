"""Coordinators as participants of placement threads: added while they act for a country, removed when they no longer do."""

from django.db import transaction
from django.db.models import Q

from accounts.domain.coordinators import current
from accounts.models import CoordinatorAppointment
from messaging.domain.threads import add_participants, remove_participants
from messaging.models import Participant
from placements.domain.notifications import COORDINATOR
from placements.models import Placement


@transaction.atomic
def follow_access(user_id: int) -> int:
    """Add a user to, or remove from, placement threads, by the countries they act for today. Returns how many threads they joined or left."""
    appointments = CoordinatorAppointment.objects.filter(current(), user_id=user_id, user__is_active=True)
    countries = set(appointments.values_list("country", flat=True))
    present = Participant.objects.filter(user_id=user_id, left_at__isnull=True)
    placed = "thread__application__placement__"
    outdated = (
        present.filter(capacity=COORDINATOR, **{f"{placed}isnull": False})
        .exclude(Q(**{f"{placed}sending_country__in": countries}) | Q(**{f"{placed}host_country__in": countries}))
        .select_related("thread")
    )
    leaving = [row.thread for row in outdated]
    for thread in leaving:
        remove_participants(thread, [user_id])
    missing = (
        Placement.objects.alive()
        .filter(Q(sending_country__in=countries) | Q(host_country__in=countries), application__thread__isnull=False)
        .exclude(expert__user_id=user_id)
        .exclude(application__thread__in=present.values("thread"))
        .select_related("application__thread")
        .order_by("pk")
    )
    joining = [placement.application.thread for placement in missing]
    for one in joining:
        if one is not None:
            add_participants(one, [user_id], capacity=COORDINATOR)
    return len(leaving) + len(joining)


def follow_calendar() -> int:
    """The same for all present and former coordinators: appointments begin and end by date, for which there is no signal."""
    appointed = CoordinatorAppointment.objects.values_list("user_id", flat=True)
    present = Participant.objects.filter(capacity=COORDINATOR, left_at__isnull=True).values_list("user_id", flat=True)
    return sum(follow_access(user_id) for user_id in sorted({*appointed, *present}))
