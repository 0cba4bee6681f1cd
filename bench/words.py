"""Graded queries in seven languages through the search, as a member types them: programmes, institutions and invented experts.

`bench/data/README.md` tells how `search_queries.tsv` was graded. Beside each figure stands that of a plain comparison: the documents
that share most first four letters of words with the query. `--failures` lists what was missed, of the half `dev` unless another is named.
`--engine elasticsearch` asks that engine, too (the server at ELASTICSEARCH_URL, or one of its own), and compares the answers.
"""

import argparse
import csv
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from bench import rig
from bench.names_lab import rows as read_rows
from bench.words_plain import Plain

SHOWN = 10
USEFUL = 2
"""The least grade of a document that should be on the page."""
PATIENCE = {"TIMEOUT": 60.0, "REPLICA_TIMEOUT": 50.0}
"""Seconds that replace the limits of a search, so that a busy machine gives the same answers; times are for `bench.search`."""
EXPERTS = Path(__file__).parent / "data" / "search_experts.csv"
GROUPS = ("kind", "language", "type", "split")
"""The columns of the table by which the figures are divided."""


class Query(NamedTuple):
    """A row of the table; `grades` by the key of a document: slug, or external id of an expert."""

    text: str
    kind: str
    grades: dict[str, int]
    groups: dict[str, str]

    @property
    def right(self) -> set[str]:
        """The best answers: those graded 3, or else the best there are."""
        best = max(self.grades.values(), default=0)
        return {key for key, grade in self.grades.items() if grade == best}

    @property
    def useful(self) -> set[str]:
        return {key for key, grade in self.grades.items() if grade >= USEFUL}


class Answer(NamedTuple):
    """The keys found for a query, best first; how many of them are only near; how many were counted in all."""

    query: Query
    found: tuple[str, ...]
    near: int = 0
    total: int = 0

    @property
    def first_is_right(self) -> bool:
        return bool(self.found) and self.found[0] in self.query.right

    @property
    def recall(self) -> float:
        """The share of the useful documents on the page, of as many as fit on it."""
        useful = self.query.useful
        return len(useful.intersection(self.found)) / min(SHOWN, len(useful))


class Figures(NamedTuple):
    """Of the queries with an answer: how many there are, success@1, recall@10, and the share that finds nothing."""

    queries: int
    first: float
    recall: float
    nothing: float

    def __str__(self) -> str:
        return f"{self.first:.3f}  {self.recall:.3f}  {self.nothing:.3f}"


def run(arguments: list[str] | None = None) -> bool:
    options = _options(arguments or [])
    queries = read_queries()
    address = os.environ.pop("ELASTICSEARCH_URL", "")
    with rig.stack() as folder:
        keys = load(folder)
        with _server(folder, address) if options.engine else nullcontext("") as url:
            _build_index(url)
            ours = [ask(query, keys) for query in queries]
            copied = _asked_elsewhere(url, queries, keys) if url else []
        plain = Plain(keys)
        beside = [Answer(query, plain.best(query.kind, query.text, SHOWN)) for query in queries]
    met = report(ours, beside)
    if options.failures:
        _list_failures(ours, options.failures)
    return _compare(ours, copied, listed=bool(options.failures)) and met if options.engine else met


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench words", description=__doc__)
    parser.add_argument("--failures", nargs="?", const="dev", choices=["dev", "held", "all"], help="list what was missed")
    parser.add_argument("--engine", choices=["elasticsearch"], help="compare the answers of this engine with those of PostgreSQL")
    return parser.parse_args(arguments)


# ---- loading ---------------------------------------------------------------------------------------------------------


def read_queries() -> list[Query]:
    """The rows of the table of queries."""
    return [
        Query(
            row["query"],
            row["kind"],
            {key: int(grade) for key, _colon, grade in (each.rpartition(":") for each in row["relevant"].split())},
            {column: row[column] for column in GROUPS},
        )
        for row in read_rows("search_queries.tsv")
    ]


def load(folder: Path) -> dict[tuple[str, int], str]:
    """Import the reference data and the experts; returns the keys of the documents by kind and id."""
    from institutions.models import Institution
    from programs.models import Program

    ids = folder / "experts.csv"
    rig.manage("import_reference", "--demo", "--verbosity", "0")
    rig.manage("import_experts", str(EXPERTS), "--map", str(ids))
    found = {("program", pk): slug for pk, slug in Program.objects.values_list("pk", "slug")}
    found |= {("institution", pk): slug for pk, slug in Institution.objects.values_list("pk", "slug")}
    return found | {("expert", int(row["id"])): row["external_id"] for row in csv.DictReader(ids.open(encoding="utf-8"))}


def _build_index(url: str) -> None:
    from search.domain.rebuilding import rebuild_index

    with _searching_with(url):
        rebuild_index(grace=0, fresh=True)


def _server(folder: Path, address: str) -> Any:
    from bench.search import node

    return nullcontext(address) if address else node(folder)


def _searching_with(url: str) -> Any:
    from bench.search import searching_with

    return searching_with(url) if url else nullcontext()


# ---- asking ----------------------------------------------------------------------------------------------------------


def ask(query: Query, keys: dict[tuple[str, int], str]) -> Answer:
    """What a member finds. Raises RuntimeError when an engine was away: the answer is not the whole one then."""
    from accounts.models import User
    from search.domain.query import SearchRequest
    from search.domain.ranking import search

    member, _made = User.objects.get_or_create(email="bench@demo.miras.example")
    with mock.patch.multiple("search.domain.ranking", **PATIENCE):
        result = search(member, SearchRequest(kind=query.kind, words=query.text, limit=SHOWN))
    if result.simpler:
        raise RuntimeError(f"{query.text}: not searched as a whole")
    near = sum(bool(getattr(hit, "near", False)) for hit in result.hits)
    return Answer(query, tuple(keys[query.kind, hit.object_id] for hit in result.hits), near, result.total)


def _asked_elsewhere(url: str, queries: list[Query], keys: dict[tuple[str, int], str]) -> list[Answer]:
    with _searching_with(url):
        return [ask(query, keys) for query in queries]


# ---- reporting -------------------------------------------------------------------------------------------------------


def figures(answers: list[Answer]) -> Figures:
    """Of the answers to queries that have one."""
    asked = [answer for answer in answers if answer.query.grades]
    sums = (
        sum(answer.first_is_right for answer in asked),
        sum(answer.recall for answer in asked),
        sum(not answer.found for answer in asked),
    )
    return Figures(len(asked), *(each / len(asked) for each in sums)) if asked else Figures(0, 0, 0, 0)


def report(ours: list[Answer], beside: list[Answer]) -> bool:
    """Print the tables; True when the search is better than the plain comparison in both figures."""
    whole, plain = figures(ours), figures(beside)
    better = whole.first > plain.first and whole.recall > plain.recall
    met = rig.table(
        "Words: success@1, recall@10, share without a hit",
        [(f"all ({whole.queries})", str(whole), str(plain), "> beside it", better), *_without_answer(ours, beside)],
    )
    for column in GROUPS:
        rig.table(f"By {column}: success@1, recall@10, share without a hit", list(_divided(column, ours, beside)))
    return met


def _divided(column: str, ours: list[Answer], beside: list[Answer]) -> Iterator[tuple[str, str, str, str, bool]]:
    for value in Counter(answer.query.groups[column] for answer in ours if answer.query.grades):
        mine, other = (figures([answer for answer in each if answer.query.groups[column] == value]) for each in (ours, beside))
        yield f"{value} ({mine.queries})", str(mine), str(other), "", True


def _without_answer(ours: list[Answer], beside: list[Answer]) -> list[tuple[str, str, str, str, bool]]:
    mine, other = ([answer for answer in each if not answer.query.grades] for each in (ours, beside))
    return [
        (f"no answer ({len(mine)}): hits", f"{_mean(mine, _sure):.2f}", f"{_mean(other, _sure):.2f}", "", True),
        ("no answer: near hits", f"{_mean(mine, lambda answer: answer.near):.2f}", "", "", True),
    ]


def _sure(answer: Answer) -> int:
    return len(answer.found) - answer.near


def _mean(answers: list[Answer], count: Callable[[Answer], int]) -> float:
    return sum(map(count, answers)) / len(answers)


def _list_failures(answers: list[Answer], split: str) -> None:
    """Queries with a wrong first hit or useful documents missing, and those without an answer that find something."""
    for answer in answers:
        query = answer.query
        if split not in ("all", query.groups["split"]):
            continue
        failed = _sure(answer) > 0 if not query.grades else not answer.first_is_right or answer.recall < 1
        if failed:
            where = " ".join(query.groups[column] for column in GROUPS)
            print(f"{query.text!r} ({where})")
            print(f"    found:  {', '.join(f'{key} ({query.grades.get(key, 0)})' for key in answer.found[:3]) or 'nothing'}")
            print(f"    right:  {', '.join(sorted(query.right)) or 'nothing'}")
            if missing := query.useful.difference(answer.found):
                print(f"    missed: {', '.join(sorted(missing))}")


def _compare(ours: list[Answer], copied: list[Answer], *, listed: bool) -> bool:
    """Whether both engines give the same: the documents, their order, and how many there are."""
    pairs = list(zip(ours, copied, strict=True))
    differing: dict[str, list[tuple[Answer, Answer]]] = {
        "ids": [(one, two) for one, two in pairs if set(one.found) != set(two.found)],
        "order": [(one, two) for one, two in pairs if one.found != two.found],
        "counts": [(one, two) for one, two in pairs if one.total != two.total],
    }
    for what, those in differing.items() if listed else ():
        for one, two in those:
            print(f"{what}: {one.query.text!r} {one.total} {one.found[:3]} / {two.total} {two.found[:3]}")
    rows = [(what, f"{len(those)} differ", f"{len(pairs)} queries", "0", not those) for what, those in differing.items()]
    return rig.table("Elasticsearch beside PostgreSQL", rows)
