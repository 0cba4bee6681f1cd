"""Suggestions while typing: what they find, for whom, and the combobox by keyboard in a real Chromium."""

import pytest

from profiles.models import PersonName
from profiles.states import NameKind
from search.domain.suggesting import suggest
from tests.factories import ConceptFactory, CoordinatorFactory, InstitutionFactory, ProgramFactory, UserFactory
from tests.helpers.search import expert, index

pytestmark = pytest.mark.django_db


def labels(user, text, name="people", **kwargs):
    return [item.label for group in suggest(user, text, **kwargs) if group.name == name for item in group.items]


@pytest.fixture
def rahimova():
    person = expert(sort_name="rahimova dilnoza")
    index(person, expert(given="Aibek", family="Osmonov", sort_name="osmonov aibek"))
    return person


@pytest.mark.parametrize(
    "typed", ["Раҳ", "рахим", "rahim", "Rakhimo", "RAHIMOVA", "dilnoza r", "rahimova dil", "Дилноза", "r", "Р", "ra"]
)
def test_person_is_found_by_the_beginning_of_a_word_in_any_script(rahimova, typed):
    assert labels(None, typed) == ["Дилноза Раҳимова"]


@pytest.mark.parametrize("typed", ["", " ", "'", "ʻʻʻ", "%", "_", "\\", "\x00", "x" * 5000, "😀", "zzzz"])
def test_nothing_comes_of_nothing(rahimova, typed):
    assert suggest(None, typed) == []


def test_other_spelling_stands_beside_the_name():
    person = expert(audiences={"other_names": "everyone"})
    PersonName.objects.create(profile=person, kind=NameKind.OTHER, given="Dilya", family="Sternberg")
    index(person)

    [group] = suggest(None, "sternb")

    assert group.items[0].label == "Дилноза Раҳимова"
    assert group.items[0].note.startswith("Dilya Sternberg")
    assert group.items[0].url == person.get_absolute_url()


def test_hidden_names_and_people_are_suggested_to_nobody_who_may_not_see_them():
    person = expert()
    PersonName.objects.create(profile=person, kind=NameKind.PASSPORT, given="Dilya", family="Passportova")
    index(person, expert(family="Karimova", audience="members"), expert(family="Karimbek", audience="only_me"))

    assert labels(None, "passporto") == []
    assert labels(UserFactory(), "passporto") == []
    assert labels(CoordinatorFactory().user, "passporto") == ["Дилноза Раҳимова"]
    assert labels(None, "karim") == []
    assert labels(UserFactory(), "karim") == ["Дилноза Karimova"]


def test_person_hidden_a_moment_ago_is_not_suggested(rahimova):
    type(rahimova).objects.filter(pk=rahimova.pk).update(audience="only_me")

    assert labels(None, "rahim") == []


def test_concept_leads_to_a_search_by_it():
    ceramics = ConceptFactory(slug="ceramics", scheme="material", label={"en": "ceramics", "ru": "керамика"})

    for typed in ("керам", "keram", "ceram", "ceramcs"):
        assert labels(None, typed, "concepts") == ["Ceramics"]
    [group] = suggest(None, "керам", kind="expert")

    assert group.name == "concepts"
    assert group.items[0].url == f"/search/?type=experts&concept={ceramics.pk}"


def test_programme_is_found_by_the_beginning_of_a_word_of_its_titles():
    program = ProgramFactory(title={"en": "Felt school", "ru": "Школа войлока"}, city="Osh")
    draft = ProgramFactory(title={"en": "Felt draft"}, state="draft", was_published=False)
    index(program, draft)

    assert labels(None, "войл", "programs") == ["Felt school"]
    assert labels(UserFactory(), "felt", "programs", kind="program") == ["Felt school"]
    assert labels(None, "felt", "programs", kind="expert") == []


def test_institution_is_found_by_a_word_of_any_of_its_names():
    place = InstitutionFactory(name={"en": "State Museum of Silk", "ru": "Музей шёлка"}, city="Osh")
    index(place, InstitutionFactory(name={"en": "Silk hidden"}, state="suspended"))

    assert labels(None, "silk", "institutions") == ["State Museum of Silk"]
    assert labels(None, "шёлк", "institutions") == ["State Museum of Silk"]
    assert labels(None, "silk", "institutions", kind="expert") == []


def test_fragment_is_a_list_of_options_with_their_number(client, rahimova):
    page = client.get("/search/suggestions/", {"q": "rahim"}).content.decode()

    assert 'data-count="1"' in page
    assert 'role="option"' in page
    assert "1 suggestion." in page
    assert f'href="{rahimova.get_absolute_url()}"' in page


def test_names_are_escaped(client):
    index(expert(given="<b>Bold", family="Boldova"))

    assert "<b>Bold" not in client.get("/search/suggestions/", {"q": "boldov"}).content.decode()


def test_three_suggestions_cost_what_one_does(client, django_assert_num_queries):
    index(expert())
    client.get("/search/suggestions/", {"q": "rahim"})
    with django_assert_num_queries(16):
        client.get("/search/suggestions/", {"q": "rahim"})
    index(expert(), expert())
    with django_assert_num_queries(16):
        client.get("/search/suggestions/", {"q": "rahim"})
