"""The PostgreSQL engine: always there, and the one that answers when another does not.

Only names of our own columns and counts of placeholders are set into SQL; every value is a parameter.
"""

import datetime
import hashlib
import time
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction

from search.engines.base import (
    CONCEPT_WEIGHT,
    COUNTED,
    MANY_ALIKE,
    OPEN_TAG,
    ORDERS,
    SAMPLED,
    SIMILAR_STEPS,
    WORD_WEIGHT,
    Candidate,
    Counts,
    Document,
    EngineError,
    Filter,
    Listed,
    Matches,
    Scope,
    TextHit,
    TextQuery,
    Unit,
)
from search.models import SearchDocument, SearchName
from search.names import Clause, Skeletons

LEVEL_BITS = 3
PATIENCE = 0.8
"""Seconds a question may take when nobody says less."""
SEPARATOR = "\x1f"
WRITTEN = {
    "generation": "int",
    "kind": "text",
    "object_id": "int",
    "level": "smallint",
    **{f"{name}_{level}": "text[]" for name in ("tags", "words") for level in range(3)},
    "keys": "bigint[]",
    "opens": "timestamptz",
    "closes": "timestamptz",
    "quality": "int",
    "sort_name": "text",
    "created": "timestamptz",
    "confirmed": "date",
}
"""The columns of a document with their types; the first three say which document it is."""

SORT_MEMORY = "32MB"
"""For a hundred thousand rows at once: sorting them on disk would be most of the work."""
LOOKED_THROUGH = 3000
"""So many of the best documents are looked through for a subject before the index of all of them is asked."""
REMEMBERED = 3000
"""So many scored documents are kept for the count that follows, which would score them all again."""

SETTINGS_SQL = """
SELECT current_setting('statement_timeout'), current_setting('jit'), current_setting('work_mem'),
       current_setting('pg_trgm.similarity_threshold', true),
       set_config('statement_timeout', %s, true), set_config('jit', 'off', true), set_config('work_mem', %s, true),
       set_config('pg_trgm.similarity_threshold', %s, true)"""
RESTORE_SQL = """
SELECT set_config('statement_timeout', %s, true), set_config('jit', %s, true), set_config('work_mem', %s, true),
       set_config('pg_trgm.similarity_threshold', %s, true)
"""
# LATERAL with OFFSET 0: one look into the index for each key, whatever the planner thinks of the table.
CLAUSE_SQL = """
SELECT found.object_id, max(asked.weight) AS weight FROM unnest(%s::bigint[], %s::int[]) asked (key, weight)
CROSS JOIN LATERAL (SELECT object_id FROM search_searchkey WHERE key = asked.key AND level <= %s{among} OFFSET 0) found GROUP BY 1
"""
SCORED_SQL = """
scored AS MATERIALIZED (SELECT object_id, sum(weight)::int AS score FROM ({clauses}) heaviest GROUP BY 1 HAVING sum(weight) >= %s)
"""


def stored_hash(generation: int, kind: str, key: str) -> int:
    """A key as it is stored: 62 bits that are the same everywhere and for ever, and two bits free for a level."""
    digest = hashlib.blake2b(f"{generation} {kind} {key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True) & ~LEVEL_BITS


class PostgresEngine:
    """The tables of `search.models`. `deadline` (of time.monotonic) is when the asker stops waiting; later questions raise at once."""

    name = "postgres"

    def __init__(self, deadline: float | None = None) -> None:
        self.deadline = deadline
        self._scored: dict[tuple[Any, ...], tuple[int, list[Candidate]]] = {}

    # ---- questions ---------------------------------------------------------------------------------------------------

    def candidates(
        self, scope: Scope, clauses: Sequence[Clause], floor: int, limit: int, after: tuple[int, int] | None = None
    ) -> list[Candidate]:
        query = _Query()
        query.score(scope, clauses, floor)
        where = _filters(scope)
        # A few more than wanted: when these are all, the count need not look for them again.
        whole = after is None and not scope.filters and scope.ids is None
        most = max(limit, REMEMBERED) if whole else limit
        if after is not None:
            where.add("(s.score < %s OR (s.score = %s AND s.object_id > %s))", after[0], after[0], after[1])
        source = "scored s" if not scope.filters else f"scored s JOIN search_searchdocument d ON {_of_scope(scope, where, 's')}"
        sql = f"{query.head()} SELECT s.object_id, s.score FROM {source} WHERE {where} ORDER BY s.score DESC, s.object_id LIMIT %s"  # noqa: S608 -- see the head of the module
        found = [Candidate(*row) for row in self._ask(sql, [*query.values, *where.values, most])]
        if whole and len(found) < most:
            self._scored[_question(scope, clauses)] = (floor, found)
        return found[:limit]

    def fuzzy_match(self, scope: Scope, wanted: Skeletons, limit: int) -> list[int]:
        found: list[int] = []
        for least in SIMILAR_STEPS:
            found = self._similar(scope, wanted, limit, least)
            if len(found) >= MANY_ALIKE:
                break
        return found

    def _similar(self, scope: Scope, wanted: Skeletons, limit: int, least: float) -> list[int]:
        text = f"{wanted.medium} {wanted.loose}"
        where = _filters(scope)
        _of_scope(scope, where)
        where.add("n.sounds AND n.level <= %s AND (n.medium || ' ' || n.loose) %% %s", scope.level, text)
        sql = (
            "SELECT d.object_id FROM search_searchname n JOIN search_searchdocument d ON d.id = n.document_id"  # noqa: S608 -- see the head of the module
            f" WHERE {where} GROUP BY 1 ORDER BY max(similarity(n.medium || ' ' || n.loose, %s)) DESC, 1 LIMIT %s"
        )
        return [row[0] for row in self._ask(sql, [*where.values, text, limit], least)]

    def text(self, scope: Scope, query: TextQuery, limit: int, after: tuple[int, int, int] | None = None) -> list[TextHit]:
        where = _filters(scope)
        _of_scope(scope, where)
        _about(query, scope.level, where)
        weight = _Where()
        weights = " + ".join(_weight(unit, scope.level, weight) for unit in query.units)
        outer = _Where()
        head, known = "", _Where()
        if after is not None:
            outer.add(
                "(weight < %s OR (weight = %s AND (quality < %s OR (quality = %s AND object_id > %s))))",
                after[0], after[0], after[1], after[1], after[2],
            )  # fmt: skip
        elif scope.ids is None:
            head, known = _first_of_many(scope, query, limit)
            outer.add("(SELECT count(*) FROM first_of_many) < %s", limit)
        sql = (
            f"SELECT object_id, weight, quality FROM (SELECT d.object_id, {weights} AS weight, d.quality"  # noqa: S608 -- see the head of the module
            f" FROM search_searchdocument d WHERE {where}) found WHERE {outer} ORDER BY weight DESC, quality DESC, object_id LIMIT %s"
        )
        rows = self._ask(f"{head} ({sql})", [*known.values, *weight.values, *where.values, *outer.values, limit])
        return sorted((TextHit(*row) for row in rows), key=lambda hit: (-hit.weight, -hit.quality, hit.object_id))

    def listed(
        self, scope: Scope, matches: Matches | None, order: str, limit: int, after: tuple[Any, int] | None = None
    ) -> list[Listed]:
        falling = ORDERS[order]
        query = _Query()
        source = query.match(scope, matches, self._ids_of(scope, matches))
        where = _filters(scope)
        join = _of_scope(scope, where, "m" if matches is not None else "")
        if after is not None:
            where.add(
                f"(d.{order} {'<' if falling else '>'} %s OR (d.{order} = %s AND d.object_id > %s))", after[0], after[0], after[1]
            )
        tables = f"{source} m JOIN search_searchdocument d ON {join}" if source else "search_searchdocument d"
        sql = (
            f"{query.head()} SELECT d.object_id, d.{order} FROM {tables} WHERE {where}"  # noqa: S608 -- see the head of the module
            f" ORDER BY d.{order} {'DESC' if falling else 'ASC'}, d.object_id LIMIT %s"
        )
        return [Listed(*row) for row in self._ask(sql, [*query.values, *where.values, limit])]

    def count(self, scope: Scope, matches: Matches | None, now: datetime.datetime) -> Counts:
        query = _Query()
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
            where = _Where()
            for each in scope.filters:
                condition = _filter(each, scope.level, where)
                where.add(f"NOT ({condition})" if each is off else condition)
            join = _of_scope(scope, where, "m" if source else "")
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
        return _counts(self._ask(sql, values), [each.name for each in scope.filters])

    def _ids_of(self, scope: Scope, matches: Matches | None) -> list[int] | None:
        """The ids that these clauses match, where this search has scored them already."""
        if matches is None or not matches.clauses or scope.ids is not None:
            return None
        floor, found = self._scored.get(_question(scope, matches.clauses), (0, []))
        return [one.object_id for one in found if one.score >= matches.floor] if 0 < floor <= matches.floor else None

    def _ask(self, sql: str, values: Sequence[Any], least: float = SIMILAR_STEPS[-1]) -> list[tuple[Any, ...]]:
        """The rows, or EngineError when the time is over or the database is away. `least`: what the operator for likeness takes as alike."""
        patience = PATIENCE if self.deadline is None else self.deadline - time.monotonic()
        if patience <= 0:
            raise EngineError("no time left")
        try:
            with connection.cursor() as cursor:
                if connection.in_atomic_block:
                    return self._ask_inside(cursor, _settings(patience, least), sql, values)
                # One message: the server runs both statements in a transaction of their own, and the settings end with it.
                cursor.execute(f"{SETTINGS_SQL}; {sql}", [*_settings(patience, least), *values])
                cursor.nextset()
                rows: list[tuple[Any, ...]] = cursor.fetchall()
                return rows
        except (OperationalError, InterfaceError) as error:
            raise EngineError(str(error)) from error

    @staticmethod
    def _ask_inside(cursor: Any, settings: list[str], sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The same inside somebody's transaction, which must survive, and gets its settings back."""
        with transaction.atomic():
            cursor.execute(f"{SETTINGS_SQL}; {sql}", [*settings, *values])
            before = cursor.fetchone()[:4]
            cursor.nextset()
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            cursor.execute(RESTORE_SQL, [*before[:3], before[3] or str(SIMILAR_STEPS[-1])])
        return rows

    # ---- writes ------------------------------------------------------------------------------------------------------

    @transaction.atomic
    def write(self, generation: int, documents: Sequence[Document]) -> None:
        """Only what changed is touched: an edit that leaves names alone leaves names and keys alone."""
        for kind in {document.kind for document in documents}:
            self._write(generation, kind, [document for document in documents if document.kind == kind])

    def _write(self, generation: int, kind: str, documents: list[Document]) -> None:
        ids = [document.object_id for document in documents]
        known = {
            row.object_id: row
            for row in SearchDocument.objects.filter(generation=generation, kind=kind, object_id__in=ids).only("object_id", "keys")
        }
        hashes = {document.object_id: _hashes(generation, document) for document in documents}
        pks = _upsert([_row(generation, document, hashes[document.object_id]) for document in documents])
        gone, new = [], []
        for object_id, after in hashes.items():
            before = set(known[object_id].keys) if object_id in known else set()
            gone += [(key, object_id) for key in before - after]
            new += [(key, object_id) for key in after - before]
        _delete_keys(gone)
        _insert_keys(new)
        self._write_names({pks[document.object_id]: document for document in documents})

    def _write_names(self, documents: dict[int, Document]) -> None:
        wanted = {pk: _names(document) for pk, document in documents.items()}
        stored: dict[int, list[tuple[Any, ...]]] = {pk: [] for pk in documents}
        fields = ("position", "text", "language", "kind", "level", "strict", "medium", "loose", "sounds")
        for pk, *row in SearchName.objects.filter(document__in=documents).order_by("position").values_list("document_id", *fields):
            stored[pk].append(tuple(row))
        changed = [pk for pk in documents if stored[pk] != wanted[pk]]
        SearchName.objects.filter(document__in=[pk for pk in changed if stored[pk]]).delete()
        SearchName.objects.bulk_create(
            [SearchName(document_id=pk, **dict(zip(fields, row, strict=True))) for pk in changed for row in wanted[pk]],
            batch_size=1000,
        )

    @transaction.atomic
    def erase(self, generation: int, kind: str, ids: Collection[int]) -> None:
        rows = SearchDocument.objects.filter(generation=generation, kind=kind, object_id__in=ids)
        _erase(list(rows.values_list("pk", "object_id", "keys")))

    def drop(self, generation: int) -> None:
        while self.drop_some(generation):
            pass

    @transaction.atomic
    def drop_some(self, generation: int, batch: int = 1000) -> int:
        """Forget some documents of a generation, in a short transaction; returns how many."""
        rows = SearchDocument.objects.filter(generation=generation).values_list("pk", "object_id", "keys")[:batch]
        found = list(rows)
        _erase(found)
        return len(found)


def _settings(patience: float, least: float) -> list[str]:
    return [f"{max(1, int(patience * 1000))}ms", SORT_MEMORY, str(least)]


def _question(scope: Scope, clauses: Sequence[Clause]) -> tuple[Any, ...]:
    """What names are scored by, filters aside."""
    return (scope.generation, scope.kind, scope.level, tuple(clauses))


# ---- reading ---------------------------------------------------------------------------------------------------------


class _Where:
    """Conditions with their values, in order."""

    def __init__(self) -> None:
        self.conditions: list[str] = []
        self.values: list[Any] = []

    def add(self, condition: str, *values: Any) -> None:
        self.conditions.append(condition)
        self.values += values

    def __str__(self) -> str:
        return " AND ".join(self.conditions) or "TRUE"


class _Query:
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
            where = _Where()
            _of_scope(scope, where)
            _about(matches.text, scope.level, where)
            bound = "" if most is None else f" ORDER BY 1 LIMIT {most}"
            parts.append(f"(SELECT d.object_id FROM search_searchdocument d WHERE {where}{bound})")  # noqa: S608 -- see the head of the module
            values += where.values
        if not parts:
            parts.append("SELECT NULL::int WHERE FALSE")
        self.tables.append(f"matched (object_id) AS MATERIALIZED (SELECT * FROM ({' UNION '.join(parts)}) found ORDER BY 1)")  # noqa: S608 -- see the head of the module
        self.values += values
        return "matched"


def _of_scope(scope: Scope, where: _Where, joined: str = "") -> str:
    """Keep to the generation and kind, the level and the ids; with `joined`, returns the condition that ties the document to that table."""
    where.add("d.generation = %s AND d.kind = %s AND d.level <= %s", scope.generation, scope.kind, scope.level)
    if scope.ids is not None:
        where.add("d.object_id = ANY(%s)", list(scope.ids))
    return f"d.object_id = {joined}.object_id" if joined else ""


def _filters(scope: Scope) -> _Where:
    where = _Where()
    for each in scope.filters:
        where.add(_filter(each, scope.level, where))
    return where


def _filter(each: Filter, level: int, where: _Where) -> str:
    """One filter as a condition; its values go into `where`, the condition itself does not."""
    if each.open_at is not None:
        where.values += [each.open_at, each.open_at]
        # Never NULL, so that its opposite is true of what has no dates.
        return "(d.opens IS NOT NULL AND d.closes IS NOT NULL AND d.opens <= %s AND d.closes > %s)"
    where.values.append(list(each.tags))
    return f"d.tags_{level} && %s::text[]"


def _first_of_many(scope: Scope, query: TextQuery, limit: int) -> tuple[str, _Where]:
    """The first `limit` hits of a subject that very many have: all of them are among the best documents, so that the rest stays unread.

    Opens a statement that goes on with a query for the case that they are fewer; its values.
    """
    where = _filters(scope)
    where.add("d.level <= %s", scope.level)
    _about(query, scope.level, where, heaviest=True)
    best = f"SELECT * FROM search_searchdocument WHERE generation = %s AND kind = %s ORDER BY quality DESC, object_id LIMIT {LOOKED_THROUGH}"  # noqa: S608 -- see the head of the module
    weight = sum(CONCEPT_WEIGHT if unit.tag else WORD_WEIGHT for unit in query.units)
    head = (
        f"WITH first_of_many AS MATERIALIZED (SELECT d.object_id, {weight} AS weight, d.quality FROM ({best}) d"  # noqa: S608 -- see the head of the module
        f" WHERE {where} ORDER BY d.quality DESC, d.object_id LIMIT %s)"
        " SELECT * FROM first_of_many WHERE (SELECT count(*) FROM first_of_many) >= %s UNION ALL"
    )
    known = _Where()
    known.values = [scope.generation, scope.kind, *where.values, limit, limit]
    return head, known


def _about(query: TextQuery, level: int, where: _Where, *, heaviest: bool = False) -> None:
    """Every unit of the text is there; `heaviest`: each that has a concept by this."""
    for unit in query.units:
        words = [] if heaviest and unit.tag else [f"d.words_{level} && %s::text[]" for _ in unit.words]
        values: list[Any] = [sorted(readings) for readings in unit.words]
        if unit.tag and words:
            where.add(f"(d.tags_{level} @> %s::text[] OR ({' AND '.join(words)}))", [unit.tag], *values)
        elif unit.tag:
            where.add(f"d.tags_{level} @> %s::text[]", [unit.tag])
        else:
            where.add(" AND ".join(words) or "TRUE", *values)


def _weight(unit: Unit, level: int, weight: _Where) -> str:
    if not unit.tag:
        return str(WORD_WEIGHT)
    weight.values.append([unit.tag])
    return f"CASE WHEN d.tags_{level} @> %s::text[] THEN {CONCEPT_WEIGHT} ELSE {WORD_WEIGHT} END"


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


# ---- writing ---------------------------------------------------------------------------------------------------------


def _hashes(generation: int, document: Document) -> set[int]:
    """Its keys as they are stored, the level in the lowest two bits."""
    return {stored_hash(generation, document.kind, key) | level for key, level in document.keys.items()}


def _row(generation: int, document: Document, hashes: Collection[int]) -> tuple[Any, ...]:
    """The values of `WRITTEN`, lists as PostgreSQL writes them: thousands of words are not worth an adapter's look at each."""
    return (
        generation,
        document.kind,
        document.object_id,
        document.level,
        *(_text_array(sorted(texts)) for texts in (*document.tags, *document.words)),
        _number_array(sorted(hashes)),
        document.opens,
        document.closes,
        document.quality,
        document.sort_name,
        document.created,
        document.confirmed,
    )


def _upsert(rows: list[tuple[Any, ...]]) -> dict[int, int]:
    """Write these documents over what there was of them; their primary keys by object id."""
    if not rows:
        return {}
    # A list of lists has no type of its own: it travels as text and is read on arrival.
    given = ", ".join(f"%s::{'text' if kind.endswith('[]') else kind}[]" for kind in WRITTEN.values())
    read = ", ".join(f"{name}::{kind}" if kind.endswith("[]") else name for name, kind in WRITTEN.items())
    said = ", ".join(f"{name} = excluded.{name}" for name in list(WRITTEN)[3:])
    names = ", ".join(WRITTEN)
    sql = (
        f"INSERT INTO search_searchdocument ({names}) SELECT {read} FROM unnest({given}) AS given ({names})"  # noqa: S608 -- see the head of the module
        f" ON CONFLICT (generation, kind, object_id) DO UPDATE SET {said} RETURNING object_id, id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])
        return dict(cursor.fetchall())


def _number_array(numbers: Iterable[int]) -> str:
    return f"{{{','.join(map(str, numbers))}}}"


def _text_array(texts: Iterable[str]) -> str:
    quoted = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return "{" + ",".join(f'"{text}"' for text in quoted) + "}"


def _names(document: Document) -> list[tuple[Any, ...]]:
    """The rows of its names; `sounds` only for the widest of those that sound alike, so that the trigrams hold each sound once."""
    heard: dict[tuple[str, str], int] = {}
    for place, name in sorted(enumerate(document.names), key=lambda row: (row[1].level, row[0])):
        heard.setdefault((name.skeletons.medium, name.skeletons.loose), place)
    return [
        (
            place,
            name.text,
            name.language,
            name.kind,
            name.level,
            *name.skeletons,
            heard[name.skeletons.medium, name.skeletons.loose] == place,
        )
        for place, name in enumerate(document.names)
    ]


def _insert_keys(rows: list[tuple[int, int]]) -> None:
    if rows:
        # In the order of the index: neighbours share its pages.
        keys, ids, levels = _columns(sorted(rows))
        sql = "INSERT INTO search_searchkey (key, object_id, level) SELECT * FROM unnest(%s::bigint[], %s::int[], %s::int[]) ON CONFLICT DO NOTHING"
        with connection.cursor() as cursor:
            cursor.execute(sql, [_number_array(column) for column in (keys, ids, levels)])


def _delete_keys(rows: list[tuple[int, int]]) -> None:
    if rows:
        keys, ids, levels = _columns(sorted(rows))
        sql = (
            "DELETE FROM search_searchkey k USING unnest(%s::bigint[], %s::int[], %s::int[]) AS gone (key, object_id, level)"
            " WHERE k.key = gone.key AND k.object_id = gone.object_id AND k.level = gone.level"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [_number_array(column) for column in (keys, ids, levels)])


def _columns(rows: list[tuple[int, int]]) -> tuple[list[int], list[int], list[int]]:
    return [key & ~LEVEL_BITS for key, _ in rows], [pk for _, pk in rows], [key & LEVEL_BITS for key, _ in rows]


def _erase(rows: list[tuple[int, int, list[int]]]) -> None:
    _delete_keys([(key, object_id) for _, object_id, keys in rows for key in keys])
    pks = [pk for pk, _, _ in rows]
    SearchName.objects.filter(document__in=pks).delete()
    SearchDocument.objects.filter(pk__in=pks).delete()
