"""Which materials, objects and techniques belong to which fields, specialisms and crafts, and which techniques are applied to anything.

The vocabulary gives each concept one broader concept, of one scheme at most places: nothing in it says that a carpet belongs to carpet conservation.
`matching/data/relations.csv` says so. It was compiled for this platform from general professional knowledge; nothing was copied from a thesaurus.
Columns: `concept`, `relation` (`belongs` or `general`), `to` (a field, specialism or technique), `percent` (how far the concept alone stands for it).
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).resolve().parent.parent / "data" / "relations.csv"


@dataclass(frozen=True)
class Relations:
    """`belongs[concept][to]` is a share of 1; `general` are techniques that say little without an object."""

    belongs: Mapping[str, Mapping[str, float]]
    general: frozenset[str]


@cache
def relations() -> Relations:
    """The table, by slugs."""
    belongs: dict[str, dict[str, float]] = {}
    general = set()
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["relation"] == "general":
                general.add(row["concept"])
            else:
                belongs.setdefault(row["concept"], {})[row["to"]] = int(row["percent"]) / 100
    return Relations(belongs, frozenset(general))
