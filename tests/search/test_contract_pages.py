"""The whole search over either engine: the same hits, totals, facets and cursors, page by page, for every reader."""

from itertools import cycle

import pytest

from exchange.core.jobs.outbox import process_outbox
from profiles.models import ExpertProfile, PersonName
from profiles.states import Audience, NameKind
from search.domain import ranking
from search.domain.indexing import active_generation
from search.domain.query import SORTS, SearchRequest
from search.domain.ranking import search
from search.domain.replica_sync import sync_replica
from search.engines.choosing import forget_replica_engine, replica_engine
from tests.elastic import given_url, own_prefix
from tests.factories import CoordinatorFactory, ExpertFactory, ProgramFactory
from tests.search import gold
from tests.search.people import ANONYMOUS, changed

pytestmark = [pytest.mark.elasticsearch, pytest.mark.django_db]

PEOPLE = 40


@pytest.fixture
def readers(settings, monkeypatch):
    """People and programmes in both engines; an anonymous user, a member and a coordinator who look for them."""
    settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_PREFIX = given_url(), own_prefix()
    monkeypatch.setattr(ranking, "REPLICA_TIMEOUT", 20.0)
    monkeypatch.setattr(ranking, "TIMEOUT", 20.0)
    forget_replica_engine()
    rows = gold.rows_of("names_gold")
    audiences = cycle((Audience.EVERYONE, Audience.EVERYONE, Audience.MEMBERS, Audience.COORDINATORS))
    for number, name in enumerate(list(dict.fromkeys(row["a"] for row in rows))[:PEOPLE]):
        given, _space, family = name.partition(" ")
        profile = ExpertFactory(
            named=False,
            shown_name="",
            latin_name="",
            sort_name="",
            audience=next(audiences),
            city=("Samarkand", "Almaty")[number % 2],
        )
        PersonName.objects.create(profile=profile, kind=NameKind.NATIVE, given=given, family=family)
        changed(profile)
    for _ in range(3):
        ProgramFactory()
    process_outbox()
    sync_replica()
    replica_engine().refresh(active_generation().pk)
    engine, generation = replica_engine(), active_generation().pk
    yield ANONYMOUS, ExpertProfile.objects.order_by("pk")[0].user, CoordinatorFactory().user
    settings.ELASTICSEARCH_URL = given_url()
    engine.drop(generation)


def both(settings, reader, request):
    """The answers of the two engines; neither may have been replaced by the other."""
    answers = []
    for url in (given_url(), ""):
        settings.ELASTICSEARCH_URL = url
        answers.append(search(reader, request))
    settings.ELASTICSEARCH_URL = given_url()
    assert not any(answer.simpler for answer in answers)
    return answers


def test_same_page_whichever_engine_answers(readers, settings):
    """Gold names, filters with every order, programmes open now."""
    found = 0
    for number, query in enumerate(gold.names_asked()[:150:2]):
        elastic, postgres = both(settings, readers[number % 3], SearchRequest("expert", query, with_facets=True))
        assert elastic == postgres, query
        found += len(elastic.hits)

    assert found > 40
    filters = ({}, {"city": ["Samarkand"]}, {"country": ["KZ", "UZ"], "city": ["Almaty"]}, {"language": ["ru"]})
    for number, reader in enumerate(readers):
        for words in ("", "Ахмет", "conservation"):
            for sort in SORTS:
                request = SearchRequest("expert", words, filters[number % 3], sort=sort, limit=7, with_facets=True)
                elastic, postgres = both(settings, reader, request)
                assert elastic == postgres, request
    for request in (
        SearchRequest("program", open_now=True, with_facets=True),
        SearchRequest("program", "programme", with_facets=True),
    ):
        elastic, postgres = both(settings, ANONYMOUS, request)
        assert elastic == postgres


def test_pages_follow_each_other_alike_and_across_engines(readers, settings):
    pages, cursor = [], ""
    for number in range(20):
        settings.ELASTICSEARCH_URL = given_url() if number % 2 else ""
        result = search(readers[2], SearchRequest("expert", sort="name", limit=9, cursor=cursor))
        pages += [hit.object_id for hit in result.hits]
        cursor = result.cursor
        if not cursor:
            break

    assert len(pages) == len(set(pages)) == PEOPLE
