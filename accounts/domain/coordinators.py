"""Appointments of coordinators: who acts for a country today, and changes."""

import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import access_of, forget_access
from accounts.models import CoordinatorAppointment, User
from accounts.signals import access_changed
from exchange.core.access import require
from exchange.core.errors import DomainError
from exchange.core.history import record_history


def current(on: datetime.date | None = None) -> Q:
    """Appointments in force on a day, by default today."""
    day = on or timezone.now().date()
    return Q(starts__lte=day) & (Q(ends__isnull=True) | Q(ends__gte=day))


def coordinator_ids(country: str) -> list[int]:
    """Accounts that act for a country today, appointees and deputies; each once, without deactivated ones."""
    rows = CoordinatorAppointment.objects.filter(current(), country=country, user__is_active=True)
    return sorted(rows.values_list("user_id", flat=True).distinct())


def all_appointments() -> "QuerySet[CoordinatorAppointment]":
    """Every appointment with its user and whose deputy it is: by country, the last begun first."""
    rows = CoordinatorAppointment.objects.select_related("user", "deputy_of__user")
    return rows.order_by("country", "-starts", "-pk")


def can_appoint(user: User | None) -> bool:
    """The secretariat and superusers appoint (`by=None` is the system)."""
    return user is None or access_of(user).secretariat or user.is_superuser


@transaction.atomic
def appoint_coordinator(
    user: User,
    *,
    country: str,
    by: User | None,
    starts: datetime.date | None = None,
    ends: datetime.date | None = None,
    deputy_of: CoordinatorAppointment | None = None,
) -> CoordinatorAppointment:
    """Appoint a user as coordinator of a country between two dates. Refuses a deputy for another country. Sends `access_changed`."""
    require(can_appoint(by))
    first = starts or timezone.now().date()
    _check(country, first, ends, deputy_of)
    appointment = CoordinatorAppointment.objects.create(user=user, country=country, starts=first, ends=ends, deputy_of=deputy_of)
    record_history(appointment, transition="appoint", by=by, after=country, data={"user": user.pk})
    _notify(user)
    return appointment


@transaction.atomic
def change_appointment(
    appointment: CoordinatorAppointment,
    *,
    by: User | None,
    starts: datetime.date,
    ends: datetime.date | None,
    deputy_of: CoordinatorAppointment | None = None,
) -> CoordinatorAppointment:
    """Change the dates of an appointment, or whose deputy it is, but not its user or country. Sends `access_changed`."""
    require(can_appoint(by))
    _check(appointment.country, starts, ends, deputy_of)
    appointment.starts, appointment.ends, appointment.deputy_of = starts, ends, deputy_of
    appointment.save(update_fields=["starts", "ends", "deputy_of"])
    dates = {"starts": starts.isoformat(), "ends": ends.isoformat() if ends else None}
    record_history(appointment, transition="change", by=by, before=appointment.country, after=appointment.country, data=dates)
    _notify(appointment.user)
    return appointment


def end_appointment(appointment: CoordinatorAppointment, *, by: User | None) -> CoordinatorAppointment:
    """End an appointment yesterday; its decisions stay valid. Sends `access_changed`."""
    yesterday = timezone.now().date() - datetime.timedelta(days=1)
    starts = min(appointment.starts, yesterday)
    return change_appointment(appointment, by=by, starts=starts, ends=yesterday, deputy_of=appointment.deputy_of)


def _check(country: str, starts: datetime.date, ends: datetime.date | None, deputy_of: CoordinatorAppointment | None) -> None:
    if ends is not None and ends < starts:
        raise DomainError(_("The end date is before the start date."), code="dates")
    if deputy_of is not None and deputy_of.country != country:
        raise DomainError(_("A deputy acts for the country of the person they stand in for."), code="deputy")


def _notify(user: User) -> None:
    forget_access(user)
    access_changed.send(User, user_id=user.pk)
