import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.domain.coordinators import appoint_coordinator, end_appointment
from applications.domain.offers import accept_offer
from exchange.core.history import history_of
from exchange.core.jobs.outbox import OutboxEvent, process_outbox
from messaging.domain.my_tasks import tasks_of
from messaging.domain.threads import add_participants, open_thread
from messaging.models import Message, Notification, Participant
from placements.domain.conversations import follow_calendar
from placements.domain.creation import create_placement
from placements.domain.decisions import approve_placement, return_placement
from placements.domain.reminders import remind_countries
from placements.models import Approval, Placement
from tests.factories import (
    AgreementFactory,
    ApplicationFactory,
    CoordinatorFactory,
    ExpertFactory,
    InstitutionFactory,
    MembershipFactory,
    PlacementFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date()
DAY = datetime.timedelta(days=1)


def accepted(**kwargs):
    application = ApplicationFactory(state="accepted", thread=open_thread(title={"en": "Talk"}), **kwargs)
    add_participants(application.thread, [application.expert.user_id], capacity="expert")
    return application


def people_in(thread):
    return dict(Participant.objects.filter(thread=thread, left_at__isnull=True).values_list("user_id", "capacity"))


def notified(kind):
    return set(Notification.objects.filter(kind=kind).values_list("user_id", flat=True))


def test_accepting_an_offer_makes_the_placement_in_the_same_transaction():
    application = ApplicationFactory(state="offered")
    sender, receiver = CoordinatorFactory(country="UZ").user, CoordinatorFactory(country="US").user

    accept_offer(application, by=application.expert.user)

    placement = Placement.objects.get()
    program = application.program
    assert (placement.application, placement.program, placement.expert) == (application, program, application.expert)
    assert (placement.sending_country, placement.host_country) == ("UZ", "US")
    assert (placement.starts, placement.ends, placement.state) == (program.starts, program.ends, "pending")
    assert set(placement.approvals.values_list("country", "side", "state", "due_on")) == {
        ("UZ", "sending", "waiting", TODAY + program.approval_days * DAY),
        ("US", "host", "waiting", TODAY + program.approval_days * DAY),
    }
    assert [row.transition for row in history_of(placement)] == ["create"]
    assert all([row.transition for row in history_of(approval)] == ["ask"] for approval in placement.approvals.all())
    process_outbox()
    assert notified("approval_requested") == {sender.pk, receiver.pk}


def test_a_refused_acceptance_leaves_no_placement():
    application = ApplicationFactory(state="declined")
    with pytest.raises(Exception, match="changed"):
        accept_offer(application, by=application.expert.user)
    assert not Placement.objects.exists()


def test_a_placement_is_made_once():
    application = accepted()
    first = create_placement(application, by=application.expert.user)

    assert create_placement(application, by=application.expert.user) == first
    assert Approval.objects.count() == 2
    assert Message.objects.filter(body="placement.created").count() == 1


def test_coordinators_of_both_countries_join_the_conversation():
    application = accepted()
    sender, receiver = CoordinatorFactory(country="UZ").user, CoordinatorFactory(country="US").user
    deputy = CoordinatorFactory(country="UZ", deputy_of=sender.appointments.get()).user
    CoordinatorFactory(country="KZ"), CoordinatorFactory(country="UZ", ends=TODAY - DAY)
    host = MembershipFactory(institution=application.program.institution, user=receiver).user
    add_participants(application.thread, [host.pk], capacity="host")

    create_placement(application, by=None)

    assert people_in(application.thread) == {
        application.expert.user_id: "expert",
        sender.pk: "coordinator",
        deputy.pk: "coordinator",
        receiver.pk: "host",
    }


def test_the_conversation_leads_to_the_placement_which_all_of_them_may_open(client):
    application = accepted()
    sender = CoordinatorFactory(country="UZ").user
    placement = create_placement(application, by=None)
    client.force_login(sender)

    page = client.get(f"/messages/{application.thread_id}/").content.decode()

    assert f'href="/placements/{placement.pk}/"' in page
    assert f"/applications/{application.pk}/" not in page


def test_agreement_in_force_on_the_first_day_is_named():
    home = InstitutionFactory(country="UZ")
    application = accepted(expert=ExpertFactory(affiliation=home))
    host, starts = application.program.institution, application.program.starts
    AgreementFactory(first=host, second=home, valid_until=starts - DAY)
    covering = AgreementFactory(first=home, second=host, valid_until=starts)

    assert create_placement(application, by=None).agreement == covering


def test_revising_looks_the_agreement_up_again(cast):
    home = InstitutionFactory(country="UZ")
    type(cast.placement.expert).objects.filter(pk=cast.placement.expert_id).update(affiliation=home)
    agreement = AgreementFactory(first=cast.program.institution, second=home, valid_until=None)
    return_placement(cast.approval("US"), by=cast.receiver, reason="agreement", note="Sign one first.")
    from placements.domain.revisions import resubmit_placement

    resubmit_placement(cast.fresh(), by=cast.owner, note="Signed.")

    assert cast.fresh().agreement == agreement


def test_who_may_not_decide_is_not_asked_and_the_secretariat_is_when_nobody_may():
    application = accepted()
    secretary = UserFactory(is_secretariat=True)
    barred = CoordinatorFactory(country="US").user
    MembershipFactory(institution=application.program.institution, user=barred)
    CoordinatorFactory(country="UZ", user=application.expert.user)
    sender = CoordinatorFactory(country="UZ").user

    create_placement(application, by=None)
    process_outbox()

    assert notified("approval_requested") == {sender.pk}
    assert notified("approval_unmanned") == {secretary.pk}


# ---- the conversation follows appointments ------------------------------------------------------------------------------


def test_who_is_appointed_later_joins_and_who_is_dismissed_leaves(cast):
    secretary = cast.secretary
    application = accepted()
    placement = create_placement(application, by=None)
    newcomer = UserFactory()

    appointment = appoint_coordinator(newcomer, country="UZ", by=secretary)
    process_outbox()
    assert people_in(application.thread)[newcomer.pk] == "coordinator"

    end_appointment(appointment, by=secretary)
    process_outbox()
    assert newcomer.pk not in people_in(application.thread)
    assert placement.state == "pending"


def test_appointments_that_begin_or_end_by_date_are_followed():
    application = accepted()
    appointment = CoordinatorFactory(country="UZ", ends=TODAY)
    create_placement(application, by=None)
    later = CoordinatorFactory(country="US")
    assert appointment.user_id in people_in(application.thread)
    type(appointment).objects.filter(pk=appointment.pk).update(ends=TODAY - DAY)

    assert follow_calendar() == 2
    assert people_in(application.thread) == {application.expert.user_id: "expert", later.user_id: "coordinator"}
    assert follow_calendar() == 0


def test_a_closed_placement_takes_nobody_new_in():
    application = accepted()
    placement = create_placement(application, by=None)
    Placement.objects.filter(pk=placement.pk).update(state="rejected")
    CoordinatorFactory(country="US")

    assert follow_calendar() == 0


# ---- reminders -----------------------------------------------------------------------------------------------------------


def late(cast, days):
    Approval.objects.filter(country="UZ").update(due_on=TODAY - days * DAY)


@pytest.mark.parametrize(
    ("days", "kind", "who"),
    [
        (-2, "approval_due", "sender"),
        (-1, "approval_due", "sender"),
        (1, "approval_overdue", "sender"),
        (3, "approval_escalated", "secretary"),
    ],
)
def test_each_reminder_is_sent_once(cast, days, kind, who):
    late(cast, days)

    assert [remind_countries() for _ in range(3)] == [1, 0, 0]

    process_outbox()
    assert notified(kind) == {getattr(cast, who).pk}


def test_a_decision_passes_all_three_stages_as_days_go_by(cast):
    deputy = CoordinatorFactory(country="UZ", deputy_of=cast.sender.appointments.get()).user
    late(cast, 0)
    for day in range(-2, 5):
        remind_countries(TODAY + day * DAY)
    process_outbox()

    assert notified("approval_due") == notified("approval_overdue") == {cast.sender.pk, deputy.pk}
    assert notified("approval_escalated") == {cast.secretary.pk}
    assert OutboxEvent.objects.filter(kind="messaging.notify").count() == 3


def test_nobody_is_reminded_of_what_does_not_wait_for_them(cast):
    late(cast, 5)
    approve_placement(cast.approval("UZ"), by=cast.sender)
    assert remind_countries() == 0
    return_placement(cast.approval("US"), by=cast.receiver, reason="dates", note="Later.")
    Approval.objects.update(due_on=TODAY - DAY)
    assert remind_countries() == 0


def test_a_new_question_is_reminded_of_anew(cast):
    from placements.domain.revisions import resubmit_placement

    late(cast, 1)
    remind_countries()
    return_placement(cast.approval("UZ"), by=cast.sender, reason="dates", note="Later.")
    resubmit_placement(cast.fresh(), by=cast.expert, note="Done.")
    assert remind_countries() == 0
    late(cast, 1)
    assert remind_countries() == 1


# ---- my tasks ----------------------------------------------------------------------------------------------------


def items(user):
    return [(str(item.title), item.url, item.due, item.tone) for item in tasks_of(type(user).objects.get(pk=user.pk))]


def test_decisions_wait_for_coordinators_with_their_clock(cast):
    url = f"/placements/{cast.placement.pk}/"
    name = cast.placement.expert.shown_name
    due = cast.approval("UZ").due_on
    assert items(cast.sender) == [(f"Decide on a placement: {name}", url, due, "")]
    late(cast, 1)
    assert items(cast.sender)[0][3] == "danger"
    assert items(cast.other_country) == items(cast.outsider) == items(cast.secretary) == []
    approve_placement(cast.approval("UZ"), by=cast.sender)
    assert items(cast.sender) == []


def test_the_secretariat_sees_what_a_country_has_left_undecided(cast):
    late(cast, 2)
    assert items(cast.secretary) == []

    late(cast, 4)
    due = cast.approval("UZ").due_on
    expected = (
        f"A country has not decided: {cast.placement.expert.shown_name}",
        f"/placements/{cast.placement.pk}/",
        due,
        "danger",
    )
    assert items(cast.secretary) == [expected]
    for user in (cast.expert, cast.owner, cast.outsider):
        assert items(user) == []
    assert tasks_of(AnonymousUser()) == []

    approve_placement(cast.approval("UZ"), by=cast.sender)
    approve_placement(cast.approval("US"), by=cast.receiver)
    assert items(cast.secretary) == []


def test_the_secretariats_tasks_are_read_in_as_many_queries_for_three_placements_as_for_one(cast):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            found = items(cast.secretary)
        return len(found), len(captured)

    late(cast, 5)
    one = queries()
    for _ in range(2):
        PlacementFactory()
    Approval.objects.update(due_on=TODAY - 5 * DAY)
    three = queries()

    assert (one[0], three[0]) == (1, 3)
    assert one[1] == three[1]


def test_a_decision_one_may_not_take_does_not_wait(cast):
    MembershipFactory(institution=cast.program.institution, user=cast.receiver, role="signatory")
    assert items(cast.receiver) == []


def test_a_returned_placement_waits_for_both_sides(cast):
    return_placement(cast.approval("US"), by=cast.receiver, reason="dates", note="Later.")
    url = f"/placements/{cast.placement.pk}/"
    for user in (cast.expert, cast.owner, cast.editor):
        assert [item[1:] for item in items(user)] == [(url, None, "warning")]
    for user in (cast.reviewer, cast.sender, cast.receiver, cast.outsider):
        assert items(user) == []


def test_notifications_read_in_the_language_of_each(cast):
    from django.utils import translation

    from messaging.notification_types import all_notification_types
    from messaging.payloads import fill_text

    return_placement(cast.approval("US"), by=cast.receiver, reason="dates", note="100% <b>later</b>")
    process_outbox()
    notification = Notification.objects.get(kind="placement_returned", user=cast.expert)
    kind = next(kind for kind in all_notification_types() if kind.code == "placement_returned")
    with translation.override("en"):
        words = fill_text(kind.text, notification.data)
    assert "United States of America" in words
    assert "The dates do not work" in words
    assert "100% <b>later</b>" in words
    assert str(cast.program.title["en"]) in words
