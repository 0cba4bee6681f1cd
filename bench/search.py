"""The search at a given number of profiles (--rows): every question beside the bare look-up of its keys in PostgreSQL.

Profiles get names of the six countries, and go straight into the tables, so that a million takes minutes. `--beside N` measures a
second, smaller size in the same run: what ten times the people cost. `--elasticsearch` asks a server of its own, too, which is given the
same profiles (Java 17, Maven; ES_HEAP, 4g).
"""

import argparse
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from bench.crowd import COUNTRIES, TABLES, World
from bench.rig import manage, p95, stack, table

PLAIN, FUZZY, GROWTH = 3.0, 10.0, 3.0
SUBJECTS = ("ceramics", "керамика", "реставрация живописи", "textile conservation", "археология", "қыш бұйымдары", "wood carving")


def run(arguments: list[str] | None = None) -> bool:
    parser = argparse.ArgumentParser(prog="python -m bench search", description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--beside", type=int, default=0)
    parser.add_argument("--elasticsearch", action="store_true")
    options = parser.parse_args(arguments or [])
    figures: dict[str, dict[int, dict[str, Any]]] = {"PostgreSQL": {}} | ({"Elasticsearch": {}} if options.elasticsearch else {})
    with stack() as folder, node(folder) if options.elasticsearch else nullcontext("") as url:
        manage("import_reference")
        for rows in sorted(filter(None, {options.beside, options.rows})):
            world = World(rows)
            loaded = timed(world.load)
            print(f"{rows} profiles with {world.keys} keys written in {loaded:.0f} s", flush=True)
            figures["PostgreSQL"][rows] = measure(world)
            if url:
                with searching_with(url):
                    print(f"and into Elasticsearch in {timed(world.mirror):.0f} s", flush=True)
                    figures["Elasticsearch"][rows] = measure(world)
        rebuilt = rebuilding()
    met = table("Rebuilding", rebuilt)
    for engine, measured in figures.items():
        shown = report(options.rows, measured[options.rows])
        if options.beside:
            shown += growth(options.rows, options.beside, measured)
        met = table(f"Search at {options.rows:,} profiles, {engine}", shown) and met
    return met


@contextmanager
def node(folder: Path) -> Iterator[str]:
    """An Elasticsearch of this bench's own; yields its address."""
    from exchange.stack.elastic_program import fetch
    from exchange.stack.elasticsearch import Elasticsearch, running_node

    fetch()
    server = Elasticsearch(folder / "elasticsearch", heap=os.environ.get("ES_HEAP", "4g"))
    with running_node(server):
        yield server.url


@contextmanager
def searching_with(url: str) -> Iterator[None]:
    """This process asks that server."""
    from django.conf import settings

    settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_PREFIX = url, "bench"
    try:
        yield
    finally:
        settings.ELASTICSEARCH_URL = ""


# ---- measuring -------------------------------------------------------------------------------------------------------


def measure(world: World) -> dict[str, Any]:
    """p50 and p95 of every question, in seconds."""
    from profiles.models import User
    from search.domain.query import SearchRequest
    from search.domain.ranking import search
    from search.engines.choosing import replica_engine
    from search.engines.postgres import PostgresEngine

    engine: Any = type(replica_engine() or PostgresEngine())
    member, _made = User.objects.get_or_create(email="bench@demo.miras.example")
    fuzzy_found: list[str] = []
    fuzzy_match = engine.fuzzy_match

    def noted(self: Any, *args: Any) -> Any:
        fuzzy_found.append("")
        return fuzzy_match(self, *args)

    engine.fuzzy_match = noted

    def ask(words: str, **more: Any) -> Any:
        result = search(member, SearchRequest("expert", words, with_facets=True, **more))
        simpler.extend([words] if result.simpler else [])
        return result

    simpler: list[str] = []
    figures: dict[str, Any] = {}
    for words in world.clean()[:60]:
        bare(words)
        ask(words)
    plain: list[float] = []
    saved: list[float] = []
    figures["bare look-up"] = [timed(bare, words) for words in world.clean()]
    for words in (*world.clean(), *world.misspelt()):
        fuzzy_found.clear()
        took = timed(ask, words)
        (saved if fuzzy_found else plain).append(took)
    figures["names, plain"], figures["names, rescued"] = plain, saved
    figures["names, a facet on"] = [timed(ask, words, filters={"country": ["UZ"]}) for words in world.clean()[:100]]
    figures["subjects"] = [timed(ask, words) for words in SUBJECTS * 5]
    figures["no words"] = [timed(ask, "", filters={"country": [country]}) for country in COUNTRIES * 5]
    print(
        f"{world.rows} on {engine.name}: " + ", ".join(f"{name} p95 {p95(took) * 1000:.0f} ms" for name, took in figures.items()),
        flush=True,
    )
    figures["bytes"] = size_of(TABLES) / world.rows
    figures["parts"] = {name: size_of([name]) / world.rows for name in TABLES}
    figures["right"] = sum(ask(words).hits[0].score >= 1.2 for words in world.clean()[:100] if ask(words).hits)
    figures["simpler"] = len(simpler)
    engine.fuzzy_match = fuzzy_match
    return figures


def bare(words: str) -> Any:
    """The look-up of the keys and nothing else: the best 200 ids by score."""
    from django.db import connection

    from search.domain.indexing import active_generation
    from search.engines.base import Scope
    from search.engines.postgres import _Query
    from search.names import query_clauses

    query = _Query()
    query.score(Scope(_active(active_generation), "expert", 1), query_clauses(words), 1)
    with connection.cursor() as cursor:
        cursor.execute(f"{query.head()} SELECT object_id, score FROM scored ORDER BY 2 DESC, 1 LIMIT 200", query.values)
        return cursor.fetchall()


def _active(active_generation: Callable[[], Any]) -> int:
    return int(active_generation().pk)


def rebuilding() -> list[tuple[str, str, str, str, bool]]:
    """How fast a rebuild is, on real profiles. How long an edit takes is for `bench.freshness`, through the real worker."""
    from django.db import connection

    from search.domain.rebuilding import rebuild_index
    from search.models import SearchIndex

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE search_searchkey, search_searchname, search_searchdocument, profiles_expertprofile CASCADE")
    SearchIndex.objects.all().delete()
    manage("seed_demo", "--experts", "3000", "--programs", "20", "--seed", "3")
    begun = time.perf_counter()
    done = rebuild_index(grace=0)
    rate = done.documents / (time.perf_counter() - begun)
    return [("rebuild", f"{rate:.0f} documents/s", "", "", True)]


# ---- reporting -------------------------------------------------------------------------------------------------------


def report(rows: int, figures: dict[str, Any]) -> list[tuple[str, str, str, str, bool]]:
    base = p95(figures["bare look-up"])
    beside = f"{base * 1000:.1f} ms bare"
    shown = []
    for name, demand in (
        ("names, plain", PLAIN),
        ("names, rescued", FUZZY),
        ("names, a facet on", 0),
        ("subjects", 0),
        ("no words", 0),
    ):
        took = figures[name]
        ratio = p95(took) / base
        told = f"{ratio:.2f}" + (f" (<= {demand:.0f})" if demand else "")
        middle = sorted(took)[len(took) // 2]
        shown.append(
            (
                f"{name} ({len(took)})",
                f"p50 {middle * 1000:.1f}, p95 {p95(took) * 1000:.1f} ms",
                beside,
                told,
                not demand or ratio <= demand,
            )
        )
    parts = ", ".join(f"{name.removeprefix('search_search')} {size / 1000:.1f}" for name, size in figures["parts"].items())
    cut = figures["simpler"]
    shown.append(("answers cut short by the clock", str(cut), "", "", not cut))
    shown.append(("kB a profile", f"{figures['bytes'] / 1000:.1f}", parts, "", True))
    return shown


def growth(rows: int, beside: int, figures: dict[int, dict[str, Any]]) -> list[tuple[str, str, str, str, bool]]:
    shown = []
    for name in ("bare look-up", "names, plain", "names, rescued", "names, a facet on", "subjects", "no words"):
        large, small = p95(figures[rows][name]), p95(figures[beside][name])
        demanded = name.startswith("names")
        shown.append(
            (
                f"{name}, p95",
                f"{large * 1000:.1f} ms at {rows}",
                f"{small * 1000:.1f} ms at {beside}",
                f"{large / small:.2f}" + (f" (<= {GROWTH:.0f})" if demanded else ""),
                not demanded or large / small <= GROWTH,
            )
        )
    return shown


def timed(work: Callable[..., Any], *arguments: Any, **more: Any) -> float:
    begun = time.perf_counter()
    work(*arguments, **more)
    return time.perf_counter() - begun


def size_of(names: Any) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(%s::text[]) name", [list(names)])
        return int(cursor.fetchone()[0])
