"""Who acts for a country today, and the changes to that."""

import datetime

from django.db.models import Q
from django.utils import timezone

from profiles.models import CoordinatorAppointment


def current(on: datetime.date | None = None) -> Q:
    """Appointments that hold on a day (today without one)."""
    day = on or timezone.now().date()
    return Q(starts__lte=day) & (Q(ends__isnull=True) | Q(ends__gte=day))


def coordinator_ids(country: str) -> list[int]:
    """Accounts that act for a country today, appointees and deputies; each once, deactivated ones left out."""
    rows = CoordinatorAppointment.objects.filter(current(), country=country, user__is_active=True)
    return sorted(rows.values_list("user_id", flat=True).distinct())
