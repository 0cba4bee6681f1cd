"""Reminders before an agreement ends."""

import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.domain.coordinators import coordinator_ids
from accounts.states import EDITING_ROLES
from institutions.domain.queries import team_ids
from messaging.domain.notifications import notify
from partnerships.models import Agreement
from partnerships.rules import WARNED_AT


def warn_of_endings(today: datetime.date | None = None) -> int:
    """Notify the coordinators of both countries and the owners and editors of both teams, once at each of WARNED_AT days before the end. Returns the number of agreements."""
    today = today or timezone.now().date()
    warned = 0
    for days in sorted(WARNED_AT):
        ending = Agreement.objects.filter(valid_until__range=(today, today + datetime.timedelta(days=days)))
        fresh = (
            ending.filter(Q(warned_days__isnull=True) | Q(warned_days__gt=days)).select_related("first", "second").order_by("pk")
        )
        for agreement in fresh:
            warned += _warn(agreement, days)
    return warned


@transaction.atomic
def _warn(agreement: Agreement, days: int) -> bool:
    """Send one reminder, unless it or a later one was sent meanwhile. Returns whether it was sent."""
    row = Agreement.objects.filter(pk=agreement.pk, valid_until=agreement.valid_until)
    if not row.filter(Q(warned_days__isnull=True) | Q(warned_days__gt=days)).update(warned_days=days):
        return False
    parties = (agreement.first, agreement.second)
    readers = [pk for country in {party.country for party in parties} for pk in coordinator_ids(country)]
    readers += [pk for party in parties for pk in team_ids(party.pk, EDITING_ROLES)]
    notify(
        readers,
        "agreement_expires",
        key=f"{agreement.pk}:{agreement.valid_until}:{days}",
        url=agreement.get_absolute_url(),
        title=dict(agreement.title),
        reference=agreement.reference,
        first=dict(agreement.first.name),
        second=dict(agreement.second.name),
        date=agreement.valid_until,
    )
    return True
