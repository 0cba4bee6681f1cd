"""The main job through the API alone, with bearer tokens: apply, decide, decline, move up, accept, approve, travel."""

import json
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from exchange.core.jobs.outbox import process_outbox
from tests.helpers.answers import answers_to
from tests.helpers.files import PDF
from tests.journey.conftest import TEXTILES

pytestmark = pytest.mark.django_db


class Caller:
    """One person who knows nothing but a token."""

    def __init__(self, user, *scopes):
        out = StringIO()
        call_command("create_token", user.email, *[part for scope in scopes for part in ("--scope", scope)], stdout=out)
        self.token = out.getvalue().splitlines()[-1]
        self.client = Client(headers={"Authorization": f"Bearer {self.token}"})

    def ask(self, method, path, body=None, *, status=200):
        data = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        response = getattr(self.client, method)(f"/api/v1{path}", **data)
        assert response.status_code == status, (method, path, response.status_code, response.content[:500])
        return response.json() if "json" in response.headers.get("Content-Type", "") else response

    def upload(self, path, content):
        response = self.client.post(f"/api/v1{path}", {"file": SimpleUploadedFile("plan.pdf", content, "application/pdf")})
        assert response.status_code == 201, (path, response.content[:500])

    def get(self, path, **kwargs):
        return self.ask("get", path, **kwargs)

    def post(self, path, body=None, **kwargs):
        return self.ask("post", path, body or {}, **kwargs)

    def patch(self, path, body, **kwargs):
        return self.ask("patch", path, body, **kwargs)


@pytest.fixture
def callers(people):
    logins = ("expert.samarkand", "expert.uz", "owner.winterthur", "reviewer.winterthur", "coordinator.uz", "coordinator.us")
    return {login: Caller(people[login], "read", "write") for login in (*logins, "coordinator.kz", "expert.kz")}


def transitions_of(item):
    return {move["name"] for move in item["moves"]}


def deliver():
    """What a worker does between two clicks."""
    while process_outbox():
        pass


def hand_in(expert, thing):
    """Find the programme, see that one may apply, write a draft in two steps, submit it."""
    deliver()
    found = expert.get("/programs?q=textile&open=1")["items"]
    program = next(item for item in found if item["slug"] == TEXTILES)
    page = expert.get(f"/programs/{program['id']}")
    assert page["eligibility"]["eligible"], page["eligibility"]

    draft = expert.post("/applications", {"program": program["id"]}, status=201)
    path = f"/applications/{draft['id']}"
    first = expert.patch(path, {"version": draft["version"], "statement": thing})
    late = expert.patch(path, {"version": draft["version"], "statement": "from another tab"}, status=409)
    assert late["code" if "code" in late else "type"].endswith("newer-draft")

    questions = [(q["id"], q["kind"], [choice["id"] for choice in q["choices"]]) for q in page["questions"]]
    answers = answers_to(questions, "A suzani of 1890.")
    refused = expert.post(f"{path}/submit", status=422)
    assert "answers" in refused["type"]
    for number, kind, _choices in questions:
        if kind == "file":
            expert.upload(f"{path}/files?question={number}", PDF)
    whole = expert.patch(path, {"version": first["version"], "answers": answers})
    assert "submit" in transitions_of(whole)
    sent = expert.post(f"{path}/submit")
    assert sent["state"] == "submitted"
    assert expert.post(f"{path}/submit")["submitted_at"] == sent["submitted_at"]
    return sent


def test_the_main_job_through_the_api_alone(callers):
    jasur, dilnoza = callers["expert.samarkand"], callers["expert.uz"]
    owner, reviewer = callers["owner.winterthur"], callers["reviewer.winterthur"]
    first = hand_in(dilnoza, "I look after suzani in Bukhara.")
    second = hand_in(jasur, "I look after four thousand textiles in Samarkand.")
    one, other = f"/applications/{first['id']}", f"/applications/{second['id']}"

    # outsiders: another expert, a coordinator who has no part in it yet
    callers["expert.kz"].get(other, status=404)
    callers["coordinator.uz"].get(other, status=404)

    # the host reads, scores and chooses
    waiting = owner.get("/applications?role=hosted&state=submitted")["items"]
    assert {item["id"] for item in waiting} == {first["id"], second["id"]}
    rubric = {str(line["id"]): 4 for line in owner.get(f"/programs/{first['program']['id']}")["rubric"]}
    reviewer.post(f"{one}/review", {"scores": rubric, "comment": "Convincing."})
    scored = owner.get(one)
    assert (scored["mean_score"], scored["review_count"]) == ("4.00", 1)
    assert dilnoza.get(one)["reviews"] == []
    assert "select" not in transitions_of(reviewer.get(one))
    assert owner.post(f"{one}/shortlist")["state"] == "shortlisted"
    assert owner.post(f"{one}/select")["state"] == "offered"
    assert owner.post(f"{other}/waitlist")["state"] == "waitlisted"
    blocked = owner.post(f"{other}/select", status=422)
    assert "no-places" in blocked["type"] or "not-now" in blocked["type"]  # one place for Uzbekistan, and it is offered

    # the first declines: the place goes to the second by itself
    assert {"accept", "decline"} <= transitions_of(dilnoza.get(one))
    assert dilnoza.post(f"{one}/decline", {"note": "My museum needs me."})["state"] == "declined"
    offered = jasur.get(other)
    assert (offered["state"], transitions_of(offered) >= {"accept", "decline"}) == ("offered", True)
    assert jasur.post(f"{other}/accept")["state"] == "accepted"
    assert jasur.post(f"{other}/accept")["state"] == "accepted"

    # two countries say yes, each for itself
    placement = jasur.get("/placements")["items"][0]
    path = f"/placements/{placement['id']}"
    callers["coordinator.kz"].get(path, status=404)
    owner.post(f"{path}/approve", status=403)
    assert callers["coordinator.uz"].post(f"{path}/approve")["state"] == "pending"
    confirmed = callers["coordinator.us"].post(f"{path}/approve")
    assert confirmed["state"] == "confirmed"
    late = callers["coordinator.us"].post(f"{path}/reject", {"reason": "other", "note": "Too late."}, status=409)
    assert late["status"] == 409

    # the letter, in the expert's language and in English
    letters = jasur.get(path)["letters"]
    assert [letter.rsplit("/", 1)[-1] for letter in letters] == ["uz", "en"]
    for letter in letters:
        response = jasur.get(letter.removeprefix("/api/v1"))
        assert response.headers["Content-Type"] == "application/pdf"
        assert response.content.startswith(b"%PDF")
    callers["coordinator.kz"].get(letters[0].removeprefix("/api/v1"), status=404)

    # words, each stored once and read by all who take part
    thread = f"/threads/{second['thread'] or jasur.get(other)['thread']}"
    said = {"body": "Which airport shall I fly to?", "client_id": "8f14e45f-ceea-467f-9a36-dedd4bea2543"}
    message = jasur.post(f"{thread}/messages", said, status=201)
    assert jasur.post(f"{thread}/messages", said, status=201)["id"] == message["id"]
    notification = owner.get(f"{thread}/messages?after={message['number'] - 1}")["items"]
    assert [(item["author"], item["body"]) for item in notification] == [("Jasur Toʻxtayev", said["body"])]
    owner.post(f"{thread}/messages", {"body": "Philadelphia; we will meet you."}, status=201)
    assert callers["coordinator.uz"].get(thread)["unread"] == 2
    dilnoza.get(thread, status=404)

    # and the notifications of all this, in the reader's language
    deliver()
    kinds = {item["kind"] for item in jasur.get("/notifications?limit=100")["items"]}
    assert kinds >= {"application_submitted", "application_waitlisted", "offer_promoted", "placement_confirmed"}
    titles = " ".join(item["title"] for item in dilnoza.get("/notifications")["items"])
    assert "%(" not in titles


def test_a_token_to_read_changes_nothing(people):
    reader = Caller(people["expert.samarkand"], "read")
    deliver()
    program = reader.get("/programs?q=textile")["items"][0]

    assert reader.get("/me")["email"] == "expert.samarkand@demo.miras.example"
    reader.post("/applications", {"program": program["id"]}, status=403)


def test_no_token_opens_nothing(client, people):
    for path in ("/me", "/applications", "/placements", "/threads", "/notifications", "/matches"):
        response = client.get(f"/api/v1{path}", headers={"Authorization": "Bearer miras_wrong"})
        assert response.status_code == 401, path
