"""The page /search/: tabs, filters, what each reader finds and what no count may reveal."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from exchange.core.spoken_languages import Level
from profiles.models import PersonName
from profiles.states import NameKind
from tests.factories import (
    CompetenceFactory,
    ConceptFactory,
    CoordinatorFactory,
    InstitutionFactory,
    LanguageSkillFactory,
    ProgramFactory,
    UserFactory,
    WindowFactory,
)
from tests.helpers.search import HOSTILE, expert, index
from vocabulary.models import ConceptLabel

pytestmark = pytest.mark.django_db


def found(response, kind="expert"):
    return [card.subject.pk for section in response.context["page"].sections if section.kind == kind for card in section.cards]


def counts(response, name):
    facet = next((facet for facet in response.context["page"].facets if facet.name == name), None)
    return {value: count for value, _label, count in facet.options} if facet else {}


def totals(response):
    return [tab["count"] for tab in response.context["page"].tabs]


def test_search_opens_empty_with_the_counts_of_everything(client):
    index(expert(), InstitutionFactory())

    response = client.get("/search/")

    assert response.status_code == 200
    assert totals(response) == ["2", "1", "0", "1"]
    assert response.context["page"].sections == []


def test_one_box_finds_every_kind(client):
    person, place = expert(), InstitutionFactory(name={"en": "Rahimova Museum"})
    program = ProgramFactory(institution=place, title={"en": "Rahimova residency"})
    index(person, place, program)

    response = client.get("/search/", {"q": "rahimova"})

    assert found(response) == [person.pk]
    assert found(response, "institution") == [place.pk]
    assert found(response, "program") == [program.pk]
    assert totals(response) == ["3", "1", "1", "1"]


def test_tab_shows_one_kind_and_keeps_the_counts_of_the_others(client):
    index(expert(), InstitutionFactory(name={"en": "Rahimova Museum"}))

    response = client.get("/search/", {"q": "rahimova", "type": "institutions"})

    assert [section.kind for section in response.context["page"].sections] == ["institution"]
    assert totals(response) == ["2", "1", "0", "1"]
    assert "Rahimova Museum" in response.content.decode()


def test_other_spelling_is_said(client):
    person = expert()
    PersonName.objects.create(profile=person, kind=NameKind.OTHER, given="Dilya", family="Karimova-Stern")
    person.audiences = {"other_names": "everyone"}
    person.save()
    index(person)

    page = client.get("/search/", {"q": "Karimova-Stern", "type": "experts"}).content.decode()

    assert "Also written as: " in page
    assert "Karimova-Stern" in page.split("Also written as")[1][:60]


def test_hidden_spelling_is_not_found_by_anonymous_users(client):
    person = expert()
    PersonName.objects.create(profile=person, kind=NameKind.PASSPORT, given="Dilya", family="Passportova")
    index(person)

    assert found(client.get("/search/", {"q": "Passportova", "type": "experts"})) == []
    client.force_login(UserFactory())
    assert found(client.get("/search/", {"q": "Passportova", "type": "experts"})) == []
    client.force_login(CoordinatorFactory().user)
    assert found(client.get("/search/", {"q": "Passportova", "type": "experts"})) == [person.pk]


def test_hidden_parts_are_neither_counted_nor_filtered_by(client):
    person = expert(city="Secretville")
    skill = LanguageSkillFactory(profile=person, language="fa", level=Level.C1)
    technique = CompetenceFactory(profile=person).technique
    WindowFactory(profile=person)
    index(person)
    month = f"{timezone.now():%Y-%m}"
    asked = {"city": "secretville", "language": skill.language, "technique": technique.pk, "available": month}

    for name, value in asked.items():
        response = client.get("/search/", {"type": "experts", name: value})
        assert (name, found(response)) == (name, [])
        assert counts(client.get("/search/?type=experts"), name) == {}

    client.force_login(UserFactory())
    for name, value in asked.items():
        assert (name, found(client.get("/search/", {"type": "experts", name: value}))) == (name, [person.pk])


@pytest.mark.parametrize(
    ("reader", "seen"),
    [
        ("anonymous", {"everyone"}),
        ("member", {"everyone", "members"}),
        ("coordinator", {"everyone", "members", "coordinators"}),
        ("secretariat", {"everyone", "members", "coordinators"}),
    ],
)
def test_each_reader_finds_and_counts_what_they_may_see(client, reader, seen):
    people = {audience: expert(audience=audience) for audience in ("everyone", "members", "coordinators", "only_me")}
    index(*people.values())
    makers = {
        "member": UserFactory,
        "coordinator": lambda: CoordinatorFactory(country="US").user,
        "secretariat": lambda: UserFactory(is_secretariat=True),
    }
    if reader in makers:
        client.force_login(makers[reader]())

    response = client.get("/search/", {"q": "rahimova", "type": "experts"})

    assert set(found(response)) == {people[audience].pk for audience in seen}
    assert counts(response, "country") == {"UZ": len(seen)}
    assert response.context["page"].total == len(seen)


def test_hiding_acts_at_once_whatever_the_index_holds(client):
    person = expert()
    index(person)
    type(person).objects.filter(pk=person.pk).update(audience="only_me")

    response = client.get("/search/", {"q": "rahimova", "type": "experts"})

    assert found(response) == []
    assert "Раҳимова" not in response.content.decode()


def test_facets_filter_and_count_what_one_more_click_would_show(client):
    field = ConceptFactory(slug="ceramics")
    index(
        *(
            ProgramFactory(institution=InstitutionFactory(country=country), kind=kind)
            for country, kind in [("US", "exchange"), ("UZ", "exchange"), ("UZ", "training")]
        )
    )

    response = client.get("/search/?type=programs&country=UZ")

    assert counts(response, "country") == {"US": 1, "UZ": 2}
    assert counts(response, "kind") == {"exchange": 1, "training": 1}
    assert counts(response, "open") == {"now": 2}
    assert found(client.get(f"/search/?type=programs&field={field.pk}"), "program") == []


def test_level_of_a_language_narrows(client):
    good, poor = expert(), expert(family="Каримова")
    for person, level in ((good, Level.C1), (poor, Level.A2)):
        LanguageSkillFactory(profile=person, language="en", level=level)
    index(good, poor)
    client.force_login(UserFactory())

    response = client.get("/search/?type=experts&language=en&level=4")

    assert found(response) == [good.pk]
    assert counts(response, "language") == {"en": 1}
    assert counts(response, "level")["2"] == 2


def test_concept_is_understood_said_and_can_be_taken_off(client):
    ceramics = ConceptFactory(slug="ceramics", scheme="material", label={"en": "ceramics", "ru": "керамика"})
    tile = ConceptFactory(slug="tile", scheme="material", label={"en": "glazed tile"}, broader=ceramics)
    ConceptLabel.objects.create(concept=ceramics, language="ru", text="керамика")
    person = expert(audiences={"competences": "everyone"})
    CompetenceFactory(profile=person, technique=None, material=tile)
    index(person)

    response = client.get("/search/", {"q": "керамика", "type": "experts"})

    assert found(response) == [person.pk]
    [chip] = response.context["page"].concepts
    assert chip.term.pk == ceramics.pk
    assert "Searched for the concept, and narrower ones" in response.content.decode()
    without = client.get(f"/search/{chip.address}")
    assert without.context["page"].concepts == []
    assert found(without) == []


def test_chosen_concept_is_a_chip_that_leads_away(client):
    ceramics = ConceptFactory(slug="ceramics", scheme="material")

    [chip] = client.get("/search/", {"type": "experts", "concept": "ceramics"}).context["page"].concepts

    assert chip.term.pk == ceramics.pk
    assert chip.address == "?type=experts"


def test_nothing_found_proposes_the_nearest_spelling(client):
    index(expert(given="Gulnora", family="Sultonmurodova"))

    response = client.get("/search/", {"q": "Sultonmurodovich Xq", "type": "experts", "country": "KZ"})

    assert found(response) == []
    assert [each.label for each in response.context["page"].names] == ["Gulnora Sultonmurodova"]
    assert "Did you mean" in response.content.decode()


def test_pages_follow_each_other(client):
    made = [expert() for _ in range(23)]
    index(*made)

    first = client.get("/search/?type=experts&q=rahimova")
    second = client.get("/search/", {"type": "experts", "q": "rahimova", "cursor": first.context["page"].pager.next})

    assert len(found(first)) == 20
    assert {*found(first), *found(second)} == {person.pk for person in made}
    assert "23 results" in first.content.decode()


@pytest.mark.parametrize(
    "address", ["/search/?q=rahimova", "/search/?q=rahimova&type=experts", "/search/?type=programs", "/search/?type=institutions"]
)
def test_costs_no_more_for_three_hits_than_for_one(client, address):
    """Three may cost less: a page that is full asks no further stage."""

    def add():
        person = expert()
        WindowFactory(profile=person)
        host = InstitutionFactory(name={"en": "Rahimova Museum"})
        index(person, host, ProgramFactory(institution=host, title={"en": "Rahimova exchange"}))

    add()
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    add()
    add()
    with CaptureQueriesContext(connection) as three:
        client.get(address)

    assert len(three) <= len(one) <= 100


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_answered_quickly(client, words):
    index(expert(), InstitutionFactory())
    client.get("/search/")  # the first page of a process also loads addresses and templates
    began = time.process_time()

    assert client.get("/search/", {"q": words}).status_code == 200
    assert client.get("/search/suggestions/", {"q": words}).status_code == 200

    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("query", "kind", "shown"),
    [
        ("type=experts&field=x&field=-1&country=ZZ&kind='&language=%00&level=9&available=2027-13&sort=zz&plain=q", "expert", 1),
        ("type=experts&field=99999999999999999999999&city=%F0%9F%98%80&city=%00&concept=%2e%2e", "expert", 1),
        ("type=nonsense&open=maybe&verified=2", "", 0),
        ("type=programs&" + "&".join(f"city=c{n}" for n in range(500)), "program", 0),
        ("type=experts&type=programs&q=a&q=b", "program", 0),
        ("type=programs&kind=museum&kind=exchange", "program", 1),
        ("type=experts&language=en&level=4&available=2027-03&country=UZ&city=Bukhara&verified=1&sort=fresh", "expert", 0),
        ("lang=xx&type=experts", "expert", 1),
    ],
)
def test_hostile_parameters_are_ignored(client, query, kind, shown):
    index(expert(), ProgramFactory())

    page = client.get(f"/search/?{query}").context["page"]

    assert page.search_params.kind == kind
    assert sum(len(section.cards) for section in page.sections) == shown


def test_foreign_cursor_is_refused_in_words(client):
    index(expert())

    for cursor in ("AAAA", "W10", "bnVsbA", "%F0%9F%98%80"):
        response = client.get(f"/search/?type=experts&cursor={cursor}")
        assert response.status_code == 400
        assert b"no longer valid" in response.content


def test_fragment_is_the_results_alone(client):
    index(expert())

    response = client.get("/search/?type=experts", headers={"HX-Request": "true"})

    assert b"<html" not in response.content
    assert b'id="results"' in response.content


@pytest.mark.parametrize(
    ("address", "type_"), [("/programs/", "programs"), ("/experts/", "experts"), ("/institutions/", "institutions")]
)
def test_boxes_of_the_lists_lead_here_with_their_tab(client, address, type_):
    page = client.get(f"{address}?country=UZ&sort=new").content.decode()

    form = page[page.index("<form") : page.index("</form>")]
    assert 'action="/search/"' in form
    assert f'name="type" value="{type_}"' in form
    assert 'name="country" value="UZ"' in form
    assert "sort" not in form


def test_one_town_is_one_value_whatever_its_spelling(client):
    index(InstitutionFactory(city="Toshkent"), InstitutionFactory(city="Ташкент"), InstitutionFactory(city="Washington, DC"))

    response = client.get("/search/?type=institutions")

    [cities] = [facet.options for facet in response.context["page"].facets if facet.name == "city"]
    assert cities == [("tashkent", "Tashkent", 2), ("washington dc", "Washington, DC", 1)]
    assert len(found(client.get("/search/?type=institutions&city=Toshkent"), "institution")) == 2
    assert response.context["page"].facets


def test_busy_search_says_that_it_did_not_look_everywhere(client, monkeypatch):
    monkeypatch.setattr("search.domain.ranking.TIMEOUT", 0.0)
    index(expert())

    page = client.get("/search/?q=rahimova&type=experts").content.decode()

    assert "results may be simpler" in page
    assert "Ask again" in page
