"""The PostgreSQL engine: answers every search that no other engine answers. SQL is in `postgres_query`, writing in `postgres_index`.

Only names of our own columns and counts of placeholders are set into SQL; every value is a parameter.
"""

import datetime
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction

from search.engines.base import (
    COUNTED,
    ENOUGH_SIMILAR,
    OPEN_TAG,
    ORDERS,
    SAMPLED,
    SIMILAR_STEPS,
    Candidate,
    Counts,
    Document,
    EngineError,
    Listed,
    Matches,
    Question,
    Scope,
    TextHit,
    TextQuery,
)
from search.engines.postgres_index import erase_documents, write_documents
from search.engines.postgres_query import (
    CommonTables,
    Units,
    Where,
    applies,
    asked_of,
    filter_condition,
    filters,
    require_scope,
)
from search.models import SearchDocument
from vocabulary.names import Clause, Skeletons

TIMEOUT = 0.8
"""Seconds a query may take when there is no deadline."""
SEPARATOR = "\x1f"

SORT_MEMORY = "32MB"
"""Enough for a hundred thousand rows: sorting them on disk would be most of the work."""
MAX_KEPT_SCORES = 3000
"""Scored documents that are kept for the count that follows, which would score them again."""

SETTINGS_SQL = """
SELECT current_setting('statement_timeout'), current_setting('jit'), current_setting('work_mem'),
       current_setting('pg_trgm.similarity_threshold', true),
       set_config('jit', 'off', true), set_config('work_mem', %s, true), set_config('pg_trgm.similarity_threshold', %s, true)"""
# Before each statement: what is left of the milliseconds that all of a message have.
TIMEOUT_SQL = """
SELECT set_config(
    'statement_timeout', greatest(1, %s - (extract(epoch FROM clock_timestamp() - statement_timestamp()) * 1000)::int) || 'ms', true
)"""
RESTORE_SQL = """
SELECT set_config('statement_timeout', %s, true), set_config('jit', %s, true), set_config('work_mem', %s, true),
       set_config('pg_trgm.similarity_threshold', %s, true)
"""
# The rows of one step of similarity; the threshold of the next one is set by them: 1, so that nothing is read, where they are enough.
SIMILAR_SQL = """
WITH found AS MATERIALIZED (
    SELECT d.object_id, max(similarity(n.medium || ' ' || n.loose, %s)) AS likeness
    FROM search_searchname n JOIN search_searchdocument d ON d.id = n.document_id WHERE {where}
    GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %s
), further AS MATERIALIZED (
    SELECT set_config(
        'pg_trgm.similarity_threshold',
        CASE WHEN %s AND (count(*) >= %s OR current_setting('pg_trgm.similarity_threshold')::float >= 1) THEN '1' ELSE %s END,
        true
    ) FROM found
)
SELECT object_id FROM further LEFT JOIN found ON TRUE ORDER BY likeness DESC NULLS LAST, object_id"""


@dataclass(frozen=True)
class Prepared:
    """A question as statements with their values; `read` makes the answer of the rows of each."""

    statements: tuple[tuple[str, list[Any]], ...]
    read: Callable[..., Any]


class PostgresEngine:
    """The tables of `search.models`. `deadline` (of time.monotonic) is the deadline of its queries; later ones raise at once."""

    name = "postgres"

    def __init__(self, deadline: float | None = None) -> None:
        self.deadline = deadline
        self._scored: dict[tuple[Any, ...], tuple[int, list[Candidate]]] = {}

    # ---- questions ---------------------------------------------------------------------------------------------------

    def candidates(
        self, scope: Scope, clauses: Sequence[Clause], floor: int, limit: int, after: tuple[int, int] | None = None
    ) -> list[Candidate]:
        return self._now(self._candidates(scope, clauses, floor, limit, after))

    def fuzzy_match(self, scope: Scope, wanted: Skeletons, limit: int) -> list[int]:
        return self._now(self._fuzzy_match(scope, wanted, limit))

    def text(self, scope: Scope, query: TextQuery, limit: int, after: tuple[int, int, int] | None = None) -> list[TextHit]:
        return self._now(self._text(scope, query, limit, after))

    def listed(
        self, scope: Scope, matches: Matches | None, order: str, limit: int, after: tuple[Any, int] | None = None
    ) -> list[Listed]:
        return self._now(self._listed(scope, matches, order, limit, after))

    def count(self, scope: Scope, matches: Matches | None, now: datetime.datetime) -> Counts:
        return self._now(self._count(scope, matches, now))

    def answer(self, questions: Sequence[Question]) -> list[Any]:
        """Several questions in one message."""
        if len(questions) == 1:
            return [getattr(self, questions[0].method)(*questions[0].arguments)]
        prepare: dict[str, Callable[..., Prepared]] = {
            "candidates": self._candidates,
            "fuzzy_match": self._fuzzy_match,
            "text": self._text,
            "listed": self._listed,
            "count": self._count,
        }
        prepared = [prepare[question.method](*question.arguments) for question in questions]
        tables = iter(self._send([statement for each in prepared for statement in each.statements]))
        return [each.read(*(next(tables) for _ in each.statements)) for each in prepared]

    # ---- questions as SQL --------------------------------------------------------------------------------------------

    def _candidates(
        self, scope: Scope, clauses: Sequence[Clause], floor: int, limit: int, after: tuple[int, int] | None = None
    ) -> Prepared:
        query = CommonTables()
        query.score(scope, clauses, floor)
        where = filters(scope)
        # A few more than wanted: when these are all, the count need not look for them again.
        whole = after is None and not scope.filters and scope.ids is None
        most = max(limit, MAX_KEPT_SCORES) if whole else limit
        if after is not None:
            where.add("(s.score < %s OR (s.score = %s AND s.object_id > %s))", after[0], after[0], after[1])
        source = "scored s" if not scope.filters else f"scored s JOIN search_searchdocument d ON {require_scope(scope, where, 's')}"
        sql = f"{query.head()} SELECT s.object_id, s.score FROM {source} WHERE {where} ORDER BY s.score DESC, s.object_id LIMIT %s"  # noqa: S608 -- see the head of the module

        def read(rows: list[tuple[Any, ...]]) -> list[Candidate]:
            found = [Candidate(*row) for row in rows]
            if whole and len(found) < most:
                self._scored[_question(scope, clauses)] = (floor, found)
            return found[:limit]

        return Prepared(((sql, [*query.values, *where.values, most]),), read)

    @staticmethod
    def _fuzzy_match(scope: Scope, wanted: Skeletons, limit: int) -> Prepared:
        """All steps at once, each from the threshold that the one before it left."""
        text = f"{wanted.medium} {wanted.loose}"
        where = filters(scope)
        require_scope(scope, where)
        where.add("n.sounds AND n.level <= %s AND (n.medium || ' ' || n.loose) %% %s", scope.level, text)
        sql = SIMILAR_SQL.format(where=where)
        # After the last one the threshold is again where a question begins.
        thresholds = (*SIMILAR_STEPS[1:], SIMILAR_STEPS[0])
        statements = tuple(
            (sql, [text, *where.values, limit, number < len(thresholds), ENOUGH_SIMILAR, str(threshold)])
            for number, threshold in enumerate(thresholds, 1)
        )

        def read(*steps: list[tuple[Any, ...]]) -> list[int]:
            found = [[row[0] for row in rows if row[0] is not None] for rows in steps]
            return next((ids for ids in found if len(ids) >= ENOUGH_SIMILAR), found[-1])

        return Prepared(statements, read)

    @staticmethod
    def _text(scope: Scope, query: TextQuery, limit: int, after: tuple[int, int, int] | None = None) -> Prepared:
        tables = Units(scope, query).best(limit, after)
        words, tags = asked_of(query)
        # Which of the words a document has is read of the best alone.
        sql = (
            f"{tables.head()} SELECT best.object_id, best.weight, best.quality,"  # noqa: S608 -- see the head of the module
            f" ARRAY(SELECT one FROM unnest(d.words_{scope.level}) one WHERE one = ANY(%s::text[])),"
            f" ARRAY(SELECT one FROM unnest(d.tags_{scope.level}) one WHERE one = ANY(%s::text[]))"
            " FROM best JOIN search_searchdocument d ON d.generation = %s AND d.kind = %s AND d.object_id = best.object_id"
        )
        values = [*tables.values, words, tags, scope.generation, scope.kind]

        def read(rows: list[tuple[Any, ...]]) -> list[TextHit]:
            hits = (
                TextHit(pk, weight, quality, tuple(applies(way, words, tags) for way in query.ways))
                for pk, weight, quality, words, tags in rows
            )
            return sorted(hits, key=lambda hit: (-hit.weight, -hit.quality, hit.object_id))

        return Prepared(((sql, values),), read)

    def _listed(
        self, scope: Scope, matches: Matches | None, order: str, limit: int, after: tuple[Any, int] | None = None
    ) -> Prepared:
        falling = ORDERS[order]
        query = CommonTables()
        source = query.match(scope, matches, self._ids_of(scope, matches))
        where = filters(scope)
        join = require_scope(scope, where, "m" if matches is not None else "")
        if after is not None:
            where.add(
                f"(d.{order} {'<' if falling else '>'} %s OR (d.{order} = %s AND d.object_id > %s))", after[0], after[0], after[1]
            )
        tables = f"{source} m JOIN search_searchdocument d ON {join}" if source else "search_searchdocument d"
        sql = (
            f"{query.head()} SELECT d.object_id, d.{order} FROM {tables} WHERE {where}"  # noqa: S608 -- see the head of the module
            f" ORDER BY d.{order} {'DESC' if falling else 'ASC'}, d.object_id LIMIT %s"
        )
        return Prepared(((sql, [*query.values, *where.values, limit]),), lambda rows: [Listed(*row) for row in rows])

    def _count(self, scope: Scope, matches: Matches | None, now: datetime.datetime) -> Prepared:
        query = CommonTables()
        words_alone = not scope.filters and scope.ids is None
        source = query.match(scope, matches, self._ids_of(scope, matches), most=COUNTED if words_alone else None)
        # Of words alone it is known how many match before a document is read.
        number, limit, limits = "count(*)", "%s", [COUNTED]
        if source and words_alone:
            number = f"(SELECT least(count(*), {COUNTED}) FROM {source})"  # noqa: S608 -- see the head of the module
            limit = f"(SELECT CASE WHEN count(*) >= %s THEN %s ELSE %s END FROM {source})"  # noqa: S608 -- see the head of the module
            limits = [COUNTED, SAMPLED, COUNTED]
        branches: list[str] = []
        values = list(query.values)
        for off in (None, *scope.filters):
            # One branch with all filters on, and one for each filter: what it alone keeps out.
            where = Where()
            for each in scope.filters:
                condition = filter_condition(each, scope.level, where)
                where.add(f"NOT ({condition})" if each is off else condition)
            join = require_scope(scope, where, "m" if source else "")
            documents = (
                f"SELECT d.object_id, array_to_string(d.tags_{scope.level}, chr(31))"  # noqa: S608 -- see the head of the module
                f" || CASE WHEN d.opens <= %s AND d.closes > %s THEN %s ELSE '' END AS tags FROM search_searchdocument d WHERE {where}"
            )
            # The ids in order first, then a document for each: what is beyond the last that counts is never read.
            rows = f"{source} m CROSS JOIN LATERAL ({documents} AND {join} OFFSET 0) d" if source else f"({documents}) d"
            values += [off.name if off else "", now, now, SEPARATOR + OPEN_TAG, *where.values, *limits]
            branches.append(
                f"(SELECT %s::text, {number}, string_agg(tags, chr(31)) FROM ("  # noqa: S608 -- see the head of the module
                f"SELECT d.tags FROM {rows} ORDER BY {'m' if source else 'd'}.object_id LIMIT {limit}) counted)"
            )
        sql = f"{query.head()} {' UNION ALL '.join(branches)}"
        return Prepared(((sql, values),), lambda rows: _counts(rows, [each.name for each in scope.filters]))

    def _ids_of(self, scope: Scope, matches: Matches | None) -> list[int] | None:
        """The ids that these clauses match, where this search has scored them already."""
        if matches is None or not matches.clauses or scope.ids is not None:
            return None
        floor, found = self._scored.get(_question(scope, matches.clauses), (0, []))
        return [one.object_id for one in found if one.score >= matches.floor] if 0 < floor <= matches.floor else None

    # ---- asking ------------------------------------------------------------------------------------------------------

    def _now(self, prepared: Prepared) -> Any:
        return prepared.read(*self._send(prepared.statements))

    def _ask(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        return self._send([(sql, values)])[0]

    def _send(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> list[list[tuple[Any, ...]]]:
        """The rows of each statement, or EngineError when the time of all of them is over or the database is away."""
        patience = TIMEOUT if self.deadline is None else self.deadline - time.monotonic()
        if patience <= 0:
            raise EngineError("no time left")
        try:
            with connection.cursor() as cursor:
                if connection.in_atomic_block:
                    # The open transaction must survive an error, and gets its settings back.
                    with transaction.atomic():
                        before, tables = _send_as_one_message(cursor, patience, statements)
                        cursor.execute(RESTORE_SQL, [*before[:3], before[3] or str(SIMILAR_STEPS[-1])])
                        return tables
                # The server runs all of a message in a transaction of its own, and the settings end with it.
                return _send_as_one_message(cursor, patience, statements)[1]
        except (OperationalError, InterfaceError) as error:
            raise EngineError(str(error)) from error

    # ---- writes ------------------------------------------------------------------------------------------------------

    @transaction.atomic
    def write(self, generation: int, documents: Sequence[Document]) -> None:
        """Only what changed is touched: an edit that leaves names alone leaves names and keys alone."""
        for kind in {document.kind for document in documents}:
            write_documents(generation, kind, [document for document in documents if document.kind == kind])

    @transaction.atomic
    def erase(self, generation: int, kind: str, ids: Collection[int]) -> None:
        erase_documents(SearchDocument.objects.filter(generation=generation, kind=kind, object_id__in=ids))

    def drop(self, generation: int) -> None:
        while self.drop_some(generation):
            pass

    @transaction.atomic
    def drop_some(self, generation: int, batch: int = 1000) -> int:
        """Delete some documents of a generation, in a short transaction; returns how many."""
        return erase_documents(SearchDocument.objects.filter(generation=generation)[:batch])


def _send_as_one_message(
    cursor: Any, patience: float, statements: Sequence[tuple[str, Sequence[Any]]]
) -> tuple[tuple[Any, ...], list[list[tuple[Any, ...]]]]:
    """The settings before, and the rows of each statement."""
    parts: list[str] = [SETTINGS_SQL]
    values: list[Any] = [SORT_MEMORY, str(SIMILAR_STEPS[0])]
    for sql, own in statements:
        parts += [TIMEOUT_SQL, sql]
        values += [int(patience * 1000), *own]
    cursor.execute(";".join(parts), values)
    before = cursor.fetchone()
    tables = []
    for _statement in statements:
        cursor.nextset()
        cursor.nextset()
        tables.append(cursor.fetchall())
    return before, tables


def _question(scope: Scope, clauses: Sequence[Clause]) -> tuple[Any, ...]:
    """The query without its filters: names are scored by it."""
    return (scope.generation, scope.kind, scope.level, tuple(clauses))


def _counts(rows: Iterable[tuple[str, int, str | None]], filtered: Sequence[str]) -> Counts:
    total, more = 0, False
    tags: Counter[str] = Counter()
    for name, number, joined in rows:
        found = Counter((joined or "").split(SEPARATOR))
        if not name:
            total, more = number, number >= COUNTED
            tags.update(found)
        else:
            tags.update({tag: times for tag, times in found.items() if tag.startswith(f"{name}:")})
    tags.pop("", None)
    return Counts(total, more, dict(tags))
