"""The API of matching: the same answers and permissions as the pages."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from matching.domain.choices import save_settings
from matching.domain.compute import match_everything
from matching.domain.invitations import invite_expert
from matching.domain.need_matching import match_need
from matching.models import Invitation, MatchSettings, Need, PersonChoice, ProgramChoice
from tests.factories import (
    ExpertFactory,
    InstitutionFactory,
    MembershipFactory,
    ProgramFactory,
    RequiredLanguageFactory,
    UserFactory,
)
from tests.matching.conftest import skilled

pytestmark = pytest.mark.django_db

API = "/api/v1"


def put(client, path, body):
    return client.put(API + path, body, content_type="application/json")


def need_body(technique, institution, **values):
    day = timezone.now().date() + datetime.timedelta(days=60)
    body = {
        "institution": institution.slug,
        "title": "A conservator",
        "starts": day.isoformat(),
        "ends": (day + datetime.timedelta(days=30)).isoformat(),
        "concepts": [technique.slug],
        "languages": [{"language": "en", "level": 4}],
    }
    return body | values


def test_my_matches_are_filtered_and_tuned(client, expert, technique):
    for kind in ("training", "exchange", "exchange"):
        ProgramFactory(kind=kind).concepts.add(technique)
    match_everything()
    client.force_login(expert.user)
    exchanges = client.get(f"{API}/matches?kind=exchange").json()["items"]
    assert {item["program"] for item in exchanges} < {item["program"] for item in client.get(f"{API}/matches").json()["items"]}

    answer = put(client, f"/matches/{exchanges[0]['program']}/choice", {"choice": "dismissed", "reason": "kind"})

    assert answer.json() == {
        "program": exchanges[0]["program"],
        "title": exchanges[0]["title"],
        "choice": "dismissed",
        "reason": "kind",
    }
    [other] = client.get(f"{API}/matches?kind=exchange").json()["items"]
    assert (other["rank"], other["lowered"]) == (other["points"] - 200, ["kind"])
    assert other["points"] == sum(part["points"] for part in other["parts"])
    assert [item["program"] for item in client.get(f"{API}/matches/choices?choice=dismissed").json()["items"]] == [
        exchanges[0]["program"]
    ]
    assert client.delete(f"{API}/matches/{exchanges[0]['program']}/choice").status_code == 204
    assert len(client.get(f"{API}/matches?kind=exchange").json()["items"]) == 2
    assert put(client, f"/matches/{other['program']}/choice", {"choice": "dismissed"}).status_code == 422


def test_settings_and_advice(client, expert, technique):
    program = ProgramFactory()
    program.concepts.add(technique)
    RequiredLanguageFactory(program=program, language="fr", level=4)
    match_everything()
    client.force_login(expert.user)

    assert client.get(f"{API}/matches/settings").json() == {"proposed": True, "weekly_mail": False}
    put(client, "/matches/settings", {"proposed": False, "weekly_mail": True})
    assert MatchSettings.objects.filter(proposed=False, weekly_mail=True).exists()
    assert client.get(f"{API}/matches/advice").json() == [
        {"text": "French B2 would open 1 programme.", "url": "/profile/languages/", "count": 1}
    ]
    client.force_login(UserFactory())
    assert client.get(f"{API}/matches/settings").status_code == 403
    assert client.get(f"{API}/matches/advice").json() == []


def test_people_are_listed_by_id_and_slug_for_the_hosts_editors(client, program, technique, editor):
    kazakh, uzbek = skilled(technique, country="KZ"), skilled(technique)
    match_everything()
    client.force_login(editor)

    by_slug = client.get(f"{API}/programs/{program.slug}/people").json()
    assert client.get(f"{API}/programs/{program.pk}/people").json() == by_slug
    assert {item["expert"] for item in by_slug["items"]} == {kazakh.pk, uzbek.pk}
    for item in by_slug["items"]:
        assert item["points"] == sum(part["points"] for part in item["parts"])
        assert (item["eligible"], item["languages"], item["available"], item["invitation"]) == (True, ["en"], False, None)
    assert [item["expert"] for item in client.get(f"{API}/programs/{program.slug}/people?country=KZ").json()["items"]] == [
        kazakh.pk
    ]
    assert client.get(f"{API}/programs/{program.slug}/people?available=1").json()["items"] == []

    for user in (kazakh.user, MembershipFactory().user, UserFactory(is_secretariat=True)):
        client.force_login(user)
        assert client.get(f"{API}/programs/{program.slug}/people").status_code == 403
    assert client.get(f"{API}/programs/none/people").status_code == 404


def test_people_are_saved_dismissed_and_invited(client, program, expert, editor):
    match_everything()
    client.force_login(editor)
    choice = f"/programs/{program.slug}/people/{expert.pk}/choice"

    assert put(client, choice, {"choice": "saved"}).json() == {"choice": "saved"}
    assert client.get(f"{API}/programs/{program.slug}/people?show=saved").json()["items"][0]["choice"] == "saved"
    put(client, choice, {"choice": "dismissed"})
    assert client.get(f"{API}/programs/{program.slug}/people").json()["items"] == []
    assert client.delete(API + choice).status_code == 204
    invite_expert(expert, program, by=editor, words="Come.")
    assert client.get(f"{API}/programs/{program.slug}/people").json()["items"][0]["invitation"] == "invited"
    assert put(client, choice, {"choice": "nonsense"}).status_code == 422

    client.force_login(expert.user)
    assert put(client, choice, {"choice": "saved"}).status_code == 403
    assert client.delete(API + choice).status_code == 403
    assert client.post(f"{API}/programs/{program.slug}/invitation/decline").status_code == 204
    assert Invitation.objects.get().declined_at is not None
    assert not PersonChoice.objects.exists()
    client.force_login(ExpertFactory().user)
    assert client.post(f"{API}/programs/{program.slug}/invitation/decline").status_code == 404


def test_who_is_not_proposed_is_in_no_answer(client, program, expert, editor):
    match_everything()
    save_settings(by=expert.user, proposed=False, weekly_mail=False)
    client.force_login(editor)

    assert client.get(f"{API}/programs/{program.slug}/people?eligible=all").json()["items"] == []
    body = {"expert": expert.pk, "program": program.slug, "words": "Come."}
    assert client.post(f"{API}/invitations", body, content_type="application/json").status_code == 404
    assert put(client, f"/programs/{program.slug}/people/{expert.pk}/choice", {"choice": "saved"}).status_code == 404


def test_needs_are_written_read_and_made_into_drafts(client, technique, program, editor, expert):
    client.force_login(editor)
    created = client.post(f"{API}/needs", need_body(technique, program.institution), content_type="application/json")
    need = created.json()

    assert created.status_code == 201
    assert need["concepts"] == [technique.slug]
    assert need["languages"] == [{"language": "en", "level": 4}]
    assert client.get(f"{API}/needs").json()["items"] == [need]
    assert client.get(f"{API}/needs/{need['id']}").json() == need
    match_need(need["id"])
    [person] = client.get(f"{API}/needs/{need['id']}/people").json()["items"]
    assert person["expert"] == expert.pk
    assert person["points"] == sum(part["points"] for part in person["parts"])
    assert client.get(f"{API}/needs/{need['id']}/people?country=KZ").json()["items"] == []

    body = need_body(technique, program.institution, title="Another") | {"languages": []}
    assert put(client, f"/needs/{need['id']}", body).json()["title"] == "Another"
    draft = client.post(f"{API}/needs/{need['id']}/draft?kind=residency").json()["program"]
    assert client.get(f"{API}/needs/{need['id']}").json()["program"] == draft
    assert client.delete(f"{API}/needs/{need['id']}").status_code == 204
    assert client.get(f"{API}/needs/{need['id']}").status_code == 404


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"concepts": ["nonsense"]}, 422),
        ({"languages": [{"language": "xx", "level": 3}]}, 422),
        ({"countries": ["ZZ"]}, 422),
        ({"title": ""}, 422),
    ],
)
def test_needs_with_faults_are_refused(client, technique, program, editor, values, status):
    client.force_login(editor)
    body = need_body(technique, program.institution, **values)

    assert client.post(f"{API}/needs", body, content_type="application/json").status_code == status
    assert not Need.objects.exists()


def test_needs_of_others_do_not_exist(client, technique, program, editor):
    client.force_login(editor)
    pk = client.post(f"{API}/needs", need_body(technique, program.institution), content_type="application/json").json()["id"]

    for user in (ExpertFactory().user, MembershipFactory().user, UserFactory(is_secretariat=True)):
        client.force_login(user)
        assert client.get(f"{API}/needs").json()["items"] == []
        assert (
            client.post(f"{API}/needs", need_body(technique, program.institution), content_type="application/json").status_code
            == 403
        )
        for path in ("", "/people"):
            assert client.get(f"{API}/needs/{pk}{path}").status_code == 404
        assert put(client, f"/needs/{pk}", need_body(technique, program.institution)).status_code == 404
        assert client.delete(f"{API}/needs/{pk}").status_code == 404
        assert client.post(f"{API}/needs/{pk}/draft").status_code == 404
    assert Need.objects.count() == 1


def test_partners_are_for_editors(client, technique, program, editor):
    partner = InstitutionFactory(country="UZ")
    skilled(technique, affiliation=partner)
    client.force_login(editor)

    [found] = client.get(f"{API}/institutions/{program.institution.slug}/partners").json()
    assert (found["institution"], found["they_have"]) == (partner.slug, [{"concept": "Wet cleaning", "experts": 1}])
    client.force_login(ExpertFactory().user)
    assert client.get(f"{API}/institutions/{program.institution.slug}/partners").status_code == 403


@pytest.mark.parametrize("path", ["/matches", "/matches/choices", "/programs/{slug}/people", "/needs", "/needs/{need}/people"])
def test_lists_cost_the_same_for_one_row_and_three(client, technique, program, editor, expert, path):
    client.force_login(editor)
    need = client.post(f"{API}/needs", need_body(technique, program.institution), content_type="application/json").json()["id"]
    address = API + path.format(slug=program.slug, need=need)
    client.force_login(expert.user if "matches" in path else editor)
    counts = []
    for number in (1, 2):
        for _each in range(number - 1):
            skilled(technique)
            another = ProgramFactory(institution=program.institution)
            another.concepts.add(technique)
            ProgramChoice.objects.create(expert=expert, program=another, choice="saved")
            Need.objects.get(pk=need).languages.model.objects.filter(need_id=need).delete()
        match_everything()
        match_need(need)
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        counts.append(len(caught))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/matches/choices"),
        ("put", "/matches/x/choice"),
        ("get", "/programs/x/people"),
        ("put", "/programs/x/people/1/choice"),
        ("get", "/needs"),
        ("post", "/needs"),
        ("get", "/needs/1/people"),
        ("get", "/institutions/x/partners"),
    ],
)
def test_nothing_is_open_to_anonymous_users(client, method, path):
    assert getattr(client, method)(API + path).status_code == 401
