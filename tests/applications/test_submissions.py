"""Submission: once, complete, and only what the programme accepts."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from applications.domain.submissions import submit_application, withdraw
from applications.models import Application
from applications.signals import application_submitted
from exchange.core.errors import DomainError, Refusal, StaleError
from exchange.core.history import history_of
from exchange.core.models import OutboxEvent
from tests import factories as make
from tests.applications.conftest import an_expert


def notification():
    return sorted(
        (row.payload["kind_code"], len(row.payload["user_ids"])) for row in OutboxEvent.objects.filter(kind="messaging.notify")
    )


def test_submit_keeps_the_profile_opens_the_conversation_and_notifies_both_sides(draft, expert, host):
    received_signals = []
    application_submitted.connect(
        lambda application, **kwargs: received_signals.append(application.pk), weak=False, dispatch_uid="test"
    )

    submit_application(draft, by=expert.user)

    application_submitted.disconnect(dispatch_uid="test")
    draft.refresh_from_db()
    assert draft.state == "submitted"
    assert draft.submitted_at is not None
    assert draft.snapshot["name"] == expert.shown_name
    assert draft.snapshot["languages"] == [{"language": "en", "level": 5, "can_teach": False}]
    people = dict(draft.thread.participants.values_list("user_id", "capacity"))
    assert people == {expert.user_id: "expert", host.owner.pk: "host", host.editor.pk: "host", host.reviewer.pk: "host"}
    assert [message.body for message in draft.thread.messages.all()] == ["application.submit"]
    assert notification() == [("application_received", 3), ("application_submitted", 1)]
    assert list(history_of(draft).values_list("transition", flat=True)) == ["submit"]
    assert received_signals == [draft.pk]


def test_submit_twice_answers_the_same_and_does_nothing_again(draft, expert):
    submit_application(draft, by=expert.user)
    when = draft.submitted_at

    again = submit_application(Application.objects.get(pk=draft.pk), by=expert.user)

    assert again.state == "submitted"
    assert again.submitted_at == when
    assert len(notification()) == 2
    assert again.thread.messages.count() == 1
    assert history_of(draft).count() == 1


@pytest.mark.parametrize(("team", "questions"), [(0, 1), (30, 25)])
def test_submit_costs_the_same_number_of_queries(draft, program, team, questions):
    for _ in range(team):
        make.MembershipFactory(institution=program.institution, role="reviewer")
    for _ in range(questions - 1):
        make.QuestionFactory(program=program, required=False)
    warm = an_expert()
    submit_application(
        make.ApplicationFactory(program=program, expert=warm, state="draft", submitted_at=None, answers=draft.answers), by=warm.user
    )
    by = User.objects.get(pk=draft.expert.user_id)
    assert by.access.expert_id == draft.expert_id  # every request has asked this before
    fresh = Application.objects.get(pk=draft.pk)

    with CaptureQueriesContext(connection) as queries:
        submit_application(fresh, by=by)

    assert len(queries) == 18, "\n".join(query["sql"][:150] for query in queries)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": "closed"}, "closed"),
        ({"state": "cancelled"}, "closed"),
        ({"deadline": timezone.now() - datetime.timedelta(minutes=1)}, "closed"),
        ({"eligible_countries": ["KZ"]}, "not-eligible"),
        ({"minimum_experience": 20}, "not-eligible"),
    ],
)
def test_submit_checks_openness_and_eligibility_again(draft, expert, program, change, code):
    type(program).objects.filter(pk=program.pk).update(**change)

    with pytest.raises(DomainError) as refused:
        submit_application(draft, by=expert.user)

    assert refused.value.code == code
    draft.refresh_from_db()
    assert (draft.state, draft.thread, notification()) == ("draft", None, [])


@pytest.mark.parametrize(
    ("change", "code"),
    [({"statement": "  "}, "incomplete"), ({"statement": "x" * 6001}, "incomplete"), ({"answers": {}}, "answers")],
)
def test_submit_refuses_what_is_incomplete(draft, expert, change, code):
    Application.objects.filter(pk=draft.pk).update(**change)

    with pytest.raises(DomainError) as refused:
        submit_application(draft, by=expert.user)

    assert refused.value.code == code


@pytest.mark.parametrize("who", ["owner", "editor", "reviewer", "signatory"])
def test_nobody_else_submits(draft, host, outsider, who):
    for user in (getattr(host, who), outsider):
        with pytest.raises(Refusal):
            submit_application(draft, by=user)


def test_withdraw_notifies_a_host_that_received_it(draft, expert):
    submit_application(draft, by=expert.user)

    withdraw(draft, by=expert.user)

    assert draft.state == "withdrawn"
    assert ("application_withdrawn", 2) in notification()
    with pytest.raises(StaleError):
        submit_application(draft, by=expert.user)


def test_a_discarded_draft_notifies_nobody(draft, expert):
    withdraw(draft, by=expert.user)

    assert draft.state == "withdrawn"
    assert notification() == []
