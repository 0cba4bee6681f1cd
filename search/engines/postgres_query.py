"""SQL for the queries of the PostgreSQL engine: conditions on documents, and the tables of what matched.

Only names of our own columns and counts of placeholders are set into SQL; every value is a parameter.
"""

from collections.abc import Sequence
from typing import Any

from search.engines.base import Filter, Matches, Scope, TextQuery, Unit, Way
from search.engines.postgres_index import stored_hash
from vocabulary.names import Clause

LOOKED_THROUGH = 3000
"""How many of the best documents are read for a subject before the index of all of them is used."""

# LATERAL with OFFSET 0 forces one index look-up for each key, whatever the planner estimates.
CLAUSE_SQL = """
SELECT found.object_id, max(asked.weight) AS weight FROM unnest(%s::bigint[], %s::int[]) asked (key, weight)
CROSS JOIN LATERAL (SELECT object_id FROM search_searchkey WHERE key = asked.key AND level <= %s{among} OFFSET 0) found GROUP BY 1
"""
SCORED_SQL = """
scored AS MATERIALIZED (SELECT object_id, sum(weight)::int AS score FROM ({clauses}) heaviest GROUP BY 1 HAVING sum(weight) >= %s)
"""


class Where:
    """Conditions with their values, in order."""

    def __init__(self) -> None:
        self.conditions: list[str] = []
        self.values: list[Any] = []

    def add(self, condition: str, *values: Any) -> None:
        self.conditions.append(condition)
        self.values += values

    def __str__(self) -> str:
        return " AND ".join(self.conditions) or "TRUE"


class CommonTables:
    """The common table expressions before a SELECT, and their values."""

    def __init__(self) -> None:
        self.tables: list[str] = []
        self.values: list[Any] = []

    def head(self) -> str:
        return f"WITH {', '.join(self.tables)}" if self.tables else ""

    def score(self, scope: Scope, clauses: Sequence[Clause], floor: int) -> None:
        """The table `scored`: documents whose sum over clauses of the heaviest key reaches the floor."""
        one_clause = CLAUSE_SQL.format(among="" if scope.ids is None else " AND object_id = ANY(%s)")
        asked = clauses or [()]
        self.tables.append(SCORED_SQL.format(clauses="UNION ALL".join([one_clause] * len(asked))))
        for clause in asked:
            self.values.append([stored_hash(scope.generation, scope.kind, key) for key, _weight in clause])
            self.values += [[weight for _key, weight in clause], scope.level]
            if scope.ids is not None:
                self.values.append(list(scope.ids))
        self.values.append(max(1, floor))

    def match(self, scope: Scope, matches: Matches | None, known: Sequence[int] | None = None, *, most: int | None = None) -> str:
        """The table of all that matched, by id; its name, or an empty string when everything does. `known`: what the clauses match.

        With `most`, subject matches with the lowest ids, so many of them: a count that ends there need not read the rest.
        """
        if matches is None:
            return ""
        parts = []
        if matches.clauses and known is None:
            self.score(scope, matches.clauses, matches.floor)
            parts.append("SELECT object_id FROM scored")
        values: list[Any] = []
        if ids := {*matches.ids, *(known or ())}:
            parts.append("SELECT unnest(%s::int[])")
            values.append(sorted(ids))
        if matches.text:
            where = Where()
            require_scope(scope, where)
            require_units(matches.text, scope.level, where)
            bound = "" if most is None else f" ORDER BY 1 LIMIT {most}"
            parts.append(f"(SELECT d.object_id FROM search_searchdocument d WHERE {where}{bound})")  # noqa: S608 -- see the head of the module
            values += where.values
        if not parts:
            parts.append("SELECT NULL::int WHERE FALSE")
        self.tables.append(f"matched (object_id) AS MATERIALIZED (SELECT * FROM ({' UNION '.join(parts)}) found ORDER BY 1)")  # noqa: S608 -- see the head of the module
        self.values += values
        return "matched"


def require_scope(scope: Scope, where: Where, joined: str = "") -> str:
    """Keep to the generation and kind, the level and the ids; with `joined`, returns the condition that ties the document to that table."""
    where.add("d.generation = %s AND d.kind = %s AND d.level <= %s", scope.generation, scope.kind, scope.level)
    if scope.ids is not None:
        where.add("d.object_id = ANY(%s)", list(scope.ids))
    return f"d.object_id = {joined}.object_id" if joined else ""


def filters(scope: Scope) -> Where:
    """All filters of the scope as conditions."""
    where = Where()
    for each in scope.filters:
        where.add(filter_condition(each, scope.level, where))
    return where


def filter_condition(each: Filter, level: int, where: Where) -> str:
    """One filter as a condition; its values go into `where`, the condition itself does not."""
    if each.open_at is not None:
        where.values += [each.open_at, each.open_at]
        # Never NULL, so that its opposite is true of what has no dates.
        return "(d.opens IS NOT NULL AND d.closes IS NOT NULL AND d.opens <= %s AND d.closes > %s)"
    where.values.append(list(each.tags))
    return f"d.tags_{level} && %s::text[]"


def first_of_many_query(scope: Scope, query: TextQuery, limit: int) -> tuple[str, Where]:
    """The first `limit` hits of a subject that very many have: all of them are among the best documents, so that the rest stays unread.

    Opens a statement that goes on with a query for the case that they are fewer; its values.
    """
    where = filters(scope)
    where.add("d.level <= %s", scope.level)
    require_units(query, scope.level, where, heaviest=True)
    best = f"SELECT * FROM search_searchdocument WHERE generation = %s AND kind = %s ORDER BY quality DESC, object_id LIMIT {LOOKED_THROUGH}"  # noqa: S608 -- see the head of the module
    weight = sum(_heaviest(unit) for unit in query.units)
    head = (
        f"WITH first_of_many AS MATERIALIZED (SELECT d.object_id, {weight} AS weight, d.quality FROM ({best}) d"  # noqa: S608 -- see the head of the module
        f" WHERE {where} ORDER BY d.quality DESC, d.object_id LIMIT %s)"
        " SELECT * FROM first_of_many WHERE (SELECT count(*) FROM first_of_many) >= %s UNION ALL"
    )
    known = Where()
    known.values = [scope.generation, scope.kind, *where.values, limit, limit]
    return head, known


def require_units(query: TextQuery, level: int, where: Where, *, heaviest: bool = False) -> None:
    """The units that a document must have; `heaviest`: every unit, in the heaviest of its ways."""
    for unit in query.units:
        if heaviest:
            where.add(any_way([way for way in unit.ways if way.weight == _heaviest(unit)], level, where))
        elif unit.required:
            where.add(any_way(unit.ways, level, where))
    optional = [unit for unit in query.units if not unit.required]
    if heaviest or not query.least or not optional:
        return
    if len(optional) == len(query.units):
        # An index can answer this; the sum is then taken of few documents.
        where.add(f"({' OR '.join(any_way(unit.ways, level, where) for unit in optional)})")
    cases = [f"CASE WHEN {any_way(unit.ways, level, where)} THEN {unit.share} ELSE 0 END" for unit in query.units]
    where.add(f"{' + '.join(cases)} >= {query.least}")


def any_way(ways: Sequence[Way], level: int, where: Where) -> str:
    """Whether a document has the unit in one of these ways, as SQL; its values go into `where`. Forms of single words are asked together."""
    single = frozenset[str]().union(*(way.words[0] for way in ways if len(way.words) == 1))
    tags = frozenset(tag for way in ways for tag in way.tags)
    asked: list[tuple[str, tuple[frozenset[str], ...]]] = [("words", (single,)), ("tags", (tags,))]
    asked += [("words", way.words) for way in ways if len(way.words) > 1]
    conditions = []
    for column, sets in asked:
        if all(sets):
            where.values += [sorted(forms) for forms in sets]
            conditions.append(" AND ".join([f"d.{column}_{level} && %s::text[]"] * len(sets)))
    return f"({' OR '.join(f'({condition})' for condition in conditions) or 'FALSE'})"


def weight_sql(unit: Unit, level: int, weight: Where) -> str:
    """What a document scores for the unit, as SQL; its values go into `weight`."""
    by_weight: dict[int, list[Way]] = {}
    for way in unit.ways:
        by_weight.setdefault(way.weight, []).append(way)
    if unit.required and len(by_weight) == 1:
        return str(_heaviest(unit))
    cases = [f"WHEN {any_way(ways, level, weight)} THEN {value}" for value, ways in sorted(by_weight.items(), reverse=True)]
    return f"CASE {' '.join(cases)} ELSE 0 END" if cases else "0"


def ways_sql(query: TextQuery, level: int, where: Where) -> str:
    """Which of the ways apply, as an array of booleans."""
    return f"ARRAY[{', '.join(any_way([way], level, where) for way in query.ways)}]::boolean[]"


def _heaviest(unit: Unit) -> int:
    return max((way.weight for way in unit.ways), default=0)
