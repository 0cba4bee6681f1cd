import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.api_auth import digest_of
from accounts.models import ApiToken
from messaging.domain.notifications import notify
from messaging.domain.threads import post_event, post_message
from messaging.models import Message, Notification
from tests.factories import UserFactory
from tests.messaging.conftest import make_thread

pytestmark = pytest.mark.django_db
API = "/api/v1"


class Caller:
    """A program with a token."""

    def __init__(self, client, user, scopes=("read", "write")):
        token = uuid.uuid4().hex
        ApiToken.objects.create(user=user, name="test", digest=digest_of(token), scopes=list(scopes))
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path, **params):
        return self.client.get(API + path, params, headers=self.headers)

    def post(self, path, body=None):
        return self.client.post(API + path, body or {}, content_type="application/json", headers=self.headers)


@pytest.fixture
def caller(client, expert):
    return Caller(client, expert)


def test_my_threads_the_latest_first(caller, expert, host, thread):
    other = make_thread(expert, UserFactory(), title="Other")
    post_message(thread, by=host, body="new")

    items = caller.get("/threads").json()["items"]

    assert [item["id"] for item in items] == [thread.pk, other.pk]
    assert items[0]["unread"] == 1
    assert items[0]["title"]["en"] == "Winterthur"
    assert [move["name"] for move in items[0]["moves"]] == ["read"]
    assert items[1]["moves"] == []


def test_threads_are_paged(caller, expert):
    made = [make_thread(expert, UserFactory()).pk for _ in range(3)]

    first = caller.get("/threads", limit=2).json()
    second = caller.get("/threads", limit=2, cursor=first["next"]).json()

    assert [item["id"] for page in (first, second) for item in page["items"]] == made[::-1]
    assert second["next"] is None


def test_one_thread_says_who_reads_it(caller, thread, host):
    answer = caller.get(f"/threads/{thread.pk}").json()

    assert host.get_full_name() in [reader["name"] for reader in answer["readers"]]


def test_messages_come_in_order_after_a_number(caller, thread, host):
    for n in range(5):
        post_message(thread, by=host, body=str(n))

    first = caller.get(f"/threads/{thread.pk}/messages", after=1, limit=3).json()
    rest = caller.get(f"/threads/{thread.pk}/messages", after=1, limit=3, cursor=first["next"]).json()

    assert [item["number"] for item in first["items"] + rest["items"]] == [2, 3, 4, 5]
    assert rest["next"] is None


def test_events_are_lines_of_words(caller, thread):
    post_event(thread, "test.submitted", {"name": "Dilnoza"})

    item = caller.get(f"/threads/{thread.pk}/messages").json()["items"][0]

    assert (item["kind"], item["author"], item["body"]) == ("event", None, "The application was submitted by Dilnoza")


def test_posting_twice_with_one_client_id_stores_once(caller, thread):
    body = {"body": "Salom", "client_id": str(uuid.uuid4())}

    answers = [caller.post(f"/threads/{thread.pk}/messages", body) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Message.objects.count() == 1


@pytest.mark.parametrize("body", ["", "  ", "x" * 9000, "\x00"])
def test_refusals_are_problem_documents(caller, thread, body):
    answer = caller.post(f"/threads/{thread.pk}/messages", {"body": body})

    assert answer.status_code == 422
    assert answer.headers["Content-Type"].startswith("application/problem+json")


def test_reading_over_the_api(caller, thread, host):
    post_message(thread, by=host, body="1")
    post_message(thread, by=host, body="2")

    assert caller.post(f"/threads/{thread.pk}/read", {"number": 1}).json()["unread"] == 1
    assert caller.post(f"/threads/{thread.pk}/read").json()["moves"] == []


def test_files_over_the_api(caller, thread, host):
    post_message(thread, by=host, body="", files=[SimpleUploadedFile("a.pdf", b"%PDF-1.4")])

    file = caller.get(f"/threads/{thread.pk}/messages").json()["items"][0]["files"][0]

    answer = caller.client.get(file["url"], headers=caller.headers)
    assert b"".join(answer.streaming_content) == b"%PDF-1.4"


def test_an_outsider_gets_404_everywhere(client, thread, host, outsider):
    post_message(thread, by=host, body="secret", files=[SimpleUploadedFile("a.pdf", b"%PDF-1.4")])
    file = Message.objects.get().attachments.get()
    caller = Caller(client, outsider)

    assert caller.get("/threads").json() == {"items": [], "next": None}
    for path in (f"/threads/{thread.pk}", f"/threads/{thread.pk}/messages", f"/threads/{thread.pk}/files/{file.pk}"):
        assert caller.get(path).status_code == 404
    for path in (f"/threads/{thread.pk}/messages", f"/threads/{thread.pk}/read"):
        assert caller.post(path, {"body": "x"}).status_code == 404
    assert Message.objects.count() == 1


def test_a_token_that_only_reads_posts_nothing(client, expert, thread):
    caller = Caller(client, expert, scopes=["read"])

    assert caller.post(f"/threads/{thread.pk}/messages", {"body": "x"}).status_code == 403
    assert not Message.objects.exists()


def test_nobody_without_a_token_gets_in(client, thread):
    assert client.get(f"{API}/threads").status_code == 401


def test_notifications_over_the_api(caller, client, expert, outsider, worked):
    notify([expert.pk], "test.note", key="1", url="/x/", museum="Winterthur")
    worked()

    item = caller.get("/notifications").json()["items"][0]
    assert (item["title"], item["url"], item["read_at"]) == ("A note about Winterthur", "/x/", None)
    assert [move["name"] for move in item["moves"]] == ["read"]

    other = Caller(client, outsider)
    assert other.get("/notifications").json()["items"] == []
    assert other.post(f"/notifications/{item['id']}/read").status_code == 404
    assert Notification.objects.unread().exists()

    assert caller.post(f"/notifications/{item['id']}/read").json()["moves"] == []
    assert caller.get("/notifications", unread=True).json()["items"] == []


def test_lists_of_the_api_are_flat(caller, expert, host, thread, worked):
    def add(n):
        for _ in range(n):
            post_message(thread, by=host, body="x", files=[SimpleUploadedFile("a.pdf", b"%PDF-1.4")])
            make_thread(expert, UserFactory())
            notify([expert.pk], "test.note", key=uuid.uuid4().hex, url="/", museum="x")
        worked()

    def counts():
        found = []
        for path in ("/threads", f"/threads/{thread.pk}/messages", "/notifications"):
            with CaptureQueriesContext(connection) as captured:
                caller.get(path)
            found.append(len(captured))
        return found

    add(1)
    caller.get("/threads")
    one = counts()
    add(2)
    assert counts() == one == [3, 4, 2]
