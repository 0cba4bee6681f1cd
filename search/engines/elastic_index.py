"""The Elasticsearch index: its settings and mapping, and the body made of a `Document`.

A generation is three indexes, one a kind. Nothing is analysed there: every key, word and gram is computed here, into keyword fields,
so the minimal server will do and an engine of another version cannot come to another result.

Keys and words stand in the field of the lowest level that finds by them, so a reader asks the fields up to their own;
tags are counted as well as asked, and stand in one field a level that holds them all.
"""

import datetime
from typing import Any

from django.conf import settings
from elasticsearch_dsl import Keyword, Long, Mapping
from elasticsearch_dsl import Nested as NestedField

from search.engines.base import COUNTED, LEVELS, Document
from vocabulary.names.trigrams import trigrams

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
MICROSECOND = datetime.timedelta(microseconds=1)


def index_name(generation: int, kind: str) -> str:
    """The alias that queries and writes use, so that a write never creates an index by mistake."""
    return f"{settings.ELASTICSEARCH_PREFIX}-{generation}-{kind}"


def concrete_name(generation: int, kind: str) -> str:
    """The index behind the alias."""
    return f"{index_name(generation, kind)}-data"


def index_body(alias: str) -> dict[str, Any]:
    """The settings and mapping of a new index."""
    return {
        "aliases": {alias: {}},
        "mappings": _mapping().to_dict(),
        "settings": {
            "number_of_shards": settings.ELASTICSEARCH_SHARDS,
            # A second copy as soon as there is a second node.
            "auto_expand_replicas": "0-1",
            # Set explicitly, because Elasticsearch otherwise stops refreshing an index that nobody searched for a while.
            "refresh_interval": "500ms",
            "max_result_window": 2 * COUNTED,
        },
    }


def _mapping() -> Mapping:
    """Strict: an undeclared field is an error."""
    mapping = Mapping()
    mapping.meta("dynamic", "strict")
    mapping.meta("_source", includes=["names.level", "names.medium", "names.loose"])
    for name in ("object_id", "quality", "opens", "closes", "created", "confirmed"):
        mapping.field(name, Long())
    mapping.field("level", _asked())
    mapping.field("sort_name", Keyword(index=False, norms=False))
    for level in LEVELS:
        mapping.field(f"tags_{level}", Keyword(norms=False))
        mapping.field(f"keys_{level}", _asked())
        mapping.field(f"words_{level}", _asked())
    strings = {name: Keyword(index=False, doc_values=False) for name in ("medium", "loose")}
    mapping.field("names", NestedField(properties={"level": _asked(), "size": _asked(), "grams": _asked(), **strings}))
    return mapping


def _asked() -> Keyword:
    """A field that is only queried for whole values."""
    return Keyword(doc_values=False, norms=False)


def document_id(kind: str, object_id: int) -> str:
    """The id of a document in the index."""
    return f"{kind}-{object_id}"


def document_body(document: Document) -> dict[str, Any]:
    """A document as it is stored."""
    keys: list[list[str]] = [[] for _ in LEVELS]
    for key, level in document.keys.items():
        keys[level].append(key)
    body: dict[str, Any] = {
        "object_id": document.object_id,
        "level": str(document.level),
        "quality": document.quality,
        "sort_name": document.sort_name,
        "created": microseconds(document.created),
        "confirmed": document.confirmed.toordinal(),
        "names": _names(document),
    }
    for name in ("opens", "closes"):
        moment = getattr(document, name)
        if moment is not None:
            body[name] = microseconds(moment)
    known: frozenset[str] = frozenset()
    for level in LEVELS:
        body[f"tags_{level}"] = sorted(document.tags[level])
        body[f"keys_{level}"] = sorted(keys[level])
        body[f"words_{level}"] = sorted(document.words[level] - known)
        known |= document.words[level]
    return body


def _names(document: Document) -> list[dict[str, Any]]:
    """Its names by their sound; of those that sound the same, the one with the lowest level."""
    widest: dict[tuple[str, str], int] = {}
    for name in document.names:
        sound = (name.skeletons.medium, name.skeletons.loose)
        widest[sound] = min(name.level, widest.get(sound, name.level))
    rows = []
    for (medium, loose), level in widest.items():
        grams = trigrams(f"{medium} {loose}")
        rows.append({"level": str(level), "medium": medium, "loose": loose, "size": str(len(grams)), "grams": sorted(grams)})
    return rows


def microseconds(moment: datetime.datetime) -> int:
    """As exact as PostgreSQL keeps it."""
    return (moment - EPOCH) // MICROSECOND


def moment_of(number: int) -> datetime.datetime:
    """The opposite of `microseconds`."""
    return EPOCH + number * MICROSECOND
