import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exchange.core.spoken_languages import Level
from programs.domain.programs import refresh_index
from programs.models import Program
from tests.factories import (
    ConceptFactory,
    ExpertFactory,
    InstitutionFactory,
    LanguageSkillFactory,
    MembershipFactory,
    ProgramFactory,
    QuestionFactory,
    QuotaFactory,
    RequiredLanguageFactory,
)
from tests.helpers.search import index
from vocabulary.domain.vocabulary import vocabulary

LIST = "/api/v1/programs"


def get(client, user, url=LIST, **params):
    client.force_login(user)
    return client.get(url, params)


def slugs(response):
    return [item["slug"] for item in response.json()["items"]]


def post(client, user, url, **body):
    client.force_login(user)
    return client.post(url, json.dumps(body), content_type="application/json")


def test_the_api_wants_a_login(client, program):
    response = client.get(LIST)

    assert response.status_code == 401
    assert response.headers["Content-Type"].startswith("application/problem+json")


@pytest.mark.parametrize(("who", "sees"), [("owner", True), ("reviewer", True), ("other_host", False), ("other_user", False)])
def test_drafts_are_their_teams_alone(client, draft, program, request, who, sees):
    user = request.getfixturevalue(who)

    assert (draft.slug in slugs(get(client, user))) is sees
    for key in (draft.pk, draft.slug):
        assert get(client, user, f"{LIST}/{key}").status_code == (200 if sees else 404)
        response = post(client, user, f"{LIST}/{key}/cancel", note="x")
        assert response.status_code == (
            200 if who == "owner" and key == draft.pk else 403 if who == "reviewer" else 404 if not sees else 409
        )


def test_an_item_says_everything_the_page_says(client, institution, expert):
    program = ProgramFactory(institution=institution, funding={"ru": "Стипендия"})
    RequiredLanguageFactory(program=program, language="ru", level=Level.B1)
    QuotaFactory(program=program, country="UZ", reserved=1, most=2)
    program.concepts.add(ConceptFactory(slug="textiles", label={"en": "textiles"}))

    (item,) = get(client, expert.user).json()["items"]

    assert item["id"] == program.pk
    assert item["url"].endswith(program.get_absolute_url())
    assert (item["title"], item["texts"]["title"]) == (program.title["en"], program.title)
    assert item["funding"] == "Стипендия"
    assert item["institution"]["id"] == institution.slug
    assert item["languages"] == [{"language": "ru", "level": 3, "level_label": "B1"}]
    assert item["concepts"] == [{"id": "textiles", "label": "textiles"}]
    assert {"country": "UZ", "kept": 1, "most": 2, "left": 2} in item["places"]
    assert item["open"] is True
    assert item["moves"] == []
    assert item["eligibility"]["eligible"] is False
    assert [reason["code"] for reason in item["eligibility"]["reasons"]] == ["language"]
    assert item["eligibility"]["reasons"][0]["fix_url"].startswith("http")


def test_without_a_profile_there_is_no_eligibility(client, program, owner):
    assert get(client, owner).json()["items"][0]["eligibility"] is None


def test_titles_come_in_the_readers_language(client, program, expert):
    assert get(client, expert.user, f"{LIST}/{program.slug}", lang="ru").json()["title"] == program.title["ru"]


def test_filters(client, expert):
    field = ConceptFactory(slug="restoration", scheme="field")
    wanted = ProgramFactory(
        institution=InstitutionFactory(slug="kz-museum", country="KZ"), kind="residency", title={"en": "Felt", "ru": "Войлок"}
    )
    wanted.concepts.add(ConceptFactory(slug="felt-making", scheme="technique", broader=field))
    RequiredLanguageFactory(program=wanted, language="kk")
    refresh_index(wanted)
    others = ProgramFactory(state="closed"), ProgramFactory()
    index(wanted, *others)

    for params in (
        {"field": "restoration"},
        {"country": "KZ"},
        {"kind": "residency"},
        {"language": "kk"},
        {"institution": "kz-museum"},
        {"q": "войлок"},
        {"country": ["KZ", "KG"], "kind": "residency", "open": "true"},
    ):
        assert slugs(get(client, expert.user, **params)) == [wanted.slug], params
    assert len(slugs(get(client, expert.user))) == 3
    assert len(slugs(get(client, expert.user, open="true"))) == 2
    assert len(slugs(get(client, expert.user, state="closed"))) == 1


@pytest.mark.parametrize(
    "params",
    [
        {"field": "no-such-field"},
        {"country": "XX"},
        {"kind": "holiday"},
        {"language": "xx"},
        {"limit": "0"},
        {"limit": "1000"},
        {"open": "perhaps"},
        {"cursor": "rubbish"},
        {"cursor": "WzEsMl0"},
    ],
)
def test_filters_that_make_no_sense_are_problems(client, program, expert, params):
    response = get(client, expert.user, **params)

    assert response.status_code in (400, 422)
    assert response.headers["Content-Type"].startswith("application/problem+json")


@pytest.mark.parametrize("q", ['"; drop table', "𝔘𝔫𝔦", "x" * 5000, "a & | b"])
def test_hostile_words_find_nothing_and_break_nothing(client, program, expert, q):
    assert slugs(get(client, expert.user, q=q)) == []


@pytest.mark.parametrize("q", ["'", "\\", ":*", "!!!"])
def test_marks_without_a_word_narrow_nothing(client, program, expert, q):
    assert slugs(get(client, expert.user, q=q)) == [program.slug]


@pytest.mark.parametrize("key", ["0", "99999999999", "9" * 30, "nothing", "-1", "²", "१"])
def test_unknown_keys_are_not_found(client, program, expert, key):
    assert get(client, expert.user, f"{LIST}/{key}").status_code == 404


def test_pages_go_on_without_doubles_and_never_closing_ones_come_last(client, expert):
    rolling = ProgramFactory(deadline=None)
    for _ in range(4):
        ProgramFactory()

    seen, cursor = [], None
    for _ in range(10):
        answer = get(client, expert.user, limit=2, **({"cursor": cursor} if cursor else {})).json()
        seen += [item["slug"] for item in answer["items"]]
        cursor = answer["next"]
        if cursor is None:
            break

    assert len(seen) == len(set(seen)) == 5
    assert seen[-1] == rolling.slug


def test_detail_holds_the_form_and_shows_the_rubric_to_the_team_alone(client, draft, owner, other_user):
    QuestionFactory(program=draft, kind="one_of", choices=[{"id": "7", "en": "Silk", "ru": "Шёлк"}])
    Program.objects.filter(pk=draft.pk).update(state="published", was_published=True)

    item = get(client, owner, f"{LIST}/{draft.pk}").json()
    assert item["questions"][0]["choices"] == [{"id": "7", "texts": {"en": "Silk", "ru": "Шёлк"}}]
    assert [row["weight"] for row in item["rubric"]] == [2]
    assert get(client, other_user, f"{LIST}/{draft.pk}").json()["rubric"] is None


def test_moves_are_listed_and_made(client, draft, owner):
    item = get(client, owner, f"{LIST}/{draft.slug}").json()
    assert [move["name"] for move in item["moves"]] == ["publish", "cancel"]

    response = post(client, owner, f"{LIST}/{draft.slug}/publish")
    assert (response.status_code, response.json()["state"]) == (200, "published")
    again = post(client, owner, f"{LIST}/{draft.slug}/publish")
    assert (again.status_code, again.headers["Content-Type"]) == (409, "application/problem+json")
    assert post(client, owner, f"{LIST}/{draft.slug}/explode").status_code == 404
    refused = post(client, owner, f"{LIST}/{draft.slug}/cancel")
    assert (refused.status_code, refused.json()["type"]) == (422, "about:blank#note-required")
    assert post(client, owner, f"{LIST}/{draft.slug}/cancel", note="Flood").json()["state"] == "cancelled"


def test_publishing_what_lacks_something_lists_it(client, draft, owner):
    Program.objects.filter(pk=draft.pk).update(summary={}, eligible_countries=[])

    response = post(client, owner, f"{LIST}/{draft.slug}/publish")

    assert response.status_code == 422
    assert "summary" in response.json()["detail"]
    assert "eligible country" in response.json()["detail"]


def test_the_list_costs_the_same_for_one_row_and_for_three(client, db):
    profile = ExpertFactory()
    LanguageSkillFactory(profile=profile)
    MembershipFactory(user=profile.user)
    counts = []
    for _ in range(2):
        for _ in range(2 if counts else 1):
            program = ProgramFactory()
            RequiredLanguageFactory(program=program)
            QuotaFactory(program=program)
            program.concepts.add(ConceptFactory())
        get(client, profile.user)
        vocabulary()
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(LIST).json()["items"]) == (3 if counts else 1)
        counts.append(len(queries))

    assert counts[0] == counts[1]
