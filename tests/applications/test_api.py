"""The API alone: the same work as the pages, with the same answers."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications.domain.reviews import save_review
from applications.models import Application
from tests import factories as make
from tests.applications.conftest import an_expert
from tests.helpers.files import PDF

BASE = "/api/v1/applications"


class Caller:
    """A client of the API that is one person."""

    def __init__(self, client, user):
        self.client, self.user = client, user

    def __call__(self, method, path="", data=None, **more):
        self.client.force_login(self.user)
        body = {} if data is None else {"data": json.dumps(data), "content_type": "application/json"}
        answer = getattr(self.client, method)(BASE + path, **body, **more)
        return answer.status_code, json.loads(answer.content or b"null")


@pytest.fixture
def mine(client, expert):
    return Caller(client, expert.user)


@pytest.fixture
def theirs(client, host):
    return Caller(client, host.owner)


def names(item):
    return [move["name"] for move in item["moves"]]


def test_from_the_first_draft_to_the_accepted_place(client, mine, theirs, program, expert, host):
    question = program.questions.get()
    wanted = make.QuestionFactory(program=program, kind="file")

    status, item = mine("post", data={"program": program.pk})
    assert (status, item["state"], item["version"], names(item)) == (201, "draft", 0, ["submit", "withdraw"])
    path = f"/{item['id']}"
    assert mine("post", data={"program": program.pk})[1]["id"] == item["id"]
    status, item = mine("put", path, {"version": 0, "statement": "I restore suzani.", "answers": {str(question.pk): "A suzani"}})
    assert (status, item["version"], item["answers"]) == (200, 1, {str(question.pk): "A suzani"})
    status, problem = mine("post", f"{path}/submit", {})
    assert (status, problem["type"]) == (422, "about:blank#answers")
    client.force_login(expert.user)
    upload = client.post(f"{BASE}{path}/files?question={wanted.pk}", {"file": SimpleUploadedFile("report.pdf", PDF)})
    assert (upload.status_code, upload.json()["question"]) == (201, wanted.pk)
    status, item = mine("post", f"{path}/submit", {})
    assert (status, item["state"], item["snapshot"]["name"]) == (200, "submitted", expert.shown_name)
    assert mine("post", f"{path}/submit", {})[1]["submitted_at"] == item["submitted_at"]

    status, item = theirs("get", path)
    assert names(item) == ["select", "shortlist", "waitlist", "reject"]
    assert [file["name"] for file in item["files"]] == ["report.pdf"]
    scores = {str(row.pk): 4 for row in program.criteria.all()}
    status, item = theirs("post", f"{path}/review", {"scores": scores, "comment": "Yes."})
    assert (status, item["mean_score"], item["reviews"][0]["comment"]) == (200, "4.00", "Yes.")
    status, item = theirs("post", f"{path}/select", {"note": "Welcome."})
    assert (status, item["state"], item["note"]) == (200, "offered", "Welcome.")

    status, item = mine("post", f"{path}/accept", {})
    assert (status, item["state"], [move["name"] for move in item["moves"]]) == (200, "accepted", ["take_back_acceptance"])
    assert mine("post", f"{path}/accept", {})[0] == 200
    assert Application.objects.get().placement.state == "pending"


def test_an_older_draft_is_refused(mine, draft):
    path = f"/{draft.pk}"
    assert mine("put", path, {"version": 1, "statement": "First"})[0] == 200

    status, problem = mine("patch", path, {"version": 1, "statement": "Second"})

    assert (status, problem["type"]) == (409, "about:blank#newer-draft")
    assert mine("get", path)[1]["statement"] == "First"


def test_answers_of_the_wrong_kind_are_named(mine, draft):
    number = make.QuestionFactory(program=draft.program, kind="number", label={"en": "How many?"})

    status, problem = mine("put", f"/{draft.pk}", {"version": 1, "answers": {str(number.pk): "many"}})

    assert status == 422
    assert "How many?" in problem["detail"]


def test_a_hostile_upload_is_refused(client, expert, draft):
    client.force_login(expert.user)

    answer = client.post(f"{BASE}/{draft.pk}/files", {"file": SimpleUploadedFile("cv.pdf", b"MZ\x90\x00")})

    assert (answer.status_code, answer.json()["type"]) == (422, "about:blank#upload")
    assert not draft.files.exists()


def test_files_come_and_go(client, expert, draft):
    client.force_login(expert.user)
    kept = client.post(f"{BASE}/{draft.pk}/files", {"file": SimpleUploadedFile("cv.pdf", PDF)}).json()

    download = client.get(kept["url"])
    gone = client.delete(kept["url"])

    assert b"".join(download.streaming_content) == PDF
    assert gone.status_code == 204
    assert client.get(kept["url"]).status_code == 404


def test_lists_filter_and_page(mine, theirs, program, expert):
    make.ApplicationFactory(program=program, expert=expert)
    for country in ("KZ", "UZ", "KZ"):
        make.ApplicationFactory(program=program, expert=an_expert(country), state="shortlisted" if country == "UZ" else "submitted")
    make.ApplicationFactory(expert=expert)

    def ids(caller, query):
        return len(caller("get", query)[1]["items"])

    assert (ids(mine, ""), ids(mine, "?role=hosted"), ids(mine, f"?program={program.pk}")) == (2, 0, 1)
    assert (ids(theirs, ""), ids(theirs, "?role=mine"), ids(theirs, "?country=KZ"), ids(theirs, "?state=shortlisted")) == (
        4,
        0,
        2,
        1,
    )
    for nonsense in ("?state=%00", "?country=XX", "?state=draft"):
        assert ids(theirs, nonsense) == 0
    _, first = theirs("get", "?limit=3")
    _, rest = theirs("get", f"?limit=3&cursor={first['next']}")
    assert len(first["items"]) == 3
    assert (len(rest["items"]), rest["next"]) == (1, None)


def test_a_reviewer_sees_the_mean_after_their_own(client, host, program, application):
    scores = {str(row.pk): 2 for row in program.criteria.all()}
    save_review(application, by=host.owner, scores=scores)
    reviewer = Caller(client, host.reviewer)

    before = reviewer("get")[1]["items"][0]
    reviewer("post", f"/{application.pk}/review", {"scores": scores})
    after = reviewer("get")[1]["items"][0]

    assert (before["mean_score"], before["review_count"], before["moves"]) == (None, 1, [])
    assert after["mean_score"] == "2.00"


def test_missing_places_and_reasons_are_problem_responses(theirs, program, application):
    type(program).objects.filter(pk=program.pk).update(seats=1)
    make.ApplicationFactory(program=program, expert=an_expert(), state="accepted")

    full = theirs("post", f"/{application.pk}/select", {})
    vague = theirs("post", f"/{application.pk}/reject", {"reason": "mood"})

    assert (full[0], full[1]["type"]) == (422, "about:blank#no-places")
    assert (vague[0], vague[1]["type"]) == (422, "about:blank#reason-needed")


def test_nonsense_is_a_problem_not_a_crash(mine, draft):
    path = f"/{draft.pk}"

    for data in ({"version": "x"}, {"statement": "no version"}, {"version": 1, "answers": []}, {"version": 1, "statement": 7}):
        assert mine("put", path, data)[0] == 422, data
    question = draft.program.questions.get()
    for version, words in enumerate(("a\x00b", "a\ud800b"), start=1):
        status, item = mine(
            "put", path, {"version": version, "statement": words, "answers": {str(question.pk): words.replace("\x00", "")}}
        )
        assert (status, item["statement"]) == (200, "ab"), words
    assert mine("post", data={"program": 10**12})[0] == 404
    assert mine("post", f"{path}/fly", {})[0] == 404
    assert mine("post", f"{path}/withdraw", {"note": "\x00\ud800 I am ill"})[1]["state"] == "withdrawn"
