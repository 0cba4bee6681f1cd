"""Queries as people type them: general words, filters said in words, another keyboard layout, a part of the words, nothing."""

import pytest

from profiles.states import NameKind
from search.domain.query import SearchRequest
from search.domain.ranking import search
from search.domain.suggesting import suggest
from tests.factories import ConceptFactory, InstitutionFactory, ProgramFactory, UserFactory
from tests.helpers.search import HOSTILE
from tests.search.people import ANONYMOUS, found, indexed, person

pytestmark = pytest.mark.django_db


def ask(words, kind="program", user=ANONYMOUS, **more):
    return search(user, SearchRequest(kind, words, **more))


@pytest.fixture
def felt():
    concept = ConceptFactory(slug="felt", label={"en": "felt", "ru": "войлок", "uz": "kigiz"})
    exchange = ProgramFactory(title={"en": "Felt in the yurt"}, kind="exchange", country="US", city="Newark")
    masterclass = ProgramFactory(
        title={"en": "Felt carpets"},
        kind="masterclass",
        institution=InstitutionFactory(country="UZ", city="Bukhara"),
        country="UZ",
        city="Bukhara",
    )
    other = ProgramFactory(title={"en": "Paper"}, kind="masterclass")
    for program in (exchange, masterclass):
        program.concepts.add(concept)
    indexed()
    return exchange, masterclass, other


def test_general_words_do_not_have_to_be_there(felt):
    exchange, masterclass, _other = felt

    assert set(found("looking for a course on felt", kind="program")) == {exchange.pk, masterclass.pk}
    assert set(found("ищу курс по войлоку", kind="program")) == {exchange.pk, masterclass.pk}


def test_a_kind_said_in_words_comes_first_and_a_country_is_needed(felt):
    exchange, masterclass, _other = felt

    assert found("felt masterclass", kind="program") == [masterclass.pk, exchange.pk]
    assert [(hit.object_id, hit.near) for hit in ask("войлок в Узбекистане").hits] == [(masterclass.pk, False), (exchange.pk, True)]
    assert found("felt in the US", kind="program")[0] == exchange.pk
    assert ask("felt in the US").read_as == ""


def test_a_town_is_found_in_any_of_its_names(felt):
    _exchange, masterclass, _other = felt

    assert found("kigiz Buxoro", kind="program")[0] == masterclass.pk
    assert not ask("войлок Бухара").hits[0].near


def test_words_typed_on_another_keyboard_layout_are_read_as_meant(felt):
    museum = InstitutionFactory(name={"en": "Silk", "ru": "Музей шёлка"}, kind="museum")
    indexed()

    result = ask("veptq", kind="institution")
    assert museum.pk in [hit.object_id for hit in result.hits]
    assert result.read_as == "музей"
    assert {hit.object_id for hit in ask("djqkjr").hits} == {program.pk for program in felt[:2]}
    assert ask("museum", kind="institution").read_as == ""


def test_where_nothing_has_the_words_near_things_stand_apart_and_are_not_counted(felt):
    exchange, masterclass, _other = felt

    result = ask("felt xylophone quark trombone")

    assert (result.hits, result.total) == ([], 0)
    assert {hit.object_id for hit in result.near} == {exchange.pk, masterclass.pk}
    assert all(hit.near for hit in result.near)
    assert ask("xylophone quark").near == ()


def test_a_short_word_matches_no_letters_inside_another():
    person((NameKind.NATIVE, "Айгүл", "Омарова"), headline="Scarpet restorer")
    indexed()

    assert found("carpet") == []
    assert found("carp") == []


def test_a_hidden_biography_is_neither_found_nor_counted_nor_suggested():
    person(
        (NameKind.NATIVE, "Айгүл", "Омарова"),
        biography="Marginalia of Otrar",
        biography_language="en",
        audiences={"biography": "only_me"},
    )
    indexed()

    for reader in (ANONYMOUS, UserFactory()):
        result = ask("marginalia", kind="expert", user=reader, with_facets=True, with_passages=True)
        assert (result.hits, result.total, result.near, result.passages, result.facets) == ([], 0, (), {}, {})
        assert suggest(reader, "marginal") == []


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("kind", ["program", "institution"])
def test_hostile_words_find_nothing_and_raise_nothing(words, kind, felt):
    result = ask(words, kind=kind, with_facets=True, with_passages=True)

    assert len(result.hits) <= 3
