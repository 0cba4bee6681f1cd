"""The search and the vocabulary in the API: typed filters, ranking, errors as problem responses."""

import pytest

from accounts.domain.tokens import digest_of
from accounts.models import ApiToken
from exchange.core.spoken_languages import Level
from profiles.models import PersonName
from profiles.states import NameKind
from tests.factories import (
    CompetenceFactory,
    ConceptFactory,
    InstitutionFactory,
    LanguageSkillFactory,
    ProgramFactory,
    UserFactory,
    WindowFactory,
)
from tests.helpers.search import HOSTILE, ONLY_DIRECTION, expert, index

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(client):
    client.force_login(UserFactory())

    def get(**params):
        return client.get("/api/v1/search", params)

    return get


def ids(response):
    return [item["id"] for item in response.json()["items"]]


def test_anonymous_users_need_a_token_and_a_token_needs_its_scope(client):
    assert client.get("/api/v1/search", {"q": "a"}).status_code == 401
    ApiToken.objects.create(user=UserFactory(), name="t", scopes=["write"], digest=digest_of("secret"), hint="se")
    assert client.get("/api/v1/search", {"q": "a"}, headers={"Authorization": "Bearer secret"}).status_code == 403
    ApiToken.objects.update(scopes=["read"])
    assert client.get("/api/v1/search", {"q": "a"}, headers={"Authorization": "Bearer secret"}).status_code == 200


def test_experts_are_ranked_with_their_shown_name_and_the_found_one(api):
    person = expert()
    PersonName.objects.create(profile=person, kind=NameKind.OTHER, given="Dilnoza", family="Sternberg")
    index(person, expert(family="Штейн"))

    [item] = api(type="experts", q="Dilnoza Sternberg").json()["items"][:1]

    assert item["id"] == person.pk
    assert item["type"] == "experts"
    assert item["name"] == "Дилноза Раҳимова"
    assert item["also_written_as"] == "Dilnoza Sternberg"
    assert item["url"].endswith(f"/experts/{person.pk}/")
    assert item["why"] == "name"
    assert item["score"] == 1.8


def test_ids_are_those_of_each_collection(api):
    place = InstitutionFactory(name={"en": "Silk Museum"})
    program = ProgramFactory(institution=place, title={"en": "Silk residency"})
    index(place, program)

    assert ids(api(type="institutions", q="silk museum")) == [place.slug]
    assert ids(api(type="programs", q="silk residency")) == [program.pk]


def test_facets_come_on_request_by_the_ids_of_the_vocabulary(api):
    ceramics = ConceptFactory(slug="ceramics", scheme="material", label={"en": "ceramics"})
    person = expert()
    CompetenceFactory(profile=person, technique=None, material=ceramics)
    LanguageSkillFactory(profile=person, language="en", level=Level.B2)
    window = WindowFactory(profile=person)
    index(person)

    assert api(type="experts").json()["facets"] is None
    facets = api(type="experts", facets="true").json()["facets"]

    assert facets["material"] == [{"value": "ceramics", "label": "ceramics", "count": 1}]
    assert facets["country"] == [{"value": "UZ", "label": "Uzbekistan", "count": 1}]
    assert facets["language"] == [{"value": "en", "label": "English", "count": 1}]
    assert f"{window.starts:%Y-%m}" in {row["value"] for row in facets["available"]}
    assert ids(api(type="experts", material="ceramics", language="en", level="4", country="UZ")) == [person.pk]
    assert ids(api(type="experts", material="ceramics", language="en", level="5")) == []
    assert ids(api(type="experts", available=f"{window.starts:%Y-%m}", city="bukhara")) == [person.pk]


def test_languages_are_counted_at_the_chosen_level_and_levels_of_the_chosen_language(api):
    fluent, beginner = expert(), expert()
    LanguageSkillFactory(profile=fluent, language="en", level=Level.C1)
    LanguageSkillFactory(profile=beginner, language="en", level=Level.A2)
    LanguageSkillFactory(profile=beginner, language="ru", level=Level.C1)
    index(fluent, beginner)

    def counts(name, **params):
        rows = api(type="experts", facets="true", **params).json()["facets"].get(name, [])
        return {row["value"]: row["count"] for row in rows}

    assert counts("language") == {"en": 2, "ru": 1}
    assert counts("level") == {}
    assert counts("language", language="en", level="3") == {"en": 1, "ru": 1}
    assert counts("level", language="en") == {"1": 2, "2": 2, "3": 1, "4": 1, "5": 1}


def test_hidden_people_are_neither_found_nor_counted(api):
    index(expert(audience="coordinators"), expert(audience="only_me"))

    answer = api(type="experts", q="rahimova", facets="true").json()

    assert answer["items"] == []
    assert answer["total"] == 0
    assert answer["facets"] == {}


def test_open_programmes(api):
    opened, closed = ProgramFactory(), ProgramFactory(state="closed")
    index(opened, closed)

    assert set(ids(api(type="programs"))) == {opened.pk, closed.pk}
    assert ids(api(type="programs", open="true")) == [opened.pk]


def test_pages_follow_each_other_without_gap_or_echo(api):
    people = [expert() for _ in range(7)]
    index(*people)
    seen, cursor = [], ""
    while True:
        page = api(type="experts", q="rahimova", limit="3", cursor=cursor).json()
        seen += [item["id"] for item in page["items"]]
        if not (cursor := page["next"]):
            break

    assert sorted(seen) == sorted(person.pk for person in people)


@pytest.mark.parametrize(
    ("params", "status", "at"),
    [
        ({"type": "people"}, 422, "type"),
        ({"limit": "101"}, 422, "limit"),
        ({"limit": "0"}, 422, "limit"),
        ({"limit": "x"}, 422, "limit"),
        ({"contry": "UZ"}, 422, "contry"),
        ({"country": "ZZ"}, 422, "country"),
        ({"field": "no-such-concept"}, 422, "field"),
        ({"available": "2027-13"}, 422, "available"),
        ({"level": "4"}, 422, "level"),
        ({"type": "institutions", "language": "en"}, 422, "language"),
        ({"type": "programs", "kind": "museum"}, 422, "kind"),
        ({"type": "programs", "sort": "fresh"}, 422, "sort"),
        ({"open": "true"}, 422, "open"),
        ({"facets": "perhaps"}, 422, "facets"),
        ({"cursor": "AAAA"}, 400, None),
    ],
)
def test_what_cannot_be_read_is_refused_as_a_problem(api, params, status, at):
    index(expert())

    answer = api(**params)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    if at:
        assert any(at in error["at"] for error in answer.json()["errors"])


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_find_nothing_and_break_nothing(api, words):
    person = expert()
    index(person)

    answer = api(type="experts", q=words, facets="true")

    assert answer.status_code == 200
    # Marks that only turn the direction of writing are taken out: then nothing was asked, and everybody is listed.
    everybody = [person.pk] if words == ONLY_DIRECTION else []
    assert [item["id"] for item in answer.json()["items"]] == everybody


def test_description_names_the_filters_and_their_values(client):
    schema = client.get("/api/v1/openapi.json").json()
    operation = schema["paths"]["/api/v1/search"]["get"]

    names = {parameter["name"] for parameter in operation["parameters"]}
    assert {"q", "type", "limit", "cursor", "facets", "field", "material", "country", "language", "level", "available"} <= names
    assert "SearchOut" in str(operation["responses"])


# ---- concepts --------------------------------------------------------------------------------------------------------


@pytest.fixture
def words(client):
    client.force_login(UserFactory())
    return {
        slug: ConceptFactory(slug=slug, scheme=scheme, label=label)
        for slug, scheme, label in [
            ("ceramics", "material", {"en": "ceramics", "ru": "керамика", "uz": "kulolchilik"}),
            ("ceramic-tile", "material", {"en": "ceramic tile", "ru": "керамическая плитка"}),
            ("archaeology", "field", {"en": "archaeology", "ru": "археология"}),
        ]
    }


@pytest.mark.parametrize("q", ["ceramics", "керамика", "keramika", "CERAMICS", "ceramcs", "kulolchilik", "кулолчилик"])
def test_concepts_are_ranked_by_their_labels_in_every_language_and_script(client, words, q):
    answer = client.get("/api/v1/concepts", {"q": q}).json()

    assert answer["items"][0]["id"] == "ceramics"
    assert answer["items"][0]["scheme"] == "material"
    assert answer["items"][0]["labels"]["ru"] == "керамика"
    assert answer["items"][0]["score"] > 0.5
    assert answer["next"] is None


def test_concepts_without_words_are_all_by_id_and_by_scheme(client, words):
    assert [item["id"] for item in client.get("/api/v1/concepts").json()["items"]] == ["archaeology", "ceramic-tile", "ceramics"]
    assert [item["id"] for item in client.get("/api/v1/concepts?scheme=field").json()["items"]] == ["archaeology"]
    assert client.get("/api/v1/concepts?scheme=field&q=ceramics").json()["items"] == []
    assert client.get("/api/v1/concepts/ceramics").json()["label"] == "ceramics"


def test_nonsense_is_no_concept(client, words):
    for q in ("zzzzqqq", "x" * 5000, "😀", "'"):
        assert (q[:9], client.get("/api/v1/concepts", {"q": q}).json()["items"]) == (q[:9], [])
