"""Statistics of a year for the desk: placements by country, the balance with each partner, the time to approval.

These are counts of confirmed placements between all six countries, without names: the statistics that the countries publish together. The
placements behind them are only read through `visible_to`.
"""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, FloatField, Q
from django.db.models.functions import Extract
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exchange.core.countries import Country
from placements.models import Approval, Placement
from placements.states import ApprovalState, PlacementState

DAY_SECONDS = 86_400
LOOK_BACK_DAYS = 365
SLOW = 0.9


@dataclass(frozen=True)
class Flows:
    """Confirmed placements whose stay begins in one year, by sending and host country."""

    year: int
    counts: dict[tuple[str, str], int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def columns(self) -> Sequence[str]:
        return Country.values

    @property
    def rows(self) -> list[tuple[str, list[int | None]]]:
        """A row for each sending country: its code and a number for each host country; None where a country would host its own experts."""
        return [(sender.value, [self.number(sender, host) for host in Country.values]) for sender in Country]

    def number(self, sender: str, host: str) -> int | None:
        found = self.counts.get((sender, host), 0)
        return None if sender == host and not found else found

    def balance(self, countries: Collection[str]) -> list["Balance"]:
        """The balance with each partner of these countries, the busiest first."""
        rows = []
        for partner in Country.values:
            if partner in countries:
                continue
            out = sum(self.counts.get((country, partner), 0) for country in countries)
            back = sum(self.counts.get((partner, country), 0) for country in countries)
            if out + back:
                rows.append(Balance(partner, out, back))
        return sorted(rows, key=lambda row: -(row.sent + row.hosted))


@dataclass(frozen=True)
class Balance:
    """How many went to a partner and how many came from there."""

    partner: str
    sent: int
    hosted: int

    @property
    def share(self) -> float:
        return self.sent / (self.sent + self.hosted)

    @property
    def text(self) -> str:
        return _("sent: %(out)s, hosted: %(in)s") % {"out": self.sent, "in": self.hosted}

    @property
    def tone(self) -> str:
        """`warning` when one side of the balance is zero."""
        return "warning" if not self.sent or not self.hosted else ""


def flows(year: int) -> Flows:
    """Confirmed placements of a year by sending and host country, in one query."""
    rows = Placement.objects.filter(state=PlacementState.CONFIRMED, starts__year=year).order_by()
    counted = rows.values_list("sending_country", "host_country").annotate(Count("pk"))
    return Flows(year, {(sender, host): number for sender, host, number in counted})


class Percentile(Aggregate):
    """A percentile, interpolated between two rows."""

    function = "percentile_cont"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True)
class TimeToApproval:
    """Days between request and approval: the median and the slowest tenth of these countries, the median of all; None without approvals."""

    median: float | None
    slowest: float | None
    everywhere: float | None

    @property
    def lines(self) -> list[tuple[str, str]]:
        named = ((_("Median"), self.median), (_("Slowest 10 per cent"), self.slowest), (_("All countries"), self.everywhere))
        return [(label, format_days(days)) for label, days in named]


def time_to_approval(countries: Collection[str]) -> TimeToApproval:
    """How long approvals took in the year that ends today, in one query."""
    since = timezone.now() - datetime.timedelta(days=LOOK_BACK_DAYS)
    taken = ExpressionWrapper(F("decided_at") - F("asked_at"), output_field=DurationField())
    days = Extract(taken, "epoch") / DAY_SECONDS
    mine = Q(country__in=tuple(countries))
    found = Approval.objects.filter(state=ApprovalState.APPROVED, decided_at__gte=since).aggregate(
        median=Percentile(days, fraction=0.5, filter=mine),
        slowest=Percentile(days, fraction=SLOW, filter=mine),
        everywhere=Percentile(days, fraction=0.5),
    )
    return TimeToApproval(**found)


def format_days(days: float | None) -> str:
    """Whole days, or less than one; a dash when there is nothing to count."""
    if days is None:
        return "–"
    whole = round(days)
    if whole < 1:
        return _("less than a day")
    return ngettext("%(days)s day", "%(days)s days", whole) % {"days": whole}


def flows_table(year: int) -> list[list[str]]:
    """The flows as rows of a table for download, headings first."""
    found = flows(year)
    head = [_("From \\ to"), *(str(country.label) for country in Country)]
    return [
        head,
        *(
            [str(Country(code).label), *("" if number is None else str(number) for number in numbers)]
            for code, numbers in found.rows
        ),
    ]
