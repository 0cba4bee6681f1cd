"""What the page of an import says about people who are not found yet."""

import datetime

import pytest
from django.utils import timezone

from exchange.core.jobs.outbox import process_outbox
from exchange.core.models import OutboxEvent
from importing.domain import uploads
from importing.domain.uploads import ImportScope
from importing.models import ExpertImport
from search.domain.backlog import MARGIN, USUAL_RATE, imported_people_found_at
from tests.factories import CoordinatorFactory
from tests.importing.test_importing_uploads import confirmed

pytestmark = pytest.mark.django_db


def test_the_page_of_an_import_says_until_when_its_people_are_not_found(client):
    coordinator = CoordinatorFactory(country="KZ").user
    job = confirmed(coordinator, ImportScope(None, "KZ"))
    uploads.run_table(job.pk)
    job = ExpertImport.objects.get(pk=job.pk)
    client.force_login(coordinator)

    assert "does not find all of these people yet" in client.get(job.get_absolute_url()).content.decode()
    process_outbox()
    assert "does not find all of these people yet" not in client.get(job.get_absolute_url()).content.decode()


def test_the_time_follows_from_the_documents_before_and_the_speed_of_the_last_minutes():
    now = timezone.now()

    def event(count, **more):
        documents = {"documents": {"expert": list(range(count))}}
        return OutboxEvent.objects.create(kind="search.refresh", bulk=True, payload=documents, **more)

    assert imported_people_found_at(now) is None
    event(600, created_at=now - datetime.timedelta(seconds=9))
    event(6000, created_at=now + datetime.timedelta(minutes=1))
    usual = imported_people_found_at(now)
    assert abs((usual - now - MARGIN).total_seconds() - 600 / USUAL_RATE) < 5

    event(1200, created_at=now - datetime.timedelta(minutes=5), done_at=now)
    assert abs((imported_people_found_at(now) - now - MARGIN).total_seconds() - 60) < 5
