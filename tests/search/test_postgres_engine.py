"""The PostgreSQL engine against plain Python over the same documents."""

import datetime
import random
import time

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from search.engines import postgres, postgres_query
from search.engines.base import SIMILAR_STEPS, Document, EngineError, Filter, Matches, Name, Scope, TextQuery
from search.engines.postgres import PostgresEngine
from search.engines.postgres_index import LEVEL_BITS, stored_hash
from search.models import SearchDocument, SearchKey, SearchName
from tests.search.gold import concept_unit, words_unit
from vocabulary.names import query_clauses, skeletons, stored_keys
from vocabulary.names.trigrams import similarity, trigrams

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC)
GIVEN = ["Айгүл", "Шоқан", "Нұрлан", "Dilnoza", "Jasur", "Фарҳод", "Gurbanguly", "Olivia"]
FAMILY = ["Омарова", "Уәлиханов", "Оспанов", "Rahimova", "Yusupov", "Шарипов", "Annayew", "Baker"]


def document(number, *names, level=0, tags=(), words=(), quality=0, **rest):
    """A document whose names are (text, level); tags and words are (value, level)."""
    keys = {}
    for text, of in names:
        for key in stored_keys(text):
            keys[key] = min(of, keys.get(key, of))

    def upto(pairs):
        return tuple(frozenset(value for value, of in pairs if of <= reader) for reader in range(3))

    return Document(
        kind="expert", object_id=number, level=level, names=tuple(Name(text, "", "", of, skeletons(text)) for text, of in names),
        keys=keys, tags=upto(tags), words=upto(words), quality=quality, sort_name=rest.pop("sort_name", str(number)),
        opens=rest.pop("opens", None), closes=rest.pop("closes", None), created=NOW + datetime.timedelta(days=number), confirmed=NOW.date(),
    )  # fmt: skip


@pytest.fixture
def engine():
    return PostgresEngine()


@pytest.fixture
def crowd(engine):
    """Two hundred people, some of whose second names only members may know."""
    chance = random.Random(3)
    people = []
    for number in range(1, 201):
        names = [(f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}", 0)]
        if chance.random() < 0.5:
            names.append((f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}", 1))
        tags = [(f"country:{chance.choice('ABC')}", 0), (f"city:{chance.choice('xyz')}", 1), (f"about:{chance.randrange(4)}", 0)]
        words = [(word, chance.randrange(2)) for word in chance.sample(["adobe", "silk", "tile", "icon"], 2)]
        people.append(document(number, *names, tags=tags, words=words, quality=chance.randrange(5), sort_name=chance.choice("abc")))
    engine.write(7, people)
    return people


def scope(level=0, **more):
    return Scope(7, "expert", level, **more)


def scored(people, clauses, level):
    """Candidates as the interface defines them."""
    found = []
    for each in people:
        keys = {key for key, of in each.keys.items() if of <= level}
        score = sum(max((weight for key, weight in clause if key in keys), default=0) for clause in clauses)
        if score:
            found.append((-score, each.object_id))
    return [(number, -score) for score, number in sorted(found)]


@pytest.mark.parametrize("level", [0, 1, 2])
@pytest.mark.parametrize("words", ["Chokan Valikhanov", "Айгуль", "Yusupov J.", "Farkhod Sharipov", "Бейкер Оливия"])
def test_candidates_are_those_of_the_definition(words, level, engine, crowd):
    clauses = query_clauses(words)
    expected = scored(crowd, clauses, level)

    assert [(one.object_id, one.score) for one in engine.candidates(scope(level), clauses, 1, 500)] == expected
    assert [(one.object_id, one.score) for one in engine.candidates(scope(level), clauses, 20, 9)] == [
        row for row in expected if row[1] >= 20
    ][:9]


def test_candidates_go_on_after_the_last_known_and_within_filters_and_ids(engine, crowd):
    clauses = query_clauses("Айгүл Омарова")
    expected = scored(crowd, clauses, 0)
    in_a = {each.object_id for each in crowd if "country:A" in each.tags[0]}
    filters = (Filter("country", ("country:A",)),)

    first = engine.candidates(scope(), clauses, 1, 10)
    rest = engine.candidates(scope(), clauses, 1, 500, after=(first[-1].score, first[-1].object_id))
    assert [(one.object_id, one.score) for one in (*first, *rest)] == expected
    assert [one.object_id for one in engine.candidates(scope(filters=filters), clauses, 1, 500)] == [
        pk for pk, _ in expected if pk in in_a
    ]
    assert [one.object_id for one in engine.candidates(scope(ids=(1, 2, 3, 4)), clauses, 1, 500)] == [
        pk for pk, _ in expected if pk < 5
    ]


def test_fuzzy_match_is_by_trigrams_as_python_cuts_them_and_stops_where_many_are_very_similar(engine, crowd, monkeypatch):
    wanted = skeletons("Shokaan Valikhaanoff")

    def similar(name):
        one, other = (trigrams(f"{each.medium} {each.loose}") for each in (wanted, name.skeletons))
        return similarity(one, other)

    best = {each.object_id: max(similar(name) for name in each.names if name.level == 0) for each in crowd}

    def expected(least):
        return [pk for _, pk in sorted((-value, pk) for pk, value in best.items() if value >= least)]

    few, more, most = (len(expected(least)) for least in SIMILAR_STEPS)
    assert 0 < few <= more < most
    for enough, least in ((few, 0.5), (more, 0.5 if few == more else 0.4), (more + 1, 0.3), (most + 1, 0.3)):
        monkeypatch.setattr(postgres, "ENOUGH_SIMILAR", enough)
        assert engine.fuzzy_match(scope(), wanted, 1000) == expected(least)


@pytest.mark.parametrize("many", [0, 1, 1000])
@pytest.mark.parametrize("looked_through", [0, 30, 3000])
def test_text_needs_every_unit_and_weighs_concepts_above_words(looked_through, many, engine, crowd, monkeypatch):
    """However many of the best are looked through before the index is asked."""
    monkeypatch.setattr(postgres_query, "LOOKED_THROUGH", looked_through)
    monkeypatch.setattr(postgres_query, "MANY", many)
    query = TextQuery((concept_unit(2, {"adobe"}), words_unit({"silk", "silq"})))

    def weight(each):
        if "silk" not in each.words[0]:
            return 0
        return 4 if "about:2" in each.tags[0] else 2 if "adobe" in each.words[0] else 0

    expected = sorted((-weight(each), -each.quality, each.object_id) for each in crowd if weight(each))
    found = engine.text(scope(), query, 500)

    assert [(-hit.weight, -hit.quality, hit.object_id) for hit in found] == expected
    half = found[len(found) // 2]
    rest = engine.text(scope(), query, 500, after=(half.weight, half.quality, half.object_id))
    assert [hit.object_id for hit in rest] == [pk for *_, pk in expected[len(found) // 2 + 1 :]]
    heaviest = sum(weight == -4 for weight, *_ in expected)
    for limit in (1, heaviest, heaviest + 1):
        assert [hit.object_id for hit in engine.text(scope(), query, limit)] == [pk for *_, pk in expected[:limit]]


def test_text_tells_which_ways_apply(engine, crowd):
    query = TextQuery((concept_unit(2, {"adobe"}), words_unit({"silk"}, {"tile"})))

    def ways(each):
        said = each.words[0]
        return ("about:2" in each.tags[0], "adobe" in said, {"silk", "tile"} <= said)

    by_id = {each.object_id: ways(each) for each in crowd}
    expected = {pk: applying for pk, applying in by_id.items() if (applying[0] or applying[1]) and applying[2]}

    assert {hit.object_id: hit.ways for hit in engine.text(scope(), query, 500)} == expected
    assert {(True, False, True), (False, False, True)} & set(expected.values()) == {(True, False, True)}


@pytest.mark.parametrize("least", [1, 2, 3, 5, 6, 7])
@pytest.mark.parametrize("required", [True, False])
def test_text_needs_as_much_of_the_query_as_it_says(least, required, engine, crowd):
    query = TextQuery(
        (
            concept_unit(2, share=3, required=False),
            words_unit({"silk"}, share=2, required=required),
            words_unit({"tile"}, required=False),
        ),
        least,
    )

    def share(each):
        has_silk = "silk" in each.words[0]
        return 0 if required and not has_silk else 3 * ("about:2" in each.tags[0]) + 2 * has_silk + ("tile" in each.words[0])

    expected = {each.object_id for each in crowd if share(each) >= least}

    assert {hit.object_id for hit in engine.text(scope(), query, 500)} == expected
    assert {row.object_id for row in engine.listed(scope(), Matches(text=query), "created", 500)} == expected
    assert engine.count(scope(), Matches(text=query), NOW).total == len(expected)


@pytest.mark.parametrize("many", [0, 1000])
@pytest.mark.parametrize("looked_through", [0, 3000])
def test_text_keeps_to_its_scope(looked_through, many, engine, crowd, monkeypatch):
    monkeypatch.setattr(postgres_query, "LOOKED_THROUGH", looked_through)
    monkeypatch.setattr(postgres_query, "MANY", many)
    engine.write(7, [document(300, ("Айгүл Омарова", 0), level=1, tags=[("about:2", 0)], quality=9)])
    about = TextQuery((concept_unit(2),))
    narrowed = scope(filters=(Filter("country", ("country:A",)),))

    expected = sorted((-each.quality, each.object_id) for each in crowd if {"about:2", "country:A"} <= each.tags[0])
    assert [hit.object_id for hit in engine.text(narrowed, about, 3)] == [pk for _, pk in expected[:3]]
    assert engine.text(scope(1), about, 1)[0].object_id == 300
    assert engine.text(scope(), about, 1)[0].object_id != 300
    some = tuple(pk for _, pk in expected[1::2])
    assert {hit.object_id for hit in engine.text(scope(ids=some), about, 500)} == set(some)


@pytest.mark.parametrize(("order", "key"), [
    ("quality", lambda each: (-each.quality, each.object_id)), ("sort_name", lambda each: (each.sort_name, each.object_id)),
    ("created", lambda each: -each.object_id), ("confirmed", lambda each: each.object_id),
])  # fmt: skip
def test_lists_are_in_order_and_go_on(order, key, engine, crowd):
    expected = [each.object_id for each in sorted(crowd, key=key)]

    first = engine.listed(scope(), None, order, 30)
    rest = engine.listed(scope(), None, order, 500, after=(first[-1].value, first[-1].object_id))

    assert [row.object_id for row in (*first, *rest)] == expected


def test_matches_are_the_union_of_names_ids_and_subjects(engine, crowd):
    clauses = query_clauses("Айгүл Омарова")
    text = TextQuery((words_unit({"icon"}),))
    expected = {pk for pk, score in scored(crowd, clauses, 0) if score >= 30} | {5, 6}
    expected |= {each.object_id for each in crowd if "icon" in each.words[0]}

    found = engine.listed(scope(), Matches(clauses, 30, (5, 6), text), "created", 500)

    assert {row.object_id for row in found} == expected
    assert engine.count(scope(), Matches(clauses, 30, (5, 6), text), NOW).total == len(expected)
    assert engine.listed(scope(), Matches(), "created", 500) == []
    assert engine.count(scope(), Matches(), NOW).total == 0


@pytest.mark.parametrize("filters", [(), (Filter("country", ("country:A",)),)])
@pytest.mark.parametrize("higher", [0, 20])
def test_count_need_not_score_again_what_was_looked_for_just_now(filters, higher, engine, crowd):
    clauses = query_clauses("Айгүл Омарова")
    expected = engine.count(scope(filters=filters), Matches(clauses, 10 + higher, (5,)), NOW)
    engine.candidates(scope(), clauses, 10, 5)

    with CaptureQueriesContext(connection) as queries:
        assert engine.count(scope(filters=filters), Matches(clauses, 10 + higher, (5,)), NOW) == expected
    assert not any("search_searchkey" in query["sql"] for query in queries)
    with CaptureQueriesContext(connection) as queries:
        engine.count(scope(1, filters=filters), Matches(clauses, 10, (5,)), NOW)  # of another reader
        engine.count(scope(filters=filters), Matches(clauses, 5, (5,)), NOW)  # below what was looked for
    assert sum("search_searchkey" in query["sql"] for query in queries) == 2


def test_count_scores_again_what_was_more_than_is_kept(engine, crowd, monkeypatch):
    monkeypatch.setattr(postgres, "MAX_KEPT_SCORES", 10)
    clauses = query_clauses("Айгүл Омарова")
    total = engine.count(scope(), Matches(clauses, 10), NOW).total

    assert len(engine.candidates(scope(), clauses, 10, 5)) == 5

    assert engine.count(scope(), Matches(clauses, 10), NOW).total == total > 10


def test_counts_leave_out_the_filter_of_their_own_facet(engine, crowd):
    filters = (Filter("city", ("city:x", "city:y")), Filter("country", ("country:A",)))

    counts = engine.count(scope(1, filters=filters), None, NOW)

    def number(*needed):
        return sum(all(set(tags) & each.tags[1] for tags in needed) for each in crowd)

    assert counts.total == number(["country:A"], ["city:x", "city:y"])
    for country in "ABC":
        assert counts.tags.get(f"country:{country}", 0) == number([f"country:{country}"], ["city:x", "city:y"])
    for city in "xyz":
        assert counts.tags.get(f"city:{city}", 0) == number([f"city:{city}"], ["country:A"])
    for pk in range(4):
        assert counts.tags.get(f"about:{pk}", 0) == number([f"about:{pk}"], ["country:A"], ["city:x", "city:y"])


def test_counts_stop_at_the_first_by_id(engine, crowd, monkeypatch):
    monkeypatch.setattr(postgres, "COUNTED", 50)

    counts = engine.count(scope(), None, NOW)

    assert (counts.total, counts.more) == (50, True)
    assert counts.tags["country:A"] == sum("country:A" in each.tags[0] for each in crowd[:50])


@pytest.mark.parametrize(("most", "read", "more"), [(200, 20, True), (201, 200, False)])
def test_counts_of_words_that_match_very_many_read_some_of_them(most, read, more, engine, crowd, monkeypatch):
    monkeypatch.setattr(postgres, "COUNTED", most)
    monkeypatch.setattr(postgres, "SAMPLED", 20)

    counts = engine.count(scope(), Matches(ids=tuple(range(1, 201))), NOW)

    assert (counts.total, counts.more) == (200, more)
    assert counts.tags["country:A"] == sum("country:A" in each.tags[0] for each in crowd[:read])


def test_counts_of_a_subject_that_very_many_have_end_where_they_matter_no_more(engine, crowd, monkeypatch):
    monkeypatch.setattr(postgres, "COUNTED", 30)
    monkeypatch.setattr(postgres, "SAMPLED", 20)
    silk, named = TextQuery((words_unit({"silk"}),)), (1, 2, 199, 200)

    counts = engine.count(scope(), Matches(ids=named, text=silk), NOW)

    first = [each for each in crowd if "silk" in each.words[0] or each.object_id in named][:20]
    assert (counts.total, counts.more) == (30, True)
    for country in "ABC":
        assert counts.tags[f"country:{country}"] == sum(f"country:{country}" in each.tags[0] for each in first)
    listed = engine.listed(scope(), Matches(text=silk), "created", 500)
    assert {row.object_id for row in listed} == {each.object_id for each in crowd if "silk" in each.words[0]}


def test_open_is_a_filter_with_a_clock(engine):
    day = datetime.timedelta(days=1)
    engine.write(7, [document(1, opens=NOW - day, closes=NOW + day), document(2, opens=NOW - day, closes=NOW), document(3)])
    filters = (Filter("open", open_at=NOW),)

    assert [row.object_id for row in engine.listed(scope(filters=filters), None, "quality", 9)] == [1]
    counts = engine.count(scope(filters=filters), None, NOW)
    assert (counts.total, counts.tags) == (1, {"open:now": 1})


def test_generations_and_kinds_do_not_see_each_other(engine, crowd):
    clauses = query_clauses("Айгүл Омарова")
    engine.write(8, crowd[:3])

    assert engine.candidates(Scope(9, "expert", 2), clauses, 1, 9) == []
    assert engine.candidates(Scope(7, "program", 2), clauses, 1, 9) == []
    assert {one.object_id for one in engine.candidates(Scope(8, "expert", 2), clauses, 1, 9)} <= {1, 2, 3}
    engine.drop(7)
    assert SearchDocument.objects.count() == 3
    engine.drop(8)
    assert SearchKey.objects.count() == SearchName.objects.count() == 0


def test_erase_forgets_a_document_with_all_that_is_its(engine, crowd):
    engine.erase(7, "expert", [each.object_id for each in crowd[1:]] + [10**6])

    assert SearchDocument.objects.get().object_id == 1
    assert SearchKey.objects.count() == len(crowd[0].keys)


def test_write_over_a_document_leaves_what_it_says_now(engine):
    engine.write(7, [document(1, ("Айгүл Омарова", 0), ("Малика Юсупова", 1))])
    engine.write(7, [document(1, ("Айгүл Омарова", 1), ("Бота Беков", 0))])

    stored = {(row.key | row.level) for row in SearchKey.objects.all()}
    fresh = document(1, ("Айгүл Омарова", 1), ("Бота Беков", 0))
    assert stored == {stored_hash(7, "expert", key) | level for key, level in fresh.keys.items()}
    assert list(SearchName.objects.order_by("position").values_list("text", "level")) == [("Айгүл Омарова", 1), ("Бота Беков", 0)]


def test_of_names_that_sound_alike_the_widest_is_looked_through(engine):
    engine.write(7, [document(1, ("Айгүл Омарова", 1), ("Aigul Omarova", 0), ("Айгуль Омарова", 2))])

    assert list(SearchName.objects.filter(sounds=True).values_list("text", flat=True)) == ["Aigul Omarova"]


def test_keys_are_stored_the_same_for_ever():
    assert stored_hash(1, "expert", "f:xokan") == 5044657936797983072
    assert not stored_hash(1, "expert", "f:xokan") & LEVEL_BITS


def test_question_that_takes_too_long_is_given_up(crowd):
    class Slow(PostgresEngine):
        def wait(self):
            return self._ask("SELECT pg_sleep(5)", [])

    begun = time.monotonic()
    with pytest.raises(EngineError):
        Slow(time.monotonic() + 0.1).wait()
    with pytest.raises(EngineError):
        Slow(time.monotonic() - 1).wait()
    assert time.monotonic() - begun < 2
    # The transaction around it goes on, with the settings it had.
    with transaction.atomic():
        before = setting()
        PostgresEngine().count(scope(), None, NOW)
        assert setting() == before


@pytest.mark.django_db(transaction=True)
def test_question_outside_a_transaction_leaves_no_setting_behind(engine):
    before = setting()

    engine.write(7, [document(1, ("Айгүл Омарова", 0))])
    assert engine.fuzzy_match(scope(), skeletons("Айгүл Омарова"), 5) == [1]
    with pytest.raises(EngineError):
        PostgresEngine(time.monotonic() + 0.1)._ask("SELECT pg_sleep(5)", [])

    assert setting() == before


def setting():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout'), current_setting('work_mem'), current_setting('jit')")
        return cursor.fetchone()
