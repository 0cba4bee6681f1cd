"""Queries of the register: the agreement covering a stay, the list, expiring agreements."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from exchange.core.countries import Country
from exchange.core.history import history_of
from exchange.core.models import History
from partnerships.models import Agreement
from partnerships.rules import SOON_DAYS

STATES = ("valid", "expiring", "future", "expired")


def covering_agreement(host_institution_id: int | None, home_institution_id: int | None, day: datetime.date) -> Agreement | None:
    """The agreement of these two institutions in force on `day`, the one with the latest end; None when there is none."""
    if host_institution_id is None or home_institution_id is None:
        return None
    found: Agreement | None = (
        Agreement.objects.between(host_institution_id, home_institution_id)
        .valid_on(day)
        .order_by(F("valid_until").desc(nulls_first=True), "-valid_from", "-pk")
        .first()
    )
    return found


@dataclass(frozen=True)
class AgreementFilters:
    """Filters of the list of agreements; unknown values are ignored."""

    state: str = ""
    country: str = ""

    @classmethod
    def read(cls, query: Any) -> "AgreementFilters":
        state, country = query.get("state", ""), query.get("country", "")
        return cls(state if state in STATES else "", country.upper()[:2])

    @property
    def count(self) -> int:
        return bool(self.state) + bool(self.country)


def agreements_for(user: User, filters: AgreementFilters) -> QuerySet[Agreement]:
    """The agreements visible to this user that match the filters, with both parties."""
    rows = Agreement.objects.visible_to(user).in_state(filters.state, timezone.now().date())
    if filters.country:
        rows = rows.filter(Q(first__country=filters.country) | Q(second__country=filters.country))
    found: QuerySet[Agreement] = rows.select_related("first", "second")
    return found


def expiring_agreements(
    user: User, countries: frozenset[str] | set[str] | None = None, *, days: int = SOON_DAYS
) -> QuerySet[Agreement]:
    """Agreements visible to this user that end within `days`, soonest first; of `countries` only when given."""
    today = timezone.now().date()
    rows = Agreement.objects.visible_to(user).filter(valid_until__range=(today, today + datetime.timedelta(days=days)))
    if countries is not None:
        rows = rows.filter(Q(first__country__in=countries) | Q(second__country__in=countries))
    found: QuerySet[Agreement] = rows.select_related("first", "second").order_by("valid_until", "pk")
    return found


def agreement_history(agreement: Agreement) -> QuerySet[History]:
    """The history of an agreement, newest first."""
    return history_of(agreement).order_by("-pk")


def party_countries(user: User) -> list[tuple[str, str]]:
    """The countries of the parties of visible agreements, as choices of a filter."""
    pairs = Agreement.objects.visible_to(user).order_by().values_list("first__country", "second__country").distinct()
    found = {code for pair in pairs for code in pair}
    return [(country.value, str(country.label)) for country in Country if country.value in found]
