"""What a search asks its engine: nothing twice."""

import pytest

from search.domain.query import SearchRequest
from search.domain.ranking import search
from search.domain.text_matching import TextSearch
from search.engines.postgres import PostgresEngine
from tests.search.people import ANONYMOUS, indexed, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch):
    """The questions about texts, and what was counted."""
    questions = {"text": [], "count": []}
    for name, noted in questions.items():
        monkeypatch.setattr(PostgresEngine, name, _noting(getattr(PostgresEngine, name), noted))
    return questions


def _noting(own, noted):
    def answer(self, scope, what, *rest):
        noted.append(what)
        return own(self, scope, what, *rest)

    return answer


@pytest.fixture
def carvers():
    everyone = [person(("native", "Марат", f"Бекен{ending}"), headline="Woodcarver of Khiva") for ending in ("ов", "баев")]
    indexed()
    return everyone


def test_count_is_given_the_texts_that_are_known(asked, carvers):
    result = search(ANONYMOUS, SearchRequest("expert", "woodcarver", with_facets=True))

    assert result.total == len(carvers)
    assert result.facets["country"] == {"UZ": 2}
    assert len(asked["text"]) == 1
    assert [(matches.text, set(matches.ids)) for matches in asked["count"]] == [(None, {one.pk for one in carvers})]


def test_count_with_a_filter_reads_the_texts_outside_it_as_well(asked, carvers):
    result = search(ANONYMOUS, SearchRequest("expert", "woodcarver", filters={"country": ["US"]}, with_facets=True))

    assert (result.total, result.facets["country"]) == (0, {"UZ": 2})
    assert asked["count"][0].text


def test_texts_beyond_those_compared_are_counted_by_their_words(asked, carvers, monkeypatch):
    monkeypatch.setattr("search.domain.text_matching.WINDOW", 1)

    result = search(ANONYMOUS, SearchRequest("expert", "woodcarver", with_facets=True))

    assert result.total == len(result.hits) == len(carvers)
    assert asked["count"][0].text


def test_nothing_is_known_of_texts_that_were_not_asked_for():
    assert TextSearch(None).known is None
