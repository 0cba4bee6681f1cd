"""Both engines, asked the same: identical ids, scores, order and counts, over the gold queries."""

import datetime
import random
from dataclasses import replace

import pytest

from search.engines import base
from search.engines.base import Filter, Matches, Scope, TextQuery
from search.engines.elastic import ElasticEngine
from search.engines.postgres import PostgresEngine
from tests.elastic import given_url, own_prefix
from tests.search import gold
from vocabulary.names import MATCH_FLOOR, best_possible, query_clauses, skeletons, word_keys

pytestmark = [pytest.mark.elasticsearch, pytest.mark.django_db]

GENERATION = 9001
DOCUMENTS = 1500
LEVELS = (0, 1, 2)
COUNTRY = Filter("country", ("country:UZ", "country:KZ"))
FIELD = Filter("field", ("field:3", "field:4"))
LANGUAGE = Filter("language", ("language:ru:3",))
OPEN = Filter("open", open_at=gold.NOW)
FILTERS = ((), (COUNTRY,), (COUNTRY, FIELD), (LANGUAGE, OPEN))


@pytest.fixture(scope="module")
def engines(django_db_setup, django_db_blocker):
    """The two engines over the same documents."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        from django.conf import settings

        patch.setattr(settings, "ELASTICSEARCH_URL", given_url())
        patch.setattr(settings, "ELASTICSEARCH_PREFIX", own_prefix())
        postgres, elastic = PostgresEngine(far()), ElasticEngine(far())
        documents = [*gold.documents("expert", DOCUMENTS), *gold.documents("program", 200)]
        for engine in (postgres, elastic):
            engine.write(GENERATION, documents)
        elastic.refresh(GENERATION)
        yield postgres, elastic
        elastic.drop(GENERATION)
        postgres.drop(GENERATION)


def far():
    """A deadline no machine misses, however busy."""
    import time

    return time.monotonic() + 600


def scope(number=0, *, filters=(), ids=None):
    return Scope(GENERATION, "expert", LEVELS[number % 3], filters, ids)


def asked(step=3):
    return gold.names_asked()[::step]


def ways():
    """A gold query with filters and a level, each combination in turn."""
    return [(query, scope(number, filters=FILTERS[number % len(FILTERS)])) for number, query in enumerate(asked())]


def floor_of(clauses):
    return max(1, int(MATCH_FLOOR * best_possible(clauses)))


def test_gold_queries_find_the_same_candidates(engines):
    postgres, elastic = engines
    found = 0
    for query, where in ways():
        clauses = query_clauses(query)
        expected = postgres.candidates(where, clauses, 1, 200)
        assert elastic.candidates(where, clauses, 1, 200) == expected, query
        found += bool(expected)

    assert len(ways()) > 200
    assert found > 150


def test_candidates_reach_the_floor_and_go_on_after_the_last(engines):
    for query, where in ways()[::4]:
        clauses = query_clauses(query)
        pages = []
        for engine in engines:
            rows, after = [], None
            while page := engine.candidates(where, clauses, floor_of(clauses), 7, after):
                rows += page
                after = (page[-1].score, page[-1].object_id)
            pages.append(rows)
        assert pages[0] == pages[1], query
        assert len({row.object_id for row in pages[0]}) == len(pages[0])


def test_the_fuzzy_match_finds_the_same_in_the_same_order(engines):
    postgres, elastic = engines
    chance, found = random.Random(5), 0
    for query, where in ways()[::2]:
        misspelt = misspell(query, chance)
        expected = postgres.fuzzy_match(where, skeletons(misspelt), 30)
        assert elastic.fuzzy_match(where, skeletons(misspelt), 30) == expected, misspelt
        found += len(expected)

    assert found > 250


def misspell(text, chance):
    place = chance.randrange(len(text))
    return text[:place] + chance.choice("аеoi") + text[place + 1 :]


def texts():
    """Queries of one to three units: concepts, words, concepts that may be said in words; some of them not needed."""
    chance = random.Random(7)
    queries = []
    for term in gold.terms()[::9]:
        words = gold.words_unit(*word_keys(term)[:2])
        concept = chance.choice(gold.CONCEPTS)
        other = gold.concept_unit(chance.choice(gold.CONCEPTS), share=2, required=False)
        said = gold.concept_unit(concept, *word_keys(term)[:1])
        queries += [
            TextQuery((words,)),
            TextQuery((gold.concept_unit(concept),)),
            TextQuery((said, gold.concept_unit(chance.choice(gold.CONCEPTS)))),
            TextQuery((said, other)),
            TextQuery((replace(said, required=False), other, replace(words, required=False)), chance.choice((1, 2, 3))),
        ]
    return queries


def test_texts_find_the_same_by_weight_and_quality(engines):
    found = 0
    for number, query in enumerate(texts()):
        where = scope(number, filters=FILTERS[number % len(FILTERS)])
        pages = []
        for engine in engines:
            first = engine.text(where, query, 15)
            after = (first[-1].weight, first[-1].quality, first[-1].object_id) if first else None
            pages.append([*first, *(engine.text(where, query, 15, after) if after else [])])
        assert pages[0] == pages[1], query
        found += len(pages[0])

    assert found > 300


def all_matches():
    """What a search may have found, in all combinations."""
    yield None
    yield Matches()
    yield Matches(ids=(3, 5, 7, 1000))
    for number, (name, text) in enumerate(zip(asked(40), texts(), strict=False)):
        clauses = query_clauses(name)
        yield Matches(clauses, floor_of(clauses))
        yield Matches(clauses, floor_of(clauses), ids=(1, 2, 1499))
        yield Matches(clauses, floor_of(clauses), ids=(number + 1,), text=text)
        yield Matches(text=text)


@pytest.mark.parametrize("filters", FILTERS)
def test_totals_and_facets_are_the_same(engines, filters):
    postgres, elastic = engines
    for number, matches in enumerate(all_matches()):
        where = scope(number, filters=filters)
        assert elastic.count(where, matches, gold.NOW) == postgres.count(where, matches, gold.NOW), matches


@pytest.mark.parametrize("order", base.ORDERS)
def test_lists_are_the_same_page_by_page(engines, order):
    for number, matches in enumerate(list(all_matches())[:12]):
        where = scope(number, filters=FILTERS[number % len(FILTERS)])
        pages = []
        for engine in engines:
            rows, after = [], None
            for _ in range(3):
                page = engine.listed(where, matches, order, 20, after)
                rows += page
                after = (page[-1].value, page[-1].object_id) if page else after
            pages.append(rows)
        assert pages[0] == pages[1], (order, matches)


def test_only_among_given_documents(engines):
    postgres, elastic = engines
    for query in asked(30):
        where = scope(1, ids=tuple(range(1, DOCUMENTS, 3)))
        clauses = query_clauses(query)
        assert elastic.candidates(where, clauses, 1, 50) == postgres.candidates(where, clauses, 1, 50)
        assert elastic.fuzzy_match(where, skeletons(query), 50) == postgres.fuzzy_match(where, skeletons(query), 50)


def test_beyond_what_is_counted_both_count_the_same_first_ones(engines, monkeypatch):
    from search.engines import elastic as elastic_module
    from search.engines import postgres as postgres_module

    for module in (elastic_module, postgres_module):
        monkeypatch.setattr(module, "COUNTED", 700)
        monkeypatch.setattr(module, "SAMPLED", 300)
    postgres, elastic = engines
    everyone = Matches(ids=tuple(range(1, DOCUMENTS)))
    for filters in FILTERS:
        counts = postgres.count(scope(1, filters=filters), everyone, gold.NOW)
        assert elastic.count(scope(1, filters=filters), everyone, gold.NOW) == counts
    sampled = postgres.count(scope(1), everyone, gold.NOW)
    assert (sampled.total, sampled.more) == (700, True)
    assert sum(number for tag, number in sampled.tags.items() if tag.startswith("country:")) <= 300
    for filters in FILTERS:
        where = scope(1, filters=filters)
        counts = postgres.count(where, None, gold.NOW)
        assert elastic.count(where, None, gold.NOW) == counts
    assert postgres.count(scope(1), None, gold.NOW).more


def test_nothing_to_ask_for_finds_nothing(engines):
    for engine in engines:
        assert engine.candidates(scope(), (), 1, 10) == []
        assert engine.fuzzy_match(scope(), skeletons(""), 10) == []
        assert engine.listed(scope(), Matches(), "quality", 10) == []


def test_other_kinds_and_generations_stay_apart(engines):
    clauses = query_clauses(gold.documents("program", 1)[0].names[0].text)
    for engine in engines:
        found = engine.candidates(Scope(GENERATION, "program", 0), clauses, 1, 300)
        assert found and max(row.object_id for row in found) <= 200  # noqa: PT018
        assert engine.candidates(Scope(GENERATION, "institution", 0), clauses, 1, 300) == []


def test_a_document_written_again_is_found_as_it_is_now(engines):
    first, second = gold.documents("institution", 2, seed=3)
    import dataclasses

    for engine in engines:
        engine.write(GENERATION, [first, second])
        renamed = dataclasses.replace(first, names=second.names, keys=second.keys)
        engine.write(GENERATION, [renamed])
        engine.erase(GENERATION, "institution", [second.object_id, 999])
        if isinstance(engine, ElasticEngine):
            engine.refresh(GENERATION)
        where = Scope(GENERATION, "institution", 0)
        found = engine.candidates(where, query_clauses(second.names[0].text), 20, 10)
        assert [row.object_id for row in found] == [first.object_id]
        engine.erase(GENERATION, "institution", [first.object_id])


def test_dates_survive_to_the_microsecond(engines):
    for engine in engines:
        values = [row.value for row in engine.listed(scope(), None, "created", 200)]
        assert any(value.microsecond == 1 for value in values)
        assert all(isinstance(value, datetime.datetime) and value.tzinfo for value in values)
