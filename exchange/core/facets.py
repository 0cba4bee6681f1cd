"""Faceted lists: filters in the URL, and the number of rows each option would give.

All counts of a page come from one query: the rows the user may see are read once, then counted for
every facet with the other facets applied, so a count is what one more click would show.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import QueryDict

from exchange.core.errors import Text

Option = tuple[str, str, int]


@dataclass(frozen=True)
class Facet:
    """One filter: its URL parameter `name`, the column it reads (an array column when `array`), and how values become labels.

    `labels` are all values that may be chosen, in their order; others in the URL are ignored.
    """

    name: str
    title: Text
    column: str
    labels: Mapping[str, Text]
    array: bool = False
    numeric: bool = False

    def chosen(self, params: QueryDict) -> list[str]:
        """The known values of this facet in the URL."""
        return [value for value in dict.fromkeys(params.getlist(self.name)) if value in self.labels]

    def values(self, params: QueryDict) -> list[Any]:
        return [int(value) if self.numeric else value for value in self.chosen(params)]

    def condition(self, params: QueryDict) -> Q:
        """Rows with any of the chosen values; everything when none is chosen."""
        values = self.values(params)
        if not values:
            return Q()
        return Q(**{f"{self.column}__{'overlap' if self.array else 'in'}": values})


@dataclass(frozen=True)
class FacetCounts:
    """One facet for the page: options (value, label, count) that are chosen or would give rows."""

    facet: Facet
    options: list[Option]

    @property
    def name(self) -> str:
        return self.facet.name

    @property
    def title(self) -> Text:
        return self.facet.title


@dataclass(frozen=True)
class Counted:
    """The result of the count query: `total` rows with all filters on, and each facet's options."""

    total: int
    facets: list[FacetCounts] = field(default_factory=list)


def apply_facets(rows: "QuerySet[Any]", facets: Iterable[Facet], params: QueryDict) -> "QuerySet[Any]":
    """The rows that match every chosen filter."""
    for facet in facets:
        rows = rows.filter(facet.condition(params))
    return rows


def count_facets(rows: "QuerySet[Any]", facets: Sequence[Facet], params: QueryDict) -> Counted:
    """Counts over `rows` (before facets are applied), in one query."""
    columns = list(dict.fromkeys(facet.column for facet in facets))
    base_sql, base_params = rows.order_by().values(*columns).query.sql_with_params()
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    parts, arguments = [], list(base_params)
    for index, facet in enumerate([None, *facets]):
        where, values = _where([other for other in facets if other is not facet], params)
        parts.append(_count_sql(index, facet, where))
        arguments += values
    sql = f"WITH base ({names}) AS MATERIALIZED ({base_sql}) {' UNION ALL '.join(parts)}"
    counts: dict[int, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        for index, value, count in cursor.fetchall():
            counts.setdefault(index, {})[value] = count
    return Counted(
        total=counts.get(0, {}).get("", 0),
        facets=[FacetCounts(facet, _options(facet, counts.get(i, {}), params)) for i, facet in enumerate(facets, start=1)],
    )


def _where(facets: Iterable[Facet], params: QueryDict) -> tuple[str, list[Any]]:
    conditions, values = [], []
    for facet in facets:
        if chosen := facet.values(params):
            kind = "bigint[]" if facet.numeric else "text[]"
            quoted = connection.ops.quote_name(facet.column)
            conditions.append(f"{quoted}::{kind} && %s::{kind}" if facet.array else f"{quoted} = ANY(%s::{kind})")
            values.append(chosen)
    return " AND ".join(conditions) or "TRUE", values


def _count_sql(index: int, facet: Facet | None, where: str) -> str:
    """One branch of the union. Only column names of our models are inserted; every value is a parameter."""
    if facet is None:
        return f"SELECT {index}, '', count(*) FROM base WHERE {where}"  # noqa: S608 -- see above
    column = connection.ops.quote_name(facet.column)
    if facet.array:
        # Many rows share few distinct arrays: rows are grouped by array first, and only the groups are unnested.
        groups = f"SELECT {column} AS a, count(*) AS n FROM base WHERE {where} GROUP BY 1"  # noqa: S608 -- see above
        return f"SELECT {index}, u.v::text, sum(n)::bigint FROM ({groups}) AS groups, unnest(a) AS u(v) GROUP BY 2"  # noqa: S608 -- see above
    return f"SELECT {index}, {column}::text, count(*) FROM base WHERE {where} GROUP BY 2"  # noqa: S608 -- see above


def _options(facet: Facet, counts: Mapping[str, int], params: QueryDict) -> list[Option]:
    chosen = set(facet.chosen(params))
    return [
        (value, str(label), counts.get(value, 0)) for value, label in facet.labels.items() if counts.get(value) or value in chosen
    ]
