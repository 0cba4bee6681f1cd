"""Writing to the tables of the PostgreSQL engine: documents, their names and their keys.

Only names of our own columns are set into SQL; every value is a parameter. Every function runs inside a transaction of its caller.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection

from search.engines.base import Document
from search.models import SearchDocument, SearchName

LEVEL_BITS = 3
ITEM, DOCUMENT = "\x1f", "\x1e"
"""Between two items of a list, and between the lists of two documents, while they travel: no tag and no word has a control character."""
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


def stored_hash(generation: int, kind: str, key: str) -> int:
    """A key as it is stored: 62 bits that are the same everywhere and for ever, and two bits free for a level."""
    digest = hashlib.blake2b(f"{generation} {kind} {key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True) & ~LEVEL_BITS


def write_documents(generation: int, kind: str, documents: Sequence[Document]) -> None:
    """Write documents of one kind over those with the same ids. Names and keys that did not change are left as they are."""
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
    _write_names({pks[document.object_id]: document for document in documents})


def erase_documents(rows: Any) -> int:
    """Delete the documents of this queryset with their names and keys; returns how many there were."""
    found = list(rows.values_list("pk", "object_id", "keys"))
    _delete_keys([(key, object_id) for _, object_id, keys in found for key in keys])
    pks = [pk for pk, _, _ in found]
    SearchName.objects.filter(document__in=pks).delete()
    SearchDocument.objects.filter(pk__in=pks).delete()
    return len(found)


def _write_names(documents: dict[int, Document]) -> None:
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


def _hashes(generation: int, document: Document) -> set[int]:
    """Its keys as they are stored, the level in the lowest two bits."""
    return {stored_hash(generation, document.kind, key) | level for key, level in document.keys.items()}


def _row(generation: int, document: Document, hashes: Collection[int]) -> tuple[Any, ...]:
    """The values of `WRITTEN`, each list as one text: thousands of words are not worth an adapter's look at each."""
    return (
        generation,
        document.kind,
        document.object_id,
        document.level,
        *(ITEM.join(sorted(texts)) for texts in (*document.tags, *document.words)),
        ITEM.join(map(str, sorted(hashes))),
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
    # A list of lists has no type of its own: it travels as one text and is taken apart on arrival.
    lists = [kind.endswith("[]") for kind in WRITTEN.values()]
    given = ", ".join(
        "string_to_array(%s, chr(30))" if is_list else f"%s::{kind}[]"
        for is_list, kind in zip(lists, WRITTEN.values(), strict=True)
    )
    read = ", ".join(
        f"coalesce(string_to_array({name}, chr(31)), '{{}}')::{kind}" if kind.endswith("[]") else name
        for name, kind in WRITTEN.items()
    )
    assignments = ", ".join(f"{name} = excluded.{name}" for name in list(WRITTEN)[3:])
    names = ", ".join(WRITTEN)
    sql = (
        f"INSERT INTO search_searchdocument ({names}) SELECT {read} FROM unnest({given}) AS given ({names})"  # noqa: S608 -- see the head of the module
        f" ON CONFLICT (generation, kind, object_id) DO UPDATE SET {assignments} RETURNING object_id, id"
    )
    with connection.cursor() as cursor:
        columns = zip(lists, zip(*rows, strict=True), strict=True)
        cursor.execute(sql, [DOCUMENT.join(column) if is_list else list(column) for is_list, column in columns])
        return dict(cursor.fetchall())


def _number_array(numbers: Iterable[int]) -> str:
    return f"{{{','.join(map(str, numbers))}}}"


def _names(document: Document) -> list[tuple[Any, ...]]:
    """The rows of its names; `sounds` is true for one of those that sound the same, the one visible to most readers, so that the trigrams hold each sound once."""
    widest: dict[tuple[str, str], int] = {}
    for place, name in sorted(enumerate(document.names), key=lambda row: (row[1].level, row[0])):
        widest.setdefault((name.skeletons.medium, name.skeletons.loose), place)
    return [
        (
            place,
            name.text,
            name.language,
            name.kind,
            name.level,
            *name.skeletons,
            widest[name.skeletons.medium, name.skeletons.loose] == place,
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
