"""How long a saved edit takes until the index holds it, through the real worker: at rest, beside matching, beside an import, after a pause.

`--elasticsearch` asks a server of its own when an edit is found there, instead of PostgreSQL (Java 17, Maven; ES_HEAP, 4g).
"""

import argparse
import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench import rig
from bench.imports import write_table
from bench.search import node, searching_with
from exchange.core.broker import LOW_PRIORITY, NORMAL

LAG = 2.0
"""Seconds within which an edit must be found at the 99th percentile."""
QUEUES = ("", *(f"\x06\x16{priority}" for priority in (NORMAL, LOW_PRIORITY)))
"""How the names of the queues end in Redis."""
PEOPLE, EDITS, PAUSE = 3_000, 200, 0.05
STARTING = 10.0
STOPPED_SECONDS = 60.0


def run(arguments: list[str] | None = None) -> bool:
    parser = argparse.ArgumentParser(prog="python -m bench freshness", description=__doc__)
    parser.add_argument("--elasticsearch", action="store_true")
    options = parser.parse_args(arguments or [])
    with rig.stack() as folder, engine(folder) if options.elasticsearch else contextlib.nullcontext():
        rig.manage("import_reference", "--demo", "--verbosity", "0")
        rig.manage("seed_demo", "--experts", str(PEOPLE), "--programs", "60", "--seed", "3")
        table = folder / "people.csv"
        write_table(table, town="Bukhara")
        with worker(folder):
            time.sleep(STARTING)
            wait_until_mirrored()
            rows = [row("beside the matching of every programme", watch(edits))]
            wait_until_idle()
            rows.append(row("nothing else to do", watch(edits)))
            rows.append(row("beside an import of 20,000 people", watch(edits_during(table))))
        made = pile_up()
        with worker(folder):
            began = time.perf_counter()
            wait_until_done(made)
            took = time.perf_counter() - began
        rows.append(
            (
                f"{len(made):,} edits of a minute without a worker",
                f"{took:.1f} s after its start",
                "",
                f"<= {STOPPED_SECONDS:.0f} s",
                took <= STOPPED_SECONDS,
            )
        )
    name = "Elasticsearch" if options.elasticsearch else "PostgreSQL"
    return rig.table(f"Index lag, {PEOPLE:,} experts, one worker: from the commit of an edit until {name} finds it", rows)


def row(name: str, lags: list[float]) -> tuple[str, str, str, str, bool]:
    lags = sorted(lags)
    worst = lags[int(len(lags) * 0.99)]
    print(f"{name}: {len(lags)} edits, p99 {worst:.2f} s", flush=True)
    shown = f"p50 {lags[len(lags) // 2]:.2f} s, p99 {worst:.2f} s, most {lags[-1]:.2f} s"
    return (name, shown, f"{len(lags)} edits", f"<= {LAG:.0f} s", worst <= LAG)


@contextlib.contextmanager
def engine(folder: Path) -> Iterator[None]:
    """A server of this bench's own, for this process and those it starts."""
    with node(folder) as url, searching_with(url):
        os.environ |= {"ELASTICSEARCH_URL": url, "ELASTICSEARCH_PREFIX": "bench"}
        yield


@contextlib.contextmanager
def worker(folder: Path) -> Iterator[None]:
    """The worker as the platform runs it, its clock included."""
    command = [sys.executable, "-m", "exchange.stack.worker", "--schedule", str(folder / "beat")]
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=rig.ROOT, stdout=log, stderr=log, env={**os.environ, "CELERY_SKIP_CHECKS": "1"})
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


# ---- editing ---------------------------------------------------------------------------------------------------------


class Written:
    """When each edited profile was committed, and when the index held it: its row carries another transaction from then on."""

    def __init__(self) -> None:
        self.waiting: dict[int, tuple[float, str]] = {}
        self.lags: list[float] = []
        self.stopping = False

    def edit(self, pk: int) -> None:
        before = versions([pk])[pk]
        save(pk)
        self.waiting[pk] = (time.perf_counter(), before)

    def look(self) -> None:
        while self.waiting or not self.stopping:
            asked = dict(self.waiting)
            now_there = versions(asked)
            seen = time.perf_counter()
            for pk, (saved, before) in asked.items():
                if now_there[pk] != before:
                    self.lags.append(seen - saved)
                    del self.waiting[pk]
            time.sleep(0.01)
        close_connection()


def watch(editing: Callable[[Written], None]) -> list[float]:
    """Edit, and tell how long each edit took until the index held it."""
    written = Written()
    looking = threading.Thread(target=written.look)
    looking.start()
    try:
        editing(written)
    finally:
        written.stopping = True
        looking.join()
    return written.lags


def edits(written: Written) -> None:
    for pk in somebody(EDITS):
        written.edit(pk)
        time.sleep(PAUSE)


def edits_during(table: Path) -> Callable[[Written], None]:
    """Until all whom the import brought are in the index as well."""

    def editing(written: Written) -> None:
        command = [sys.executable, "manage.py", "import_experts", str(table)]
        importing = subprocess.Popen(command, cwd=rig.ROOT, stdout=subprocess.DEVNULL)
        for number, pk in enumerate(somebody(2_000)):
            if number >= EDITS and importing.poll() is not None and waiting_events("search.") == 0:
                break
            written.edit(pk)
            time.sleep(4 * PAUSE)
        if importing.wait():
            raise RuntimeError("the import failed")

    return editing


def pile_up() -> list[tuple[int, str]]:
    """A minute of edits without a worker: (profile, version of its row in the index before)."""
    ids = somebody(int(STOPPED_SECONDS / PAUSE))
    before = versions(ids)
    began = time.perf_counter()
    made = []
    for pk in ids:
        if time.perf_counter() - began > STOPPED_SECONDS:
            break
        save(pk)
        made.append((pk, before[pk]))
    return made


def save(pk: int) -> None:
    from django.db import transaction

    from profiles.domain.profiles import refresh_index
    from profiles.domain.visibility import with_parts
    from profiles.models import ExpertProfile

    with transaction.atomic():
        refresh_index(with_parts(ExpertProfile.objects.filter(pk=pk)).get())


# ---- looking ---------------------------------------------------------------------------------------------------------


def somebody(count: int) -> list[int]:
    from search.models import SearchDocument, SearchKind

    people = SearchDocument.objects.filter(kind=SearchKind.EXPERT).order_by("?")
    return list(people.values_list("object_id", flat=True)[:count])


def versions(ids: Any) -> dict[int, str]:
    """What changes with every write of a document, as questions see it."""
    from django.conf import settings

    found = _versions_in_elasticsearch(list(ids)) if settings.ELASTICSEARCH_URL else _versions_in_postgresql(list(ids))
    return {pk: found.get(pk, "") for pk in ids}


def _versions_in_postgresql(ids: list[int]) -> dict[int, str]:
    from django.db import connection

    sql = "SELECT object_id, xmin::text FROM search_searchdocument WHERE kind = 'expert' AND object_id = ANY(%s)"
    with connection.cursor() as cursor:
        cursor.execute(sql, [ids])
        return dict(cursor.fetchall())


def _versions_in_elasticsearch(ids: list[int]) -> dict[int, str]:
    from search.domain.indexing import active_generation
    from search.engines.elastic import client
    from search.engines.elastic_index import index_name

    found = client().search(
        index=index_name(active_generation().pk, "expert"),
        query={"terms": {"object_id": ids}},
        docvalue_fields=["object_id"],
        source=False,
        version=True,
        size=max(1, len(ids)),
    )
    return {hit["fields"]["object_id"][0]: str(hit["_version"]) for hit in found["hits"]["hits"]}


def wait_until_mirrored() -> None:
    from django.conf import settings

    from search.models import SearchIndex

    while settings.ELASTICSEARCH_URL and not SearchIndex.objects.filter(state="active", mirrored=True).exists():
        time.sleep(0.2)


def waiting_events(kind: str = "") -> int:
    from exchange.core.models import OutboxEvent

    return OutboxEvent.objects.filter(done_at=None, kind__startswith=kind).count()


def wait_until_idle() -> None:
    """Until nothing waits in the outbox nor in the queues of jobs, and no job runs, three times in a row."""
    from django.conf import settings
    from redis import Redis

    prefix, idle = settings.CACHES["default"]["KEY_PREFIX"], 0
    with Redis.from_url(settings.REDIS_URL) as redis:
        while idle < 3:
            jobs = sum(redis.llen(f"{prefix}:celery{place}") for place in QUEUES) + redis.hlen(f"{prefix}:unacked")
            idle = 0 if jobs or waiting_events() else idle + 1
            time.sleep(0.5)


def wait_until_done(made: list[tuple[int, str]]) -> None:
    while any(versions(dict(made))[pk] == before for pk, before in made):
        time.sleep(0.1)


def close_connection() -> None:
    from django.db import connection

    connection.close()
