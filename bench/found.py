"""The development gold through the platform itself: people imported from a table, indexed, and looked for as a member does.

Of each person or place of the gold the first spelling is imported, as one whole name, among the distractors; every other spelling is
typed. The rank is the place among the hits of one page, so whatever stands before the right one counts against us.
"""

import csv
import random
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from bench import names_lab as lab
from bench import rig

SHOWN = 10


class Asked(NamedTuple):
    """A query, and the place of the right one among the hits (0: not on the page)."""

    query: lab.Query
    rank: int


def run() -> bool:
    queries, stored = _one_name_each()
    with rig.stack() as folder:
        rig.manage("import_reference", "--verbosity", "0")
        people, ids = folder / "people.csv", folder / "map.csv"
        _write(people, stored)
        rig.manage("import_experts", str(people), "--map", str(ids))
        rig.manage("search_rebuild", "--fresh")
        known = {row["external_id"]: int(row["id"]) for row in csv.DictReader(ids.open(encoding="utf-8"))}
        core = list(_asked(queries, known))
        chance = random.Random(2)
        typos = list(_asked([query._replace(text=lab.with_typo(query.text, chance)) for query in queries], known))
    rows = [
        _row("core", core, 0.965, 0.985),
        *(
            _row(home, [one for one in core if one.query.home == home and one.query.kind != "initials"], 0.96, 0.98)
            for home in lab.HOMES
        ),
        _row("apostrophe variants", [one for one in core if one.query.kind == "apostrophe"], 1.0, 1.0),
        _row("one typo", typos, 0.93, 0.97),
        _row("initials", [one for one in core if one.query.kind == "initials"], 0.0, 0.98),
    ]
    return rig.table(f"Names through the platform: {len(stored):,} people, R@1 / R@10", rows)


def _one_name_each() -> tuple[list[lab.Query], dict[str, str]]:
    """Queries, and the names to store by external id."""
    stored: dict[str, str] = {}
    queries = []
    for row in lab.rows("names_gold.tsv"):
        entity, what, home = row["note"].split(";")
        target = stored.setdefault(entity, row["a"])
        if row["kind"] not in lab.OUTSIDE_CORE and row["b"] != target and row["a"] == target:
            queries.append(lab.Query(row["b"], target, entity, row["kind"], what, home.removeprefix("home=")))
    return queries, stored | {f"other-{number}": other.text for number, other in enumerate(lab.distractors())}


def _write(path: Path, stored: dict[str, str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["external_id", "name", "name_lang"])
        writer.writerows([key, name, ""] for key, name in stored.items())


def _asked(queries: Iterable[lab.Query], known: dict[str, int]) -> Iterable[Asked]:
    from profiles.models import User
    from search.domain.query import SearchRequest
    from search.domain.ranking import search

    member = User.objects.filter(email="bench@demo.miras.example").first() or User.objects.create_user("bench@demo.miras.example")
    for query in queries:
        found = search(member, SearchRequest("expert", words=query.text, limit=SHOWN)).hits
        ids = [hit.object_id for hit in found]
        yield Asked(query, ids.index(known[query.entity]) + 1 if known[query.entity] in ids else 0)


def _row(title: str, search_params: list[Asked], first: float, ten: float) -> tuple[str, str, str, str, bool]:
    one = sum(each.rank == 1 for each in search_params) / len(search_params)
    in_ten = sum(0 < each.rank <= SHOWN for each in search_params) / len(search_params)
    return (
        title,
        f"{one:.3f} / {in_ten:.3f}",
        f"{len(search_params):,} queries",
        f">= {first:g} / {ten:g}",
        one >= first and in_ten >= ten,
    )
