import pytest
from django.db import transaction

from exchange.core import live_events
from exchange.core.jobs.outbox import process_outbox
from exchange.core.translated import Translated
from messaging.domain.queries import missed_messages_after, thread_with_read_status
from messaging.domain.threads import add_participants, open_thread
from messaging.notification_types import NotificationType, register_event_lines, register_notification_types
from tests.factories import UserFactory
from tests.messaging.platforms import Platform

register_notification_types(
    NotificationType(
        "test.offer",
        title="An offer from %(museum)s",
        text="Answer by %(due)s.",
        action="Read the offer",
        urgent=True,
        label="An offer",
    )
)
register_notification_types(NotificationType("test.note", title="A note about %(museum)s", label="A note"))
register_notification_types(NotificationType("test.quiet", title="Something quiet", mail=False))
register_event_lines([("test.submitted", "The application was submitted by %(name)s")])


@pytest.fixture(scope="module")
def platform(tmp_path_factory, django_db_setup):
    """Processes of their own on this run's database; see `platforms.py`."""
    with Platform(tmp_path_factory.mktemp("platform"), MESSAGE_DIGEST_DELAY="1") as running:
        yield running


@pytest.fixture
def expert(db):
    return UserFactory(name="Дилноза Раҳимова", language="ru")


@pytest.fixture
def host(db):
    return UserFactory(name="J. Carlson")


@pytest.fixture
def outsider(db):
    return UserFactory(name="A outsider")


def make_thread(expert, host, title="Winterthur"):
    thread = open_thread(title=Translated(en=title, ru=f"Музей {title}"), about_url="/applications/1/")
    add_participants(thread, [expert.pk], capacity="expert")
    add_participants(thread, [host.pk], capacity="host")
    return thread


def missed(thread, user, number):
    """What a page that shows everything up to `number` would fetch."""
    return missed_messages_after(thread_with_read_status(user, thread.pk), user, number)


@pytest.fixture
def thread(expert, host):
    return make_thread(expert, host)


@pytest.fixture
def pushed(monkeypatch):
    """Every live event that would have gone to Redis, as (groups, live event)."""
    events = []
    monkeypatch.setattr(live_events, "publish", lambda groups, event: events.append((sorted(groups), event)))
    return events


@pytest.fixture
def worked(django_capture_on_commit_callbacks):
    """Do what the worker does after commit, delayed events included."""

    def work(*, later=False):
        from exchange.core.models import OutboxEvent

        if later:
            OutboxEvent.objects.filter(done_at__isnull=True).update(not_before="2020-01-01T00:00:00Z")
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            return process_outbox()

    return work
