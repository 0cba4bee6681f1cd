"""People, institutions and the vocabulary by API: the same visibility as the pages."""

import json

import pytest

from accounts.domain.tokens import create_token
from profiles.domain.profiles import refresh_index, save_audiences
from profiles.states import Audience, Part
from tests.factories import (
    ConceptFactory,
    CoordinatorFactory,
    ExpertFactory,
    InstitutionFactory,
    LanguageSkillFactory,
    MembershipFactory,
)
from tests.helpers.profile_fixtures import full_profile
from tests.helpers.search import index

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/me", "/experts", "/experts/1", "/institutions", "/concepts", "/institutions/x"])
def test_anonymous_users_get_a_problem_document(api, path):
    answer = api(None, path)

    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_reading_token_moves_nothing(api, museum):
    coordinator = CoordinatorFactory(country="UZ").user

    answer = api(coordinator, f"/institutions/{museum.slug}/verify", {}, scopes=("read",))

    assert answer.status_code == 403
    museum.refresh_from_db()
    assert museum.state == "unverified"


def test_me_says_what_i_am(api, museum):
    user = MembershipFactory(institution=museum, role="editor").user
    CoordinatorFactory(user=user, country="UZ")

    me = api(user, "/me").json()

    assert (me["email"], me["countries"], me["teams"]) == (user.email, ["UZ"], [{"institution": "museum", "roles": ["editor"]}])
    assert {active_role["key"] for active_role in me["hats"]} == {"coordinator:UZ", f"host:{museum.pk}"}


def test_experts_follow_the_visibility(api, profile, member, coordinator):
    shown = api(member, "/experts").json()["items"][0]
    text = json.dumps(shown, ensure_ascii=False)
    assert shown["city"] == "Secretville"
    assert shown["competences"][0]["technique"] == {"id": "wet", "label": "secret cleaning"}
    assert shown["moves"] == []
    for secret in ("5550199", profile.user.email, "PASSPORT", "/cv"):
        assert secret not in text

    assert "/cv" in api(coordinator, f"/experts/{profile.pk}").json()["cv"]
    assert "PASSPORTOVA" in json.dumps(api(coordinator, f"/experts/{profile.pk}").json())


def test_hidden_parts_are_absent_and_not_counted(api, profile, member):
    save_audiences(profile, by=profile.user, audience=Audience.MEMBERS, audiences=dict.fromkeys(Part.values, Audience.ONLY_ME))

    shown = api(member, f"/experts/{profile.pk}").json()

    assert "ecret" not in json.dumps(shown)
    assert {name for name, value in shown.items() if value in (None, [])} >= {
        *(
            "city",
            "biography",
            "affiliation",
            "experience_years",
            "competences",
            "languages",
            "windows",
            "photo",
            "cv",
            "phone",
            "email",
        ),
    }
    assert api(member, "/experts?language=fa").json()["items"] == []
    assert len(api(profile.user, "/experts?language=fa").json()["items"]) == 1
    index(profile)
    assert len(api(member, "/experts?q=Раҳимова").json()["items"]) == 1
    for hidden in ("Secretville", "Секретова", "cleaning"):
        assert api(member, f"/experts?q={hidden}").json()["items"] == []


def test_hidden_profile_is_not_there(api, profile, member):
    save_audiences(profile, by=profile.user, audience=Audience.ONLY_ME, audiences={})

    assert api(member, f"/experts/{profile.pk}").status_code == 404
    assert api(member, "/experts").json() == {"items": [], "next": None}
    assert api(member, f"/experts/{profile.pk}/photo").status_code == 404


@pytest.mark.parametrize("part", ["photo", "cv"])
def test_files_follow_the_visibility(api, profile, member, coordinator, part):
    assert api(member, f"/experts/{profile.pk}/{part}").status_code == (200 if part == "photo" else 404)
    assert api(coordinator, f"/experts/{profile.pk}/{part}").status_code == 200


def test_experts_are_filtered(api, member, textiles):
    wool = ConceptFactory(slug="wool-conservation", scheme="specialism", broader=textiles)
    first = full_profile(textiles)
    second = ExpertFactory(country="KZ", shown_name="Ерлан", sort_name="b")
    second.profile_fields.create(concept=wool)
    LanguageSkillFactory(profile=second, language="kk")
    refresh_index(second)
    index(first, second)

    def found(query):
        return [item["id"] for item in api(member, f"/experts?{query}").json()["items"]]

    assert found("country=KZ") == [second.pk]
    assert set(found("country=KZ&country=UZ")) == {first.pk, second.pk}
    assert set(found("field=textiles")) == {first.pk, second.pk}
    assert found("field=wool-conservation") == [second.pk]
    assert found("language=kk") == [second.pk]
    assert found("q=silk") == [first.pk]
    assert found("q=%00%27%29;--") == found("")
    assert api(member, "/experts?field=nothing").status_code == 422
    assert api(member, "/experts?country=XX").status_code == 422
    assert api(member, "/experts?limit=0").status_code == 422


def test_experts_are_paged_without_gap_or_double(api, member):
    for n in range(5):
        ExpertFactory(sort_name="same" if n < 3 else f"z{n}")

    seen, cursor = [], ""
    while cursor is not None:
        page = api(member, f"/experts?limit=2&cursor={cursor}").json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]

    assert len(seen) == len(set(seen)) == 5
    assert api(member, "/experts?cursor=nonsense").status_code == 400


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("path", "queries"), [("/experts", 8), ("/institutions", 5), ("/concepts", 2)])
def test_lists_are_flat(api, client, member, textiles, path, queries, count, django_assert_num_queries):
    for n in range(count):
        full_profile(textiles)
        InstitutionFactory().fields.add(textiles)
        ConceptFactory(slug=f"c{n}")
    _token, text = create_token(member, name="test", scopes=["read"], by=member)
    bearer = {"authorization": f"Bearer {text}"}
    client.get(f"/api/v1{path}", headers=bearer)

    with django_assert_num_queries(queries):
        assert len(client.get(f"/api/v1{path}", headers=bearer).json()["items"]) >= count


def test_institutions_list_their_moves(api, museum, member, owner):
    coordinator = CoordinatorFactory(country="UZ").user

    def moves(user):
        return [move["name"] for move in api(user, "/institutions/museum").json()["moves"]]

    assert (moves(member), moves(owner), moves(coordinator)) == ([], [], ["verify"])
    assert api(member, "/institutions").json()["items"][0]["moves"] == []


def test_institution_moves_by_api(api, museum, member):
    coordinator = CoordinatorFactory(country="UZ").user
    other = CoordinatorFactory(country="KZ").user

    assert [api(user, "/institutions/museum/verify", {}).status_code for user in (member, other)] == [403, 403]
    assert api(coordinator, "/institutions/museum/verify", {}).json()["state"] == "verified"
    assert api(coordinator, "/institutions/museum/verify", {}).status_code == 409
    assert api(coordinator, "/institutions/museum/suspend", {}).status_code == 422
    assert api(coordinator, "/institutions/museum/suspend", {"note": "gone"}).json()["state"] == "suspended"
    assert api(member, "/institutions/museum").status_code == 404
    assert api(coordinator, "/institutions/museum/explode", {}).status_code == 404


def test_institutions_are_filtered_and_found_in_any_language(api, museum, member):
    index(museum, InstitutionFactory(country="US", kind="university", name={"en": "Delaware"}))

    def found(query):
        return [item["name"] for item in api(member, f"/institutions?{query}").json()["items"]]

    assert found("country=UZ") == found("state=unverified") == found("q=шёлка") == ["Museum of silk"]
    assert found("kind=university") == ["Delaware"]


def test_concepts_are_read_and_found(api, member, textiles):
    silk = ConceptFactory(slug="silk", scheme="material", broader=textiles, label={"en": "silk", "ru": "шёлк"})

    assert api(member, "/concepts/silk").json() == {
        "id": "silk",
        "scheme": "material",
        "label": "silk",
        "labels": {"en": "silk", "ru": "шёлк"},
        "broader": ["textiles"],
        "note": silk.note,
    }
    assert [item["id"] for item in api(member, "/concepts").json()["items"]] == ["silk", "textiles"]
    assert [item["id"] for item in api(member, "/concepts?scheme=material").json()["items"]] == ["silk"]
    assert [item["id"] for item in api(member, "/concepts?q=шелк").json()["items"]] == ["silk"]
    assert api(member, "/concepts?q=шёлк&lang=ru").json()["items"][0]["label"] == "шёлк"
    assert api(member, "/concepts/nothing").status_code == 404


def test_session_calls_need_the_csrf_token(client, museum):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(CoordinatorFactory(country="UZ").user)

    answer = browser.post("/api/v1/institutions/museum/verify", "{}", content_type="application/json")

    assert answer.status_code == 403
    museum.refresh_from_db()
    assert museum.state == "unverified"
    assert browser.get("/api/v1/me").status_code == 200


def test_search_text_never_leaks_by_api(api, member, profile):
    index(profile)
    assert len(api(member, "/experts?q=Раҳимова").json()["items"]) == 1
    for secret in ("passportova", "5550199", profile.user.email.split("@")[0] + "x"):
        assert api(member, f"/experts?q={secret}").json()["items"] == []


def test_record_of_one_expert_follows_the_visibility(api, profile, member, coordinator):
    shown = api(member, f"/experts/{profile.pk}").json()
    assert [row["title"] for row in shown["positions"]] == ["Secret post"]
    assert shown["accreditations"] == [{"title": "Secret licence", "body": "Secret chamber", "number": None, "expires": None}]
    assert (shown["orcid"], shown["publications"][0]["doi"], shown["freshness"]) == ("0000-0002-1825-0097", "10.1000/secret", 0)
    assert api(profile.user, f"/experts/{profile.pk}").json()["accreditations"][0]["number"] == "NUMBER-77"

    path = shown["portfolio"][0]["pictures"][0]["sizes"]["400"].partition("/api/v1")[2]
    assert api(member, path).status_code == 200
    assert api(member, path.replace("small", "upload")).status_code == 404
    save_audiences(profile, by=profile.user, audience=Audience.MEMBERS, audiences=dict.fromkeys(Part.values, Audience.ONLY_ME))
    assert api(coordinator, path).status_code == 404
    hidden = api(coordinator, f"/experts/{profile.pk}").json()
    assert {name: hidden[name] for name in ("positions", "education", "accreditations", "publications", "orcid", "portfolio")} == {
        "positions": [],
        "education": [],
        "accreditations": [],
        "publications": [],
        "orcid": None,
        "portfolio": [],
    }
