"""The fairness report: how often people of each country stand in the top-20 lists of open programmes, against their share of the pool.

No list uses country, gender, age or photograph to rank. The report shows whether the lists treat countries alike all the same.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from exchange.core.countries import Country
from matching.domain.people import SEEN_BY_HOSTS
from matching.domain.queries import proposed_to_anybody
from matching.models import Match
from programs.models import Program

TOP = 20


@dataclass(frozen=True)
class CountryRow:
    """One country: its pairs of person and programme in the pool and in the top lists, and both shares in percent."""

    label: str
    pool: int
    top: int
    pool_share: float
    top_share: float

    @property
    def ratio(self) -> float | None:
        """Share of the top lists over share of the pool: 1 is even. None without anybody in the pool."""
        return round(self.top_share / self.pool_share, 2) if self.pool_share else None


@dataclass(frozen=True)
class FairnessReport:
    """`programs` open programmes with at least one person; rows of countries that have anybody in the pool."""

    programs: int
    rows: list[CountryRow]

    @property
    def pool_bars(self) -> list[tuple[str, float]]:
        return [(row.label, row.pool_share) for row in self.rows]

    @property
    def top_bars(self) -> list[tuple[str, float]]:
        return [(row.label, row.top_share) for row in self.rows]


def fairness_report() -> FairnessReport:
    """The report of today, in three queries. The pool: everybody a host of an open programme would see as eligible."""
    pairs = _pairs()
    pool = dict(pairs.order_by().values_list("expert__country").annotate(n=Count("pk")))
    place = Window(RowNumber(), partition_by=F("program"), order_by=[F("host_score").desc(), F("pk").asc()])
    top = Counter(pairs.order_by().annotate(place=place).filter(place__lte=TOP).values_list("expert__country", flat=True))
    programs = pairs.order_by().values("program").distinct().count()
    rows = [
        CountryRow(str(label), pool[code], top[code], _share(pool[code], sum(pool.values())), _share(top[code], sum(top.values())))
        for code, label in Country.choices
        if pool.get(code)
    ]
    return FairnessReport(programs, rows)


def _pairs() -> "QuerySet[Any]":
    rows: Any = Match.objects.for_hosts().filter(
        program__in=Program.objects.open(),
        expert__audience__in=SEEN_BY_HOSTS,
        expert__shown_name__gt="",
    )
    return proposed_to_anybody(rows)


def _share(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0
