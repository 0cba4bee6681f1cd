"""The search at a given number of profiles (--rows), PostgreSQL engine: every question beside the bare look-up of its keys.

Profiles get names of the six countries, and go straight into the tables, so that a million takes minutes. `--beside N` measures a
second, smaller size in the same run: what ten times the people cost.
"""

import argparse
import datetime
import random
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from bench.rig import manage, p95, stack, table

PLAIN, RESCUE, GROWTH, LAG = 3.0, 10.0, 3.0, 2.0
QUERIES = 300
MADE = 20_000
"""Profiles that are made; larger sizes hold them several times over, as the names of a country repeat."""
COUNTRIES = ("KZ", "KG", "TJ", "TM", "UZ", "US")
CITIES = [
    "almaty",
    "astana",
    "bishkek",
    "osh",
    "dushanbe",
    "khujand",
    "ashgabat",
    "mary",
    "tashkent",
    "samarkand",
    "bukhara",
    "newark",
]
TABLES = ("search_searchkey", "search_searchdocument", "search_searchname")
SUBJECTS = ("ceramics", "керамика", "реставрация живописи", "textile conservation", "археология", "қыш бұйымдары", "wood carving")


def run(arguments: list[str] | None = None) -> bool:
    parser = argparse.ArgumentParser(prog="python -m bench search", description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--beside", type=int, default=0)
    options = parser.parse_args(arguments or [])
    with stack():
        manage("import_reference")
        figures = {}
        for rows in sorted(filter(None, {options.beside, options.rows})):
            world = World(rows)
            loaded = timed(world.load)
            print(f"{rows} profiles with {world.keys} keys written in {loaded:.0f} s", flush=True)
            figures[rows] = measure(world)
        shown = report(options.rows, figures[options.rows])
        if options.beside:
            shown += growth(options.rows, options.beside, figures)
        shown += freshness()
        return table(f"Search at {options.rows} profiles", shown)


class World:
    """The profiles of one size, and queries drawn from their names."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.chance = random.Random(rows)
        self.keys = 0
        self.sample: list[list[str]] = []

    def load(self) -> None:
        """COPY them in, then let the planner know."""
        from django.db import connection
        from django.utils import timezone

        from search.domain.documents import SHAPE_VERSION
        from search.models import SearchIndex
        from search.names import KEY_VERSION

        SearchIndex.objects.all().delete()
        index = SearchIndex.objects.create(
            state="living", key_version=KEY_VERSION, shape_version=SHAPE_VERSION, built_at=timezone.now()
        )
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE search_searchkey, search_searchname, search_searchdocument, profiles_expertprofile CASCADE")
            cursor.execute("ALTER TABLE search_searchkey DROP CONSTRAINT search_searchkey_pkey")
            cursor.execute("DROP INDEX IF EXISTS name_trigrams")
            cursor.execute("DROP TABLE IF EXISTS bench_profile")
            cursor.execute(
                "CREATE TEMP TABLE bench_profile (id int, country text, shown_name text, latin_name text, sort_name text, created_at timestamptz)"
            )
            made = min(self.rows, MADE)
            self._copy(cursor, index.pk, range(1, made + 1))
            cursor.execute("SET statement_timeout = 0")
            times = self.rows // made
            for name, columns, moved in (
                ("bench_profile", PROFILE, {"id"}),
                ("search_searchdocument", DOCUMENT, {"id", "object_id"}),
                ("search_searchname", NAME, {"document_id"}),
                ("search_searchkey", ("key", "object_id", "level"), {"object_id"}),
            ):
                taken = ", ".join(f"{column} + n * {made}" if column in moved else column for column in columns)
                cursor.execute(
                    f"INSERT INTO {name} ({', '.join(columns)}) SELECT {taken} FROM {name}, generate_series(1, {times - 1}) n"
                )
            self.keys *= times
            _insert_profiles(cursor)
            cursor.execute("SET maintenance_work_mem = '1GB'")
            cursor.execute("ALTER TABLE search_searchkey ADD PRIMARY KEY (key, object_id, level)")
            cursor.execute(
                "CREATE INDEX name_trigrams ON search_searchname USING gin ((medium || ' ' || loose) gin_trgm_ops) WHERE sounds"
            )
            for name in (*TABLES, "profiles_expertprofile"):
                cursor.execute(f"VACUUM (ANALYZE) {name}")

    def _copy(self, cursor: Any, generation: int, numbers: range) -> None:
        people = [self._person(generation, number) for number in numbers]
        for name, columns, place in (
            ("bench_profile", PROFILE, 0),
            ("search_searchdocument", DOCUMENT, 1),
            ("search_searchname", NAME, 2),
            ("search_searchkey", ("key", "object_id", "level"), 3),
        ):
            with cursor.copy(f"COPY {name} ({', '.join(columns)}) FROM STDIN") as copy:
                for person in people:
                    copy.write(person[place])

    def _person(self, generation: int, number: int) -> tuple[str, str, str, str]:
        from exchange.demo.names import name_person
        from search.engines.postgres import stored_hash

        chance = self.chance
        country = chance.choice(COUNTRIES)
        _woman, spellings = name_person(country, chance)
        shown, latin = spellings[0].short, next((one.short for one in spellings if one.kind == "latin"), spellings[0].short)
        full = [" ".join(filter(None, [one.given, one.patronymic, one.family])) for one in spellings]
        levels = dict.fromkeys(full, 1) | {shown: 0, latin: 0}
        if len(self.sample) < QUERIES:
            self.sample.append([one.short for one in spellings])
        keys: dict[str, int] = {}
        names, heard = [], set()
        for place, (text, level) in enumerate(sorted(levels.items(), key=lambda row: row[1])):
            own, (strict, medium, loose) = _keys(text)
            for key in own:
                keys[key] = min(level, keys.get(key, level))
            names.append(f"{number}\t{place}\t{text}\t\t\t{level}\t{strict}\t{medium}\t{loose}\t{(medium, loose) not in heard}\n")
            heard.add((medium, loose))
        hashed = [(_hash(stored_hash, generation, key), level) for key, level in keys.items()]
        self.keys += len(hashed)
        open_tags, tags = self._tags(country)
        words = "{adobe,hisar,kurgan,w" + f"{number % 5000}" + ",v" + f"{number % 300}" + "}"
        when = datetime.date(2021, 1, 1) + datetime.timedelta(days=chance.randrange(2000))
        kept = "{" + ",".join(str(key | level) for key, level in hashed) + "}"
        sort = latin.casefold()
        document = (
            f"{number}\t{generation}\texpert\t{number}\t0\t{open_tags}\t{tags}\t{tags}\t{{adobe}}\t{words}\t{words}\t{kept}"
            f"\t{chance.randrange(600)}\t{sort}\t{when}\t{when}\n"
        )
        profile = f"{number}\t{country}\t{shown}\t{latin}\t{sort}\t{when}\n"
        return profile, document, "".join(names), "".join(f"{key}\t{number}\t{level}\n" for key, level in hashed)

    def _tags(self, country: str) -> tuple[str, str]:
        chance = self.chance
        ids = _concepts()
        chosen = [pk for _ in range(4) for pk in ids[chance.randrange(len(ids))]]
        everyone = [f"country:{country}", *(f"about:{pk}" for pk in chosen[:3]), *(f"field:{pk}" for pk in chosen[:3])]
        members = [f"city:{chance.choice(CITIES)}", *(f"about:{pk}" for pk in chosen), *(f"technique:{pk}" for pk in chosen[3:])]
        members += [
            f"language:{code}{level}" for code in chance.sample(["ru", "en", "kk", "uz"], 2) for level in ("", ":1", ":2", ":3")
        ]
        members += [f"free:2027-{month:02}" for month in range(1, chance.randrange(1, 8))]
        return "{" + ",".join(sorted(set(everyone))) + "}", "{" + ",".join(sorted({*everyone, *members})) + "}"

    # ---- queries -----------------------------------------------------------------------------------------------------

    def clean(self) -> list[str]:
        """Names as somebody types them: one of the spellings, sometimes the family name first."""
        chance = random.Random(5)
        found = [chance.choice(spellings) for spellings in self.sample]
        return [" ".join(reversed(name.split())) if chance.random() < 0.3 else name for name in found]

    def misspelt(self) -> list[str]:
        """Two slips in a name, or one word of it alone: what the keys do not settle."""
        chance = random.Random(6)
        return [
            _slip(_slip(name, chance), chance) if chance.random() < 0.7 else chance.choice(name.split()) for name in self.clean()
        ]


PROFILE = ("id", "country", "shown_name", "latin_name", "sort_name", "created_at")
DOCUMENT = [
    "id",
    "generation",
    "kind",
    "object_id",
    "level",
    "tags_0",
    "tags_1",
    "tags_2",
    "words_0",
    "words_1",
    "words_2",
    "keys",
    "quality",
    "sort_name",
    "created",
    "confirmed",
]
NAME = ["document_id", "position", "text", "language", "kind", "level", "strict", "medium", "loose", "sounds"]


@lru_cache(400_000)
def _keys(text: str) -> Any:
    from search.names import skeletons, stored_keys

    return stored_keys(text), skeletons(text)


@lru_cache(2_000_000)
def _hash(stored_hash: Callable[[int, str, str], int], generation: int, key: str) -> int:
    return stored_hash(generation, "expert", key)


@lru_cache(1)
def _concepts() -> list[list[int]]:
    from profiles.domain.vocabulary import vocabulary

    return [[term.id, *vocabulary().ancestors(term.id)] for term in vocabulary()]


def _slip(name: str, chance: random.Random) -> str:
    place = chance.randrange(1, max(2, len(name) - 1))
    return name[:place] + chance.choice(["", "ы", "x", name[place : place + 1] * 2]) + name[place + 1 :]


def _insert_profiles(cursor: Any) -> None:
    """The profiles of `bench_profile`, everything else as in a profile that says nothing."""
    from profiles.models import ExpertProfile

    model = ExpertProfile.objects.create(audience="everyone", is_demo=True)
    others = [field.column for field in ExpertProfile._meta.concrete_fields if field.column not in {*PROFILE, "user_id"}]
    cursor.execute(
        f"INSERT INTO profiles_expertprofile ({', '.join([*PROFILE, *others])})"
        f" SELECT {', '.join([*(f'b.{name}' for name in PROFILE), *(f'm.{name}' for name in others)])}"
        " FROM bench_profile b, profiles_expertprofile m WHERE m.id = %s AND b.id <> m.id",
        [model.pk],
    )


# ---- measuring -------------------------------------------------------------------------------------------------------


def measure(world: World) -> dict[str, Any]:
    """p50 and p95 of every question, in seconds."""
    from profiles.models import User
    from search.domain.questions import SearchRequest
    from search.domain.searching import search
    from search.engines.postgres import PostgresEngine

    member, _made = User.objects.get_or_create(email="bench@demo.miras.example")
    rescued: list[str] = []
    rescue = PostgresEngine.rescue

    def noted(self: Any, *args: Any) -> Any:
        rescued.append("")
        return rescue(self, *args)

    PostgresEngine.rescue = noted  # type: ignore[method-assign, assignment]

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
        rescued.clear()
        took = timed(ask, words)
        (saved if rescued else plain).append(took)
    figures["names, plain"], figures["names, rescued"] = plain, saved
    figures["names, a facet on"] = [timed(ask, words, filters={"country": ["UZ"]}) for words in world.clean()[:100]]
    figures["subjects"] = [timed(ask, words) for words in SUBJECTS * 5]
    figures["no words"] = [timed(ask, "", filters={"country": [country]}) for country in COUNTRIES * 5]
    figures["bytes"] = size_of(TABLES) / world.rows
    figures["parts"] = {name: size_of([name]) / world.rows for name in TABLES}
    figures["right"] = sum(ask(words).hits[0].score >= 1.2 for words in world.clean()[:100] if ask(words).hits)
    figures["simpler"] = len(simpler)
    PostgresEngine.rescue = rescue  # type: ignore[method-assign]
    return figures


def bare(words: str) -> Any:
    """The look-up of the keys and nothing else: the best 200 ids by score."""
    from django.db import connection

    from search.domain.indexing import living_generation
    from search.engines.base import Scope
    from search.engines.postgres import _Query
    from search.names import query_clauses

    query = _Query()
    query.score(Scope(_living(living_generation), "expert", 1), query_clauses(words), 1)
    with connection.cursor() as cursor:
        cursor.execute(f"{query.head()} SELECT object_id, score FROM scored ORDER BY 2 DESC, 1 LIMIT 200", query.values)
        return cursor.fetchall()


def _living(living_generation: Callable[[], Any]) -> int:
    return int(living_generation().pk)


def freshness() -> list[tuple[str, str, str, str, bool]]:
    """How long an edit takes to be found, and how fast a rebuild is, on real profiles."""
    from django.db import connection

    from exchange.core.outbox import drain
    from profiles.domain.profiles import refresh_index
    from profiles.domain.visibility import with_parts
    from profiles.models import ExpertProfile
    from search.domain.rebuilding import rebuild_index
    from search.models import SearchIndex

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE search_searchkey, search_searchname, search_searchdocument, profiles_expertprofile CASCADE")
    SearchIndex.objects.all().delete()
    manage("seed_demo", "--experts", "3000", "--programs", "20", "--seed", "3")
    begun = time.perf_counter()
    done = rebuild_index(grace=0)
    rate = done.documents / (time.perf_counter() - begun)
    drain(10_000)
    lags = []
    for profile in with_parts(ExpertProfile.objects.order_by("?"))[:200]:
        begun = time.perf_counter()
        refresh_index(profile)
        drain(50)
        lags.append(time.perf_counter() - begun)
    worst = sorted(lags)[int(len(lags) * 0.99)]
    return [
        ("an edit until it is found, p99", f"{worst * 1000:.0f} ms", "", f"<= {LAG:.0f} s", worst <= LAG),
        ("rebuild", f"{rate:.0f} documents/s", "", "", True),
    ]


# ---- reporting -------------------------------------------------------------------------------------------------------


def report(rows: int, figures: dict[str, Any]) -> list[tuple[str, str, str, str, bool]]:
    base = p95(figures["bare look-up"])
    beside = f"{base * 1000:.1f} ms bare"
    shown = []
    for name, demand in (
        ("names, plain", PLAIN),
        ("names, rescued", RESCUE),
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
