"""Profiles by the hundred thousand, with names of the six countries, straight into the tables; and the queries drawn from their names."""

import contextlib
import datetime
import json
import random
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

QUERIES = 300
MADE = 20_000
"""Generated profiles; larger sizes contain them several times, as names repeat in a country."""
COUNTRIES = ("KZ", "KG", "TJ", "TM", "UZ", "US")
CITIES = (
    *("almaty", "astana", "bishkek", "osh", "dushanbe", "khujand", "ashgabat", "mary", "tashkent", "samarkand", "bukhara"),
    "newark",
)
TABLES = ("search_searchkey", "search_searchdocument", "search_searchname")


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
        from vocabulary.names import KEY_VERSION

        SearchIndex.objects.all().delete()
        index = SearchIndex.objects.create(
            state="active", key_version=KEY_VERSION, shape_version=SHAPE_VERSION, built_at=timezone.now()
        )
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("TRUNCATE search_searchkey, search_searchname, search_searchdocument, profiles_expertprofile CASCADE")
            cursor.execute("ALTER TABLE search_searchkey DROP CONSTRAINT search_searchkey_pkey")
            cursor.execute("DROP INDEX IF EXISTS name_trigrams")
            cursor.execute("DROP TABLE IF EXISTS bench_profile")
            cursor.execute(
                "CREATE TEMP TABLE bench_profile (id int, country text, shown_name text, latin_name text, sort_name text, created_at timestamptz)"
            )
            made = min(self.rows, MADE)
            self._copy(cursor, index.pk, range(1, made + 1))
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

    def mirror(self) -> None:
        """Copy the same profiles into the replica, which then holds no others."""
        from search.domain.indexing import active_generation, stored_documents
        from search.domain.replica_sync import warm_up
        from search.engines.base import EngineError
        from search.engines.elastic import ElasticEngine
        from search.engines.elastic_client import client
        from search.engines.elastic_index import document_body, document_id, index_name
        from search.models import SearchIndex

        active: Any = active_generation()
        engine = ElasticEngine()
        for generation in range(1, active.pk):
            engine.drop(generation)
        engine.make(active.pk)
        made = min(self.rows, MADE)
        bodies: list[tuple[bytes, bytes]] = []
        for start in range(1, made + 1, 1000):
            for document in stored_documents(active.pk, "expert", range(start, min(start + 1000, made + 1))):
                body = json.dumps(document_body(document) | {"object_id": 0}, ensure_ascii=False)
                before, _, after = body.partition('"object_id": 0')
                bodies.append((before.encode(), after.encode()))
        index, patient = index_name(active.pk, "expert"), client().options(request_timeout=120)

        def lines() -> Iterator[bytes]:
            for number in range(1, self.rows + 1):
                before, after = bodies[(number - 1) % made]
                action = {"index": {"_index": index, "_id": document_id("expert", number)}}
                yield json.dumps(action).encode() + b"\n" + before + f'"object_id": {number}'.encode() + after

        waiting = lines()
        while batch := list(islice(waiting, 500)):
            _sent(patient.bulk(operations=batch))
        engine.refresh(active.pk)
        SearchIndex.objects.filter(pk=active.pk).update(mirrored=True)
        _settle(patient, index)
        # A cold server of this size needs several attempts; the periodic task retries as well.
        for _attempt in range(10):
            with contextlib.suppress(EngineError):
                warm_up(active.pk)
                break

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
        from search.engines.postgres_index import stored_hash

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
        open_words, words = self._words(number, shown, latin, full)
        when = datetime.date(2021, 1, 1) + datetime.timedelta(days=chance.randrange(2000))
        kept = "{" + ",".join(str(key | level) for key, level in hashed) + "}"
        sort = latin.casefold()
        document = (
            f"{number}\t{generation}\texpert\t{number}\t0\t{open_tags}\t{tags}\t{tags}\t{open_words}\t{words}\t{words}\t{kept}"
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

    def _words(self, number: int, shown: str, latin: str, full: list[str]) -> tuple[str, str]:
        """The words of everyone and of members: names by their sound, chosen concepts, and a biography that names some more of them."""
        from search.domain.tokens import concept_tokens, name_tokens

        chance = self.chance
        chosen = [ids[0] for ids in chance.sample(_concepts(), 4)]
        everyone = {*name_tokens(shown), *name_tokens(latin), *concept_tokens(chosen[:3])}
        members = {token for name in full for token in name_tokens(name)} | {
            *concept_tokens(chosen),
            f"w{number % 5000}",
            f"v{number % 300}",
        }
        members.update(*chance.sample(_sentences(), 4))
        quoted = ["{" + ",".join(f'"{word}"' for word in sorted(words)) + "}" for words in (everyone, everyone | members)]
        return quoted[0], quoted[1]

    # ---- queries -----------------------------------------------------------------------------------------------------

    def clean(self) -> list[str]:
        """Names as somebody types them: one of the spellings, sometimes the family name first."""
        chance = random.Random(5)
        found = [chance.choice(spellings) for spellings in self.sample]
        return [" ".join(reversed(name.split())) if chance.random() < 0.3 else name for name in found]

    def misspelt(self) -> list[str]:
        """Two typos in a name, or one of its words alone: queries that keys do not find."""
        chance = random.Random(6)
        return [
            _typo(_typo(name, chance), chance) if chance.random() < 0.7 else chance.choice(name.split()) for name in self.clean()
        ]


PROFILE = ("id", "country", "shown_name", "latin_name", "sort_name", "created_at")
DOCUMENT = (
    *("id", "generation", "kind", "object_id", "level", "tags_0", "tags_1", "tags_2", "words_0", "words_1", "words_2"),
    *("keys", "quality", "sort_name", "created", "confirmed"),
)
NAME = ("document_id", "position", "text", "language", "kind", "level", "strict", "medium", "loose", "sounds")


def _settle(asking: Any, index: str) -> None:
    """Wait until the server has merged its segments, because queries are slow meanwhile."""
    deadline = time.monotonic() + 300
    while asking.indices.stats(index=index, metric="merge")["_all"]["total"]["merges"]["current"] and time.monotonic() < deadline:
        time.sleep(1)


def _sent(answer: Any) -> None:
    if answer["errors"]:
        raise RuntimeError(str(answer)[:500])


@lru_cache(400_000)
def _keys(text: str) -> Any:
    from vocabulary.names import skeletons, stored_keys

    return stored_keys(text), skeletons(text)


@lru_cache(2_000_000)
def _hash(stored_hash: Callable[[int, str, str], int], generation: int, key: str) -> int:
    return stored_hash(generation, "expert", key)


@lru_cache(1)
def _concepts() -> list[list[int]]:
    from vocabulary.domain.vocabulary import vocabulary

    return [[term.id, *vocabulary().ancestors(term.id)] for term in vocabulary()]


def _typo(name: str, chance: random.Random) -> str:
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


@lru_cache(1)
def _sentences() -> list[frozenset[str]]:
    """The words of a sentence about each concept, in Russian and in English."""
    from search.domain.tokens import text_tokens
    from vocabulary.domain.vocabulary import vocabulary

    texts = {
        "ru": "Занимаюсь темой «{}», веду полевой дневник и обучаю молодых.",
        "en": "I have worked on {} in museums, and teach it to students.",
    }
    return [
        frozenset(text_tokens(text.format(term.label.in_language(language)), language))
        for term in vocabulary()
        for language, text in texts.items()
    ]
