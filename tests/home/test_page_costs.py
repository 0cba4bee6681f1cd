"""The queries of each page by role: `python -m bench pages` measures the rest."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.pages import QUERIES, walk
from exchange.core.jobs.outbox import process_outbox
from messaging.domain import my_tasks
from search.engines.postgres import RESTORE_SQL
from tests.factories import (
    AgreementFactory,
    ApplicationFactory,
    CompetenceFactory,
    CoordinatorFactory,
    LanguageSkillFactory,
    MembershipFactory,
    PlacementFactory,
    QuestionFactory,
    WindowFactory,
)

INSIDE = ("SAVEPOINT", "RELEASE SAVEPOINT", RESTORE_SQL.partition("%")[0].strip())
"""What the search asks inside the transaction of a test alone."""
SEARCHES = ["/search/?q=museum+of+textile", "/search/?type=experts&q=zzzz&country=UZ"]

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


class CountingClient(Client):
    """Answers know how many queries they took."""

    def get(self, *args, **kwargs):
        with CaptureQueriesContext(connection) as queries:
            response = super().get(*args, **kwargs)
        response.queries = sum(not query["sql"].strip().startswith(INSIDE) for query in queries)
        return response


@pytest.fixture
def cast():
    """Somebody of each role, with a little of what they deal with."""
    team = MembershipFactory()
    application = ApplicationFactory(program__institution=team.institution)
    profile = application.expert
    for factory in (CompetenceFactory, LanguageSkillFactory, WindowFactory):
        factory(profile=profile)
    QuestionFactory(program=application.program)
    PlacementFactory(application__expert=profile, application__program__institution=team.institution)
    AgreementFactory(first=team.institution)
    offices = [CoordinatorFactory(country=country) for country in ("UZ", "US")]
    process_outbox()  # the search has an index
    yield {"anonymous": None, "expert": profile.user, "host": team.user, "sending": offices[0].user, "hosting": offices[1].user}
    caches["redis"].clear()  # figures of the front page


@pytest.mark.parametrize("role", ["anonymous", "expert", "host", "sending", "hosting"])
def test_no_page_asks_more_queries_than_allowed(cast, role, monkeypatch):
    # The number in the bar is counted every ten seconds; on a slow machine that would be on every page.
    monkeypatch.setattr(my_tasks, "COUNT_FRESH_SECONDS", 600)
    client = CountingClient()
    if cast[role] is not None:
        client.force_login(cast[role])
    client.get("/")

    asked = {path: response.queries for _name, path, response in walk(client)}
    asked |= {path: client.get(path).queries for path in SEARCHES}

    assert len(asked) > 10
    assert {path: queries for path, queries in asked.items() if queries > QUERIES} == {}
