"""Which materials, objects and techniques belong to which fields, specialisms and crafts, and which techniques are applied to anything.

The vocabulary gives each concept one broader concept, of one scheme at most places: nothing in it says that a carpet belongs to carpet conservation.
`matching/data/relations.csv` says so. It was compiled for this platform from general professional knowledge; nothing was copied from a thesaurus.
Columns: `concept`, `relation` (`belongs`, `general` or `records`), `to` (a field, specialism or technique), `percent` (how far the concept alone stands for it).
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).resolve().parent.parent / "data" / "relations.csv"


@dataclass(frozen=True)
class Relations:
    """`belongs[concept][to]` is a share of 1; `general` techniques say little without an object; those that `records` describe an object and do not treat or make it."""

    belongs: Mapping[str, Mapping[str, float]]
    general: frozenset[str]
    records: frozenset[str]


@cache
def relations() -> Relations:
    """The table, by slugs."""
    belongs: dict[str, dict[str, float]] = {}
    apart: dict[str, set[str]] = {"general": set(), "records": set()}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["relation"] in apart:
                apart[row["relation"]].add(row["concept"])
            else:
                belongs.setdefault(row["concept"], {})[row["to"]] = int(row["percent"]) / 100
    return Relations(belongs, frozenset(apart["general"]), frozenset(apart["records"]))
