"""Reading the register: which agreement covers a stay, the list, what expires."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from exchange.core.countries import Country
from exchange.core.history import history_of
from exchange.core.models import History
from partnerships.models import Agreement
from partnerships.rules import SOON_DAYS
from profiles.models import User

STATES = ("valid", "expiring", "future", "expired")


def covering_agreement(host_institution_id: int | None, home_institution_id: int | None, day: datetime.date) -> Agreement | None:
    """The agreement of these two institutions in force on `day`, the one that lasts longest; None when there is none."""
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
    """What a list of agreements is narrowed to; unknown values count as none."""

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
    """The agreements this reader sees, narrowed, with both parties."""
    rows = Agreement.objects.visible_to(user).in_state(filters.state, timezone.now().date())
    if filters.country:
        rows = rows.filter(Q(first__country=filters.country) | Q(second__country=filters.country))
    found: QuerySet[Agreement] = rows.select_related("first", "second")
    return found


def expiring_agreements(
    user: User, countries: frozenset[str] | set[str] | None = None, *, days: int = SOON_DAYS
) -> QuerySet[Agreement]:
    """Agreements this reader sees that end within `days`, soonest first; of some countries only when these are named."""
    today = timezone.now().date()
    rows = Agreement.objects.visible_to(user).filter(valid_until__range=(today, today + datetime.timedelta(days=days)))
    if countries is not None:
        rows = rows.filter(Q(first__country__in=countries) | Q(second__country__in=countries))
    found: QuerySet[Agreement] = rows.select_related("first", "second").order_by("valid_until", "pk")
    return found


def agreement_history(agreement: Agreement) -> QuerySet[History]:
    """Who entered and changed it, newest first."""
    return history_of(agreement).order_by("-pk")


def party_countries(user: User) -> list[tuple[str, str]]:
    """The countries of the parties of what this reader sees, as choices of a filter."""
    pairs = Agreement.objects.visible_to(user).order_by().values_list("first__country", "second__country").distinct()
    found = {code for pair in pairs for code in pair}
    return [(country.value, str(country.label)) for country in Country if country.value in found]
