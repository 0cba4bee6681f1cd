"""Offers: the deadline, the reserved place, the waitlist."""

import datetime

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applications.domain.offers import (
    accept_offer,
    decline_offer,
    expire_offers,
    promote_from_waitlist,
    release_place,
    select_application,
)
from applications.domain.seats import taken_by_country
from applications.models import Application
from applications.signals import application_decided, offer_accepted, offer_closed
from exchange.core.errors import DomainError
from exchange.core.history import history_of
from exchange.core.models import OutboxEvent
from tests import factories as make
from tests.applications.conftest import an_expert
from tests.helpers.failures import failing_insert


@pytest.fixture
def received_signals():
    """Signals of this app, as they come."""
    received_signals = []
    signals = {"decided": application_decided, "accepted": offer_accepted, "closed": offer_closed}
    for name, signal in signals.items():
        signal.connect(
            lambda sender, n=name, **kw: received_signals.append((n, kw.get("transition", ""))),
            weak=False,
            dispatch_uid=f"test-{name}",
        )
    yield received_signals
    for name, signal in signals.items():
        signal.disconnect(dispatch_uid=f"test-{name}")


def notified():
    return [row.payload["kind_code"] for row in OutboxEvent.objects.filter(kind="messaging.notify").order_by("pk")]


def queue(program, *countries):
    start = timezone.now() - datetime.timedelta(days=1)
    return [
        make.ApplicationFactory(
            program=program,
            expert=an_expert(country),
            state="waitlisted",
            waitlisted_at=start + datetime.timedelta(minutes=place),
        )
        for place, country in enumerate(countries)
    ]


def test_select_keeps_the_place_until_the_answer(application, host, program, received_signals):
    before = timezone.now()

    select_application(application, by=host.owner, note="We look forward to your silk work.")

    assert application.state == "offered"
    days = (application.offer_expires_at - before).total_seconds() / 86400
    assert days == pytest.approx(program.offer_days, abs=0.01)
    assert application.note == "We look forward to your silk work."
    assert taken_by_country(program.pk) == {"UZ": 1}
    assert notified() == ["offer_made"]
    assert received_signals == [("decided", "select")]


def test_select_refuses_beyond_the_places(application, host, program):
    type(program).objects.filter(pk=program.pk).update(seats=1)
    other = make.ApplicationFactory(program=program, expert=an_expert("KZ"))
    select_application(other, by=host.owner)

    with pytest.raises(DomainError) as refused:
        select_application(application, by=host.owner)

    assert refused.value.code == "no-places"
    application.refresh_from_db()
    assert application.state == "submitted"


def test_select_keeps_places_that_are_kept_for_another_country(application, host, program):
    make.QuotaFactory(program=program, country="KZ", reserved=5, most=5)

    with pytest.raises(DomainError):
        select_application(application, by=host.owner)


def test_accept_notifies_the_host_and_sends_the_signal(application, host, expert, received_signals):
    select_application(application, by=host.owner)

    accept_offer(application, by=expert.user)

    assert application.state == "accepted"
    assert application.placement.state == "pending"
    assert notified()[:2] == ["offer_made", "offer_accepted"]
    assert ("accepted", "") in received_signals


def test_accept_takes_the_last_place_and_not_one_more(application, host, expert, program):
    """More offers than places: the programme lost places after the offers were made."""
    other = make.ApplicationFactory(program=program, expert=an_expert("KZ"))
    select_application(other, by=host.owner)
    select_application(application, by=host.owner)
    type(program).objects.filter(pk=program.pk).update(seats=1)

    accept_offer(other, by=other.expert.user)
    with pytest.raises(DomainError) as refused:
        accept_offer(application, by=expert.user)

    assert refused.value.code == "no-places"
    other.refresh_from_db()
    application.refresh_from_db()
    assert (other.state, application.state) == ("accepted", "offered")


def test_accept_is_refused_once_time_has_run_out(application, host, expert):
    select_application(application, by=host.owner)
    Application.objects.filter(pk=application.pk).update(offer_expires_at=timezone.now() - datetime.timedelta(seconds=1))

    with pytest.raises(DomainError) as refused:
        accept_offer(application, by=expert.user)

    assert refused.value.code == "not-now"


def test_accept_is_refused_for_a_cancelled_programme(application, host, expert, program):
    select_application(application, by=host.owner)
    type(program).objects.filter(pk=program.pk).update(state="cancelled")

    with pytest.raises(DomainError):
        accept_offer(application, by=expert.user)


def test_decline_gives_the_place_to_the_first_whom_it_fits(application, host, expert, program, received_signals):
    type(program).objects.filter(pk=program.pk).update(seats=2)
    make.QuotaFactory(program=program, country="KZ", reserved=0, most=1)
    locked = make.ApplicationFactory(program=program, expert=an_expert("KZ"), state="accepted")
    first_kz, then_uz, last_uz = queue(program, "KZ", "UZ", "UZ")
    select_application(application, by=host.owner)

    decline_offer(application, by=expert.user, note="I am ill.")

    for row in (locked, first_kz, then_uz, last_uz):
        row.refresh_from_db()
    assert [row.state for row in (locked, first_kz, then_uz, last_uz)] == ["accepted", "waitlisted", "offered", "waitlisted"]
    assert then_uz.offer_expires_at > timezone.now()
    assert history_of(then_uz).get().actor is None
    assert notified() == ["offer_made", "offer_declined", "offer_promoted", "applicant_promoted"]
    assert received_signals == [("decided", "select"), ("closed", ""), ("decided", "promote")]


def test_one_freed_place_promotes_one(application, host, expert, program):
    queue(program, "UZ", "UZ", "KZ")
    select_application(application, by=host.owner)

    decline_offer(application, by=expert.user)

    assert Application.objects.filter(state="offered").count() == 1


@pytest.mark.parametrize("change", [{"state": "cancelled"}, {"starts": -1}, {"starts": 0}])
def test_nobody_is_promoted_into_what_is_over_or_has_begun(program, change):
    queue(program, "UZ")
    if "starts" in change:
        change = {"starts": timezone.now().date() + datetime.timedelta(days=change["starts"])}
    type(program).objects.filter(pk=program.pk).update(**change)

    assert promote_from_waitlist(program) is None


def test_promoted_until_the_day_before_it_starts(program):
    (waiting,) = queue(program, "UZ")
    type(program).objects.filter(pk=program.pk).update(starts=timezone.now().date() + datetime.timedelta(days=1))

    assert promote_from_waitlist(program) == waiting


def test_expire_offers_ends_what_nobody_answered_and_promotes_from_the_waitlist(application, host, program):
    (waiting,) = queue(program, "KZ")
    select_application(application, by=host.owner)
    Application.objects.filter(pk=application.pk).update(offer_expires_at=timezone.now())

    assert expire_offers() == 1
    assert expire_offers() == 0

    application.refresh_from_db()
    waiting.refresh_from_db()
    assert (application.state, waiting.state) == ("expired", "offered")
    assert notified()[1:] == ["my_offer_expired", "offer_expired", "offer_promoted", "applicant_promoted"]


def test_an_offer_that_is_extended_while_others_expire_stands(application, host, program, received_signals):
    other = make.ApplicationFactory(program=program, expert=an_expert("KZ"))
    for row, minutes in ((application, 2), (other, 1)):
        select_application(row, by=host.owner)
        moment = timezone.now() - datetime.timedelta(minutes=minutes)
        Application.objects.filter(pk=row.pk).update(offer_expires_at=moment)

    def extend(sender, **_):
        later = timezone.now() + datetime.timedelta(days=1)
        Application.objects.filter(pk=other.pk).update(offer_expires_at=later)

    offer_closed.connect(extend)
    assert expire_offers() == 1
    offer_closed.disconnect(extend)

    application.refresh_from_db()
    other.refresh_from_db()
    assert (application.state, other.state) == ("expired", "offered")
    assert received_signals.count(("closed", "")) == 1


# ---- one transaction, one lock -----------------------------------------------------------------------------------------

ACTIONS = {
    "select": ("submitted", lambda row, host: select_application(row, by=host.owner)),
    "accept": ("offered", lambda row, host: accept_offer(row, by=row.expert.user)),
    "decline": ("offered", lambda row, host: decline_offer(row, by=row.expert.user)),
    "release": ("accepted", lambda row, host: release_place(row)),
    "promote": ("waitlisted", lambda row, host: promote_from_waitlist(row.program)),
    "expire": ("offered", lambda row, host: expire_offers()),
}


def ready_for(action, program):
    """An application to which the action can be done, its offer over where it is to expire."""
    hours = -1 if action == "expire" else 1
    return make.ApplicationFactory(
        program=program,
        expert=an_expert(),
        state=ACTIONS[action][0],
        waitlisted_at=timezone.now(),
        offer_expires_at=timezone.now() + datetime.timedelta(hours=hours),
    )


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_that_fails_at_the_notification_has_changed_nothing(host, program, action):
    row = ready_for(action, program)
    if action == "release":
        queue(program, "KZ")  # whom it notifies

    with failing_insert(OutboxEvent), pytest.raises(OperationalError):
        ACTIONS[action][1](row, host)

    row.refresh_from_db()
    assert row.state == ACTIONS[action][0]
    assert not history_of(row).exists()


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_locks_the_programme_then_the_application_once_before_it_changes_it(host, program, action):
    row = ready_for(action, program)

    with CaptureQueriesContext(connection) as queries:
        ACTIONS[action][1](row, host)

    statements = [query["sql"] for query in queries]
    change = next(place for place, sql in enumerate(statements) if sql.startswith('UPDATE "applications_application"'))
    locks = [sql for sql in statements[:change] if "FOR UPDATE" in sql]
    assert [sql.partition(" FROM ")[2].split()[0] for sql in locks] == ['"programs_program"', '"applications_application"']


def test_decline_keeps_the_reason_for_the_host(client, application, host, expert):
    select_application(application, by=host.owner)

    with pytest.raises(DomainError):
        decline_offer(application, by=expert.user, reason="because")
    decline_offer(application, by=expert.user, reason="dates", note="My museum opens in May.")

    client.force_login(host.owner)
    page = client.get(application.get_absolute_url()).content.decode()
    assert "The dates do not work for me" in page
    assert "My museum opens in May." in page
