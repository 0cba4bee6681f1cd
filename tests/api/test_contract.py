"""The API as a whole: its description, who has access, and no 500 whatever is sent."""

import json

import pytest
import schemathesis
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings

from accounts.models import ApiToken
from exchange.api import api
from tests.factories import (
    ApplicationFactory,
    CoordinatorFactory,
    ExpertFactory,
    MembershipFactory,
    PlacementFactory,
    ProgramFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

COLLECTIONS = (
    "experts",
    "programs",
    "institutions",
    "concepts",
    "search",
    "applications",
    "placements",
    "threads",
    "matches",
    "matches/choices",
    "needs",
    "notifications",
    "agreements",
)


def operations():
    schema = api.get_openapi_schema()
    for path, methods in schema["paths"].items():
        for method in methods:
            yield method.upper(), path


@pytest.fixture
def reader():
    client = Client(headers={"Accept": "application/json"})
    client.force_login(ExpertFactory().user)
    return client


def test_description_is_served_and_the_docs_lead_to_it(client):
    schema = client.get("/api/v1/openapi.json").json()

    assert schema["info"]["title"] == "Miras"
    assert client.get("/api/docs").url == reverse("api:openapi-view")
    assert client.get(reverse("api:openapi-view")).status_code == 200


@pytest.mark.parametrize("name", COLLECTIONS)
def test_collections_answer_items_and_next(reader, name):
    page = reader.get(f"/api/v1/{name}").json()

    assert set(page) >= {"items", "next"}
    assert isinstance(page["items"], list)


@pytest.mark.parametrize(("method", "path"), sorted(operations()))
def test_every_operation_is_closed_to_anonymous_users(client, method, path):
    address = path.replace("{slug}", "x").replace("{key}", "x").replace("{move}", "x").replace("{size}", "small")
    for part in (
        "pk",
        "picture",
        "application_id",
        "file_id",
        "thread_id",
        "notification_id",
        "placement_id",
        "language",
        "number",
    ):
        address = address.replace(f"{{{part}}}", "1")

    answer = client.generic(method, address, b"{}", content_type="application/json")

    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("scopes", "method", "status"),
    [(["read"], "get", 200), (["write"], "get", 403), (["read"], "post", 403), ([], "get", 403)],
)
def test_token_is_held_to_its_scopes(scopes, method, status):
    from accounts.api_auth import digest_of

    user = ExpertFactory().user
    ApiToken.objects.create(user=user, name="t", scopes=scopes, digest=digest_of("secret-token"), hint="se")
    client = Client(headers={"Authorization": "Bearer secret-token"})

    answer = (
        getattr(client, method)("/api/v1/applications", b"{}", content_type="application/json")
        if method == "post"
        else client.get("/api/v1/me")
    )

    assert answer.status_code == status


@pytest.mark.parametrize("lost", ["revoked", "deactivated"])
def test_token_that_lost_its_right_is_refused(lost):
    from django.utils import timezone

    from accounts.api_auth import digest_of

    user = UserFactory(is_active=lost != "deactivated")
    ApiToken.objects.create(
        user=user,
        name="t",
        scopes=["read"],
        digest=digest_of("secret-token"),
        hint="se",
        revoked_at=timezone.now() if lost == "revoked" else None,
    )

    assert Client(headers={"Authorization": "Bearer secret-token"}).get("/api/v1/me").status_code == 401


def test_session_needs_its_csrf_token_to_change_anything():
    client = Client(enforce_csrf_checks=True)
    client.force_login(ExpertFactory().user)

    assert client.get("/api/v1/me").status_code == 200
    assert client.post("/api/v1/applications", b"{}", content_type="application/json").status_code == 403


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"null", b'{"program": {}}', b"{" * 3000])
def test_unreadable_bodies_get_a_problem_document(reader, body):
    answer = reader.post("/api/v1/applications", body, content_type="application/json")

    assert answer.status_code in {400, 404, 422}
    assert json.loads(answer.content)["status"] == answer.status_code


schema = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema(), default=str)))


@pytest.fixture
def world():
    """Some of everything, so that random ids meet real rows."""
    program = ProgramFactory()
    MembershipFactory(institution=program.institution)
    application = ApplicationFactory(program=program)
    PlacementFactory(application__program=program)
    person = application.expert.user
    CoordinatorFactory(user=person, country="US")
    return person


OPERATIONS = {found.ok().label: found.ok() for found in schema.get_all_operations()}
QUICK = settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


# By name: schemathesis's own way gives all of them one, and tests of one name run once where workers share them.
@pytest.mark.parametrize("label", sorted(OPERATIONS))
def test_no_operation_breaks_whatever_is_sent(label, world):
    client = Client(raise_request_exception=False)
    client.force_login(world)

    @QUICK
    @given(case=OPERATIONS[label].as_strategy())
    def send(case):
        query = {name: value for name, value in (case.query or {}).items() if value is not None}
        body = b"" if case.body is schemathesis.core.NOT_SET else json.dumps(case.body, default=str)

        answer = client.generic(case.method, case.formatted_path, body, "application/json", query_params=query)

        assert answer.status_code < 500, answer.content[:500]

    send()
