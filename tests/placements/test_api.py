import datetime

import pytest

from accounts.api_auth import digest_of
from accounts.models import ApiToken
from placements.domain.decisions import approve_placement, return_placement
from tests.factories import AgreementFactory, CoordinatorFactory, MembershipFactory, PlacementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(client):
    """Calls on behalf of somebody, with a bearer token of theirs."""

    def call(user, method, path, body=None, scopes=("read", "write")):
        secret = f"token-{user.pk}-{'-'.join(scopes)}"
        ApiToken.objects.get_or_create(
            user=user, digest=digest_of(secret), defaults={"name": "t", "scopes": list(scopes), "hint": "t"}
        )
        headers = {"authorization": f"Bearer {secret}"}
        if method == "get":
            return client.get(f"/api/v1{path}", headers=headers)
        return client.post(f"/api/v1{path}", body, content_type="application/json", headers=headers)

    return call


def names(item):
    return [move["name"] for move in item["moves"]]


def test_items_contain_everything_and_the_transitions_of_their_reader(api, cast):
    path = f"/placements/{cast.placement.pk}"
    item = api(cast.sender, "get", path).json()

    assert (item["state"], item["sending_country"], item["host_country"]) == ("pending", "UZ", "US")
    assert item["program"]["slug"] == cast.program.slug
    assert item["agreement"] is None
    assert [(word["country"], word["state"], names(word)) for word in item["approvals"]] == [
        ("UZ", "waiting", ["approve", "return", "reject"]),
        ("US", "waiting", []),
    ]
    assert names(item) == ["approve", "return", "reject"]
    assert item["moves"][1]["reasons"][0] == "documents"
    assert names(api(cast.expert, "get", path).json()) == ["cancel"]
    assert names(api(cast.reviewer, "get", path).json()) == []
    assert names(api(cast.secretary, "get", path).json()) == []


def test_a_blocked_transition_has_its_reason(api, cast):
    MembershipFactory(institution=cast.program.institution, user=cast.receiver)
    moves = api(cast.receiver, "get", f"/placements/{cast.placement.pk}").json()["moves"]
    assert [bool(move["objection"]) for move in moves if move["name"] in {"approve", "return", "reject"}] == [True] * 3
    answer = api(cast.receiver, "post", f"/placements/{cast.placement.pk}/approve")
    assert answer.status_code == 403


def test_lists_hold_what_the_reader_sees(api, cast):
    other = PlacementFactory(application__expert__country="KG")
    assert [item["id"] for item in api(cast.sender, "get", "/placements").json()["items"]] == [cast.placement.pk]
    assert {item["id"] for item in api(cast.receiver, "get", "/placements").json()["items"]} == {cast.placement.pk, other.pk}
    for user in (cast.outsider, cast.other_country):
        assert api(user, "get", "/placements").json() == {"items": [], "next": None}
        assert api(user, "get", f"/placements/{cast.placement.pk}").status_code == 404
        for move in ("approve", "return", "reject", "cancel", "resubmit"):
            assert api(user, "post", f"/placements/{cast.placement.pk}/{move}", {"note": "x", "reason": "dates"}).status_code == 404


def test_lists_have_pages(api, cast):
    PlacementFactory.create_batch(2)
    first = api(cast.secretary, "get", "/placements?limit=2").json()
    second = api(cast.secretary, "get", f"/placements?limit=2&cursor={first['next']}").json()
    assert (len(first["items"]), len(second["items"]), second["next"]) == (2, 1, None)
    assert api(cast.secretary, "get", "/placements?state=confirmed").json()["items"] == []


def test_a_whole_placement_by_api_alone(api, cast):
    path = f"/placements/{cast.placement.pk}"
    assert api(cast.sender, "post", f"{path}/approve").json()["approvals"][0]["state"] == "approved"
    returned = api(cast.receiver, "post", f"{path}/return", {"reason": "dates", "note": "Later, please."}).json()
    assert returned["state"] == "returned"
    assert returned["approvals"][1]["note"] == "Later, please."
    starts = (cast.placement.starts + datetime.timedelta(days=2)).isoformat()
    again = api(cast.expert, "post", f"{path}/resubmit", {"note": "Two days later.", "starts": starts}).json()
    assert (again["state"], again["starts"]) == ("pending", starts)
    assert [word["state"] for word in again["approvals"]] == ["waiting", "waiting"]
    api(cast.sender, "post", f"{path}/approve")
    done = api(cast.receiver, "post", f"{path}/approve").json()
    assert done["state"] == "confirmed"
    assert done["letters"] == [f"/api/v1{path}/letters/en"]
    gone = api(cast.owner, "post", f"{path}/cancel", {"note": "Fire."}).json()
    assert gone["state"] == "cancelled"
    assert [move["name"] for move in gone["moves"]] == ["take_back_cancel"]


@pytest.mark.parametrize(
    ("who", "move", "body", "status", "code"),
    [
        ("expert", "approve", {}, 403, "forbidden"),
        ("secretary", "approve", {}, 403, "forbidden"),
        ("sender", "cancel", {"note": "x"}, 403, "forbidden"),
        ("editor", "cancel", {"note": "x"}, 403, "forbidden"),
        ("expert", "confirm", {}, 403, "forbidden"),
        ("sender", "ask_again", {}, 403, "forbidden"),
        ("sender", "dance", {}, 404, "unknown-move"),
        ("sender", "return", {}, 422, "reason-needed"),
        ("sender", "reject", {"reason": "dates"}, 422, "note-needed"),
        ("sender", "approve", {"country": "US"}, 403, "forbidden"),
        ("expert", "resubmit", {"note": "x"}, 409, "stale"),
        ("expert", "cancel", {}, 422, "note-needed"),
    ],
)
def test_refusals_are_problem_documents(api, cast, who, move, body, status, code):
    answer = api(getattr(cast, who), "post", f"/placements/{cast.placement.pk}/{move}", body)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"].endswith(f"#{code}")
    assert cast.states() == ("pending", "waiting", "waiting")


def test_who_coordinates_both_countries_says_for_which(api, cast):
    CoordinatorFactory(user=cast.sender, country="US")
    path = f"/placements/{cast.placement.pk}"

    assert api(cast.sender, "post", f"{path}/approve").json()["type"].endswith("#country-needed")
    assert api(cast.sender, "post", f"{path}/approve", {"country": "US"}).status_code == 200
    assert api(cast.sender, "post", f"{path}/approve", {"country": "UZ"}).status_code == 403
    assert cast.states() == ("pending", "waiting", "approved")


def test_a_token_that_only_reads_changes_nothing(api, cast):
    answer = api(cast.sender, "post", f"/placements/{cast.placement.pk}/approve", scopes=("read",))
    assert answer.status_code == 403
    assert cast.states()[1] == "waiting"


def test_replays_answer_as_the_first_time(api, cast):
    path = f"/placements/{cast.placement.pk}/approve"
    first, second = api(cast.sender, "post", path), api(cast.sender, "post", path)
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()


@pytest.mark.parametrize("rows", [1, 3])
def test_list_is_flat(api, cast, rows, django_assert_num_queries):
    for _ in range(rows - 1):
        PlacementFactory(agreement=AgreementFactory())
    approve_placement(cast.approval("UZ"), by=cast.sender)
    return_placement(cast.approval("US"), by=cast.receiver, reason="dates", note="Later.")
    api(cast.receiver, "get", "/placements")

    with django_assert_num_queries(API_LIST_QUERIES):
        assert len(api(cast.receiver, "get", "/placements").json()["items"]) == rows


API_LIST_QUERIES = 5
