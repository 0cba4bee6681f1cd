"""Notifications and signals of applications, and its receivers of signals of other apps."""

import datetime

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone, translation

from accounts.access import forget_access
from applications import notification_types
from applications.domain.decisions import reject, waitlist
from applications.domain.offers import select_application
from applications.domain.submissions import submit_application
from applications.domain.transitions import make_transition
from applications.models import Application
from applications.page_slots import next_step, received
from applications.periodic import expire_offers
from exchange.core.jobs.outbox import process_outbox
from exchange.core.models import OutboxEvent
from institutions.domain.institutions import remove_member, set_roles
from messaging.domain.my_tasks import tasks_of
from messaging.domain.threads import open_thread
from messaging.models import Notification
from messaging.notification_types import event_line, known_notification_type
from programs.domain.publishing import cancel_program
from programs.domain.usage import taken_by_country, usage_of
from tests import factories as make
from tests.applications.conftest import an_expert


def notifications_by_reader():
    process_outbox()
    return {(row.user_id, row.kind): row for row in Notification.objects.all()}


def test_every_kind_and_line_is_known_to_messaging():
    for kind in notification_types.NOTIFICATION_TYPES:
        assert known_notification_type(kind.code) == kind
        assert str(kind.label)
    for code, text in notification_types.LINES:
        assert str(event_line(code).text) == str(text)


def test_the_rejected_read_the_reason_in_their_own_language(application, host, expert):
    type(expert.user).objects.filter(pk=expert.user_id).update(language="ru")
    with translation.override("uz"):
        reject(application, by=host.owner, reason="experience", note="Come back in two years.")

    notification = notifications_by_reader()[expert.user_id, "application_rejected"]

    assert notification.data["reason"]["en"] == "More experience is needed"
    assert notification.data["note"] == "Come back in two years."
    assert notification.url == application.get_absolute_url()


def test_the_waitlisted_read_their_position(application, host, expert):
    first = make.ApplicationFactory(program=application.program, expert=an_expert())
    waitlist(first, by=host.owner)
    waitlist(application, by=host.owner)

    assert notifications_by_reader()[expert.user_id, "application_waitlisted"].data["position"] == 2


def test_an_offer_is_urgent_and_names_its_date(application, host, expert):
    select_application(application, by=host.owner)

    notification = notifications_by_reader()[expert.user_id, "offer_made"]

    assert known_notification_type("offer_made").urgent
    assert notification.data["date"] == {"moment": application.offer_expires_at.isoformat()}


def test_every_decision_notifies_the_applicant_once(application, host, expert):
    for transition, more in (("shortlist", {}), ("waitlist", {}), ("reject", {"reason": "fit"}), ("reconsider", {})):
        make_transition(application, transition, by=host.owner, **more)
        make_transition(application, transition, by=host.owner, **more)

    kinds = [kind for user_id, kind in notifications_by_reader() if user_id == expert.user_id]

    assert sorted(kinds) == [
        "application_reconsidered",
        "application_rejected",
        "application_shortlisted",
        "application_waitlisted",
    ]
    assert OutboxEvent.objects.filter(kind="messaging.notify").count() == 4


def test_team_members_join_and_leave_its_conversations(application, host, expert, outsider):
    thread = open_thread(title=application.program.title, people={"expert": [expert.user_id], "host": [host.owner.pk]})
    Application.objects.filter(pk=application.pk).update(thread=thread)
    make.MembershipFactory(institution=host.institution, user=outsider, role="signatory")

    def inside():
        return set(thread.participants.filter(left_at__isnull=True).values_list("user_id", flat=True))

    set_roles(host.institution, outsider, ["reviewer"], by=host.owner)
    assert outsider.pk in inside()
    set_roles(host.institution, outsider, ["signatory"], by=host.owner)
    assert outsider.pk not in inside()
    set_roles(host.institution, outsider, ["editor"], by=host.owner)
    assert outsider.pk in inside()
    remove_member(host.institution, outsider, by=host.owner)
    assert inside() == {expert.user_id, host.owner.pk}


def test_the_applicant_who_joins_the_team_stays_the_applicant(application, host, expert):
    thread = open_thread(title=application.program.title, people={"expert": [expert.user_id]})
    Application.objects.filter(pk=application.pk).update(thread=thread)
    make.MembershipFactory(institution=host.institution, user=expert.user, role="signatory")

    set_roles(host.institution, expert.user, ["reviewer"], by=host.owner)
    remove_member(host.institution, expert.user, by=host.owner)

    part = thread.participants.get(user=expert.user)
    assert (part.capacity, part.left_at) == ("expert", None)


def test_a_cancelled_programme_notifies_those_who_applied(application, host, program):
    over = make.ApplicationFactory(program=program, expert=an_expert(), state="rejected")
    begun = make.ApplicationFactory(program=program, expert=an_expert(), state="draft", submitted_at=None)

    cancel_program(program, by=host.owner, note="The studio burnt down.")

    process_outbox()
    people = {user_id for user_id, kind in notifications_by_reader() if kind == "program_cancelled"}
    assert people == {application.expert.user_id, begun.expert.user_id}
    assert over.expert.user_id not in people


def test_programs_counts_what_applications_take_and_use(draft, program, host):
    make.ApplicationFactory(program=program, expert=an_expert("KZ"), state="offered")
    row = make.ApplicationFactory(program=program, expert=an_expert("KZ"))
    make.ApplicationFactory(program=program, expert=an_expert("KZ"), state="withdrawn")
    criterion = program.criteria.first()
    make.ReviewFactory(application=row, reviewer=host.reviewer, scores={str(criterion.pk): 3})

    usage = usage_of(program.pk)

    assert taken_by_country(program.pk) == {"KZ": 1}
    assert usage.begun == {"UZ": 1, "KZ": 2}
    assert usage.answered == {program.questions.get().pk}
    assert usage.scored == {criterion.pk}
    assert usage.waiting == 1


@pytest.mark.parametrize("state", ["published", "closed"])
def test_what_waits(draft, application_elsewhere, host, program, expert, state):
    soon = timezone.now() + datetime.timedelta(days=3)
    type(program).objects.filter(pk=program.pk).update(deadline=soon if state == "published" else None, state=state)
    make.ApplicationFactory(program=program, expert=an_expert())

    def titles(user):
        forget_access(user)
        return {str(item.title).split(":")[0]: item for item in tasks_of(user)}

    mine, theirs, owners = titles(expert.user), titles(host.reviewer), titles(host.owner)

    assert mine["Answer the offer"].due == application_elsewhere.offer_expires_at
    assert ("Finish your application" in mine) == (state == "published")
    assert theirs["Review applications"].count == 1
    assert "Decide on applications" not in theirs
    assert ("Decide on applications" in owners) == (state == "closed")


@pytest.fixture
def application_elsewhere(expert):
    expires = timezone.now() + datetime.timedelta(days=2)
    return make.ApplicationFactory(expert=expert, state="offered", offer_expires_at=expires)


def test_the_clock_ends_offers(application):
    past = timezone.now() - datetime.timedelta(minutes=1)
    Application.objects.filter(pk=application.pk).update(state="offered", offer_expires_at=past)

    assert expire_offers() == 1


# ---- what the page of a programme shows from here --------------------------------------------------------------------


def page_slot(function, program, user):
    request = RequestFactory().get("/")
    request.user = user
    return function(request, program)


def test_the_next_step_on_a_programmes_page(draft, program, expert, host):
    on = page_slot(next_step, program, expert.user)
    assert "Continue my application" in on
    assert reverse("apply", args=[program.slug]) in on
    assert reverse("apply", args=[program.slug]) in page_slot(next_step, program, an_expert().user)
    assert page_slot(next_step, program, host.owner) == ""
    submit_application(draft, by=expert.user)
    program.refresh_from_db()
    after = page_slot(next_step, program, expert.user)
    assert "Submitted" in after
    assert draft.get_absolute_url() in after


def test_a_closed_programme_offers_no_application(program, outsider):
    program.state = "closed"

    assert page_slot(next_step, program, outsider) == ""


def test_the_team_finds_its_applications(application, program, host, outsider):
    assert "Received: 1" in page_slot(received, program, host.reviewer)
    assert page_slot(received, program, host.signatory) == ""
    assert page_slot(received, program, outsider) == ""
