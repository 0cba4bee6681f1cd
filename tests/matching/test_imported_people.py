"""Imported profiles are matched by one job."""

import pytest

from exchange.core.models import OutboxEvent
from matching.domain.compute import match_expert, match_experts
from matching.models import Match
from profiles.models import ExpertProfile, ProfileField
from profiles.signals import profiles_imported
from tests.factories import ConceptFactory, ExpertFactory, ProgramFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    silk = ConceptFactory(slug="silk")
    ProgramFactory().concepts.add(silk)
    found = [ExpertFactory(country=country) for country in ("UZ", "KZ", "")]
    ProfileField.objects.bulk_create([ProfileField(profile=profile, concept=silk) for profile in found])
    return found


def test_an_import_writes_down_one_job_a_chunk(people):
    profiles_imported.send(ExpertProfile, profile_ids=[1, 2, 3])

    assert list(OutboxEvent.objects.filter(kind="match-experts").values_list("payload", flat=True)) == [{"expert_ids": [1, 2, 3]}]


def test_many_at_once_match_as_one_by_one(people):
    rows = Match.objects.order_by("expert").values_list("expert", "score", "eligible", "requirements")
    for profile in people:
        match_expert(profile.pk)
    alone = list(rows)
    Match.objects.all().delete()

    match_experts([profile.pk for profile in people])

    assert list(rows) == alone
    assert [(eligible, requirements) for _expert, _score, eligible, requirements in alone][2] == (False, ["country"])


def test_people_who_are_gone_lose_their_matches(people):
    match_experts([profile.pk for profile in people])
    ExpertProfile.objects.filter(pk=people[0].pk).update(shown_name="")

    match_experts([profile.pk for profile in people])

    assert Match.objects.count() == 2
