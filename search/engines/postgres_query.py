"""SQL for the queries of the PostgreSQL engine: conditions on documents, and the tables of what matched.

Only names of our own columns and counts of placeholders are set into SQL; every value is a parameter.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from search.engines.base import Filter, Matches, Scope, TextQuery, Unit, Way
from search.engines.postgres_index import stored_hash
from vocabulary.names import Clause

MANY = 5000
"""So many documents have a subject that the best of them are looked for among the best documents first."""
LOOKED_THROUGH = 3000
"""How many of the best documents are read for such a subject before all that have it are."""

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

    def add(self, name: str, sql: str, values: Sequence[Any] = ()) -> None:
        """One more table."""
        self.tables.append(f"{name} AS MATERIALIZED ({sql})")
        self.values += values

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
        if matches.text:
            bound = "" if most is None else f" ORDER BY 1 LIMIT {most}"
            texts = Units(replace(scope, filters=()), matches.text).matching(self)
            parts.append(f"(SELECT object_id FROM ({texts}) texts{bound})")  # noqa: S608 -- see the head of the module
        if ids := {*matches.ids, *(known or ())}:
            parts.append("SELECT unnest(%s::int[])")
            self.values.append(sorted(ids))
        if not parts:
            parts.append("SELECT NULL::int WHERE FALSE")
        self.tables.append(f"matched (object_id) AS MATERIALIZED (SELECT * FROM ({' UNION '.join(parts)}) found ORDER BY 1)")  # noqa: S608 -- see the head of the module
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


class Units:
    """The units of a query as conditions on documents: which documents are read, and what each unit adds to their weight."""

    def __init__(self, scope: Scope, query: TextQuery) -> None:
        self.scope, self.query = scope, query
        self.required = [unit for unit in query.units if unit.required]
        self.optional = [unit for unit in query.units if not unit.required]

    def read(self) -> Where:
        """What is read: documents of the scope that have every required unit, or where none is, one without which the least share is not reached.

        An index answers this, so that no list of words is compared.
        """
        where = filters(self.scope)
        require_scope(self.scope, where)
        for unit in self.required:
            where.add(any_way(unit.ways, self.scope.level, where))
        if self.query.least and not self.required:
            where.add(f"({' OR '.join(any_way(unit.ways, self.scope.level, where) for unit in self._decisive())})")
        return where

    def _decisive(self) -> list[Unit]:
        """The units of which a document must have one: the shares of all others together are too small."""
        units = sorted(self.optional, key=lambda unit: unit.share)
        others = 0
        while len(units) > 1 and others + units[0].share < self.query.least:
            others += units.pop(0).share
        return units

    def base(self) -> tuple[int, int]:
        """The weight and the share that every document has that is read."""
        weight = sum(min((way.weight for way in unit.ways), default=0) for unit in self.required)
        return weight, sum(unit.share for unit in self.required)

    def additions(self) -> Iterator[tuple[int, int, Sequence[Way]]]:
        """What more a document gets that has one of these ways: weight and share."""
        for unit in self.query.units:
            weights = sorted({way.weight for way in unit.ways})
            if not unit.required and weights:
                yield weights[0], unit.share, unit.ways
            for before, weight in pairwise(weights):
                yield weight - before, 0, [way for way in unit.ways if way.weight >= weight]

    def matching(self, tables: CommonTables) -> str:
        """A SELECT of the ids of all that match."""
        where = self.read()
        if not self.query.least or not self.optional:
            tables.values += where.values
            return f"SELECT d.object_id FROM search_searchdocument d WHERE {where}"  # noqa: S608 -- see the head of the module
        tables.add("base", f"SELECT d.object_id, d.quality FROM search_searchdocument d WHERE {where}", where.values)  # noqa: S608 -- see the head of the module
        return self.weighed(tables)

    def best(self, limit: int, after: tuple[int, int, int] | None) -> CommonTables:
        """The table `best`: id, weight and quality of the first `limit` documents after this weight, quality and id.

        Of a subject that very many have these are looked for among the best documents, so that the rest stays unread.
        """
        tables = CommonTables()
        where = self.read()
        read = f"SELECT d.object_id, d.quality FROM search_searchdocument d WHERE {where}"  # noqa: S608 -- see the head of the module
        outer, first, condition = Where(), "", "TRUE"
        if after is None and self.scope.ids is None:
            many = f"(SELECT count(*) FROM few) >= {MANY}"  # noqa: S608 -- see the head of the module
            tables.add("few", f"{read} LIMIT {MANY}", where.values)
            self._add_first_of_many(tables, many, limit)
            full = f"(SELECT count(*) FROM first_of_many) >= {int(limit)}"  # noqa: S608 -- see the head of the module
            condition = f"NOT ({full})"
            base = f"SELECT * FROM few WHERE NOT ({many}) UNION ALL {read} AND {many} AND {condition}"  # noqa: S608 -- see the head of the module
            first = f"SELECT object_id, weight, quality FROM first_of_many WHERE {full} UNION ALL "  # noqa: S608 -- see the head of the module
        else:
            base = read
        tables.add("base", base, where.values)
        if after is not None:
            outer.add(
                "(weight < %s OR (weight = %s AND (quality < %s OR (quality = %s AND object_id > %s))))",
                after[0], after[0], after[1], after[1], after[2],
            )  # fmt: skip
        found = self.weighed(tables, condition)
        tables.add(
            "best",
            f"{first}(SELECT object_id, weight, quality FROM ({found}) found WHERE {outer}"  # noqa: S608 -- see the head of the module
            " ORDER BY weight DESC, quality DESC, object_id LIMIT %s)",
            [*outer.values, limit],
        )
        return tables

    def _add_first_of_many(self, tables: CommonTables, many: str, limit: int) -> None:
        """The table `first_of_many`: the first that have every unit in the heaviest of its ways, among the best documents."""
        where = filters(self.scope)
        where.add("d.level <= %s", self.scope.level)
        for unit in self.query.units:
            where.add(any_way([way for way in unit.ways if way.weight == _heaviest(unit)], self.scope.level, where))
        best = f"SELECT * FROM search_searchdocument WHERE generation = %s AND kind = %s ORDER BY quality DESC, object_id LIMIT {LOOKED_THROUGH}"  # noqa: S608 -- see the head of the module
        weight = sum(map(_heaviest, self.query.units))
        tables.add(
            "first_of_many",
            f"SELECT d.object_id, {weight} AS weight, d.quality FROM ({best}) d WHERE {many} AND {where}"  # noqa: S608 -- see the head of the module
            " ORDER BY d.quality DESC, d.object_id LIMIT %s",
            [self.scope.generation, self.scope.kind, *where.values, limit],
        )

    def weighed(self, tables: CommonTables, condition: str = "TRUE") -> str:
        """A SELECT of id, quality and weight of the documents of the table `base`, which holds id and quality of all that is read.

        `condition`: nothing else is read unless it holds.
        """
        weight, share = self.base()
        parts = [f"SELECT object_id, quality, {weight} AS weight, {share} AS share FROM base"]  # noqa: S608 -- see the head of the module
        for more, part, ways in self.additions():
            where = self.read()
            where.add(any_way(ways, self.scope.level, where))
            tables.values += where.values
            parts.append(
                f"SELECT d.object_id, d.quality, {more}, {part} FROM search_searchdocument d WHERE {condition} AND {where}"  # noqa: S608 -- see the head of the module
            )
        return (
            f"SELECT object_id, max(quality) AS quality, sum(weight)::int AS weight FROM ({' UNION ALL '.join(parts)}) parts"  # noqa: S608 -- see the head of the module
            f" GROUP BY object_id HAVING sum(share) >= {self.query.least}"
        )


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


def asked_of(query: TextQuery) -> tuple[list[str], list[str]]:
    """All words and all tags that the query names."""
    words = frozenset[str]().union(*(forms for way in query.ways for forms in way.words))
    return sorted(words), sorted({tag for way in query.ways for tag in way.tags})


def applies(way: Way, words: Collection[str], tags: Collection[str]) -> bool:
    """Whether a document with these words and tags has it in this way."""
    by_words = bool(way.words) and all(not forms.isdisjoint(words) for forms in way.words)
    return by_words or not set(way.tags).isdisjoint(tags)


def _heaviest(unit: Unit) -> int:
    return max((way.weight for way in unit.ways), default=0)
