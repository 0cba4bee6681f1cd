"""The queries of each page by role: `python -m bench pages` measures the rest."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.pages import QUERIES, walk
from messaging.domain import my_tasks
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

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


class CountingClient(Client):
    """Answers know how many queries they took."""

    def get(self, *args, **kwargs):
        with CaptureQueriesContext(connection) as queries:
            response = super().get(*args, **kwargs)
        response.queries = len(queries)
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
    return {"anonymous": None, "expert": profile.user, "host": team.user, "sending": offices[0].user, "hosting": offices[1].user}


@pytest.mark.parametrize("role", ["anonymous", "expert", "host", "sending", "hosting"])
def test_no_page_asks_more_queries_than_allowed(cast, role, monkeypatch):
    # The number in the bar is counted every ten seconds; on a slow machine that would be on every page.
    monkeypatch.setattr(my_tasks, "COUNT_FRESH_SECONDS", 600)
    client = CountingClient()
    if cast[role] is not None:
        client.force_login(cast[role])
    client.get("/")

    asked = {path: response.queries for _name, path, response in walk(client)}

    assert len(asked) > 10
    assert {path: queries for path, queries in asked.items() if queries > QUERIES} == {}
