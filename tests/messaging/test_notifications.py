import datetime as dt

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy

from exchange.core.models import OutboxEvent
from messaging.domain.notification_queries import notification_page, preference_rows
from messaging.domain.notifications import mark_notifications_read, notify, set_mail_preferences
from messaging.domain.queries import unread_notification_count
from messaging.models import Mail, Notification, NotificationPreference
from messaging.notification_types import (
    GROUPS,
    NotificationType,
    all_notification_types,
    register_event_lines,
    register_notification_types,
)
from messaging.payloads import fill_text, pack_payload, read_payload
from tests.factories import CoordinatorFactory, ExpertFactory, MembershipFactory

pytestmark = pytest.mark.django_db
MUSEUM = {"en": "Winterthur", "ru": "Винтертур"}


def offer(*people, key="offer:1"):
    notify([user.pk for user in people], "test.offer", key=key, url="/applications/1/", museum=MUSEUM, due=dt.date(2027, 4, 2))


def test_one_call_is_one_outbox_row(expert, host):
    offer(expert, host, expert)

    event = OutboxEvent.objects.get()
    assert event.payload["user_ids"] == sorted([expert.pk, host.pk])


def test_nothing_is_sent_when_the_change_is_rolled_back(expert, worked):
    with transaction.atomic():
        offer(expert)
        transaction.set_rollback(True)

    worked()

    assert not Notification.objects.exists()


def test_nobody_to_tell_writes_nothing(db):
    notify([], "test.note", key="x", url="", museum="x")

    assert not OutboxEvent.objects.exists()


def test_each_person_gets_a_row_a_live_event_and_an_email_in_their_language(expert, host, worked, pushed):
    offer(expert, host)

    worked()

    assert sorted(Notification.objects.values_list("user_id", flat=True)) == sorted([expert.pk, host.pk])
    assert pushed == [(sorted([f"user.{expert.pk}", f"user.{host.pk}"]), {"kind": "notification"})]
    russian, english = Mail.objects.get(user=expert), Mail.objects.get(user=host)
    assert russian.language == "ru"
    assert russian.subject == "An offer from Винтертур"
    assert "2 апр" in russian.text
    assert english.subject == "An offer from Winterthur"
    assert "2 Apr 2027" in english.text
    assert "/applications/1/" in english.text
    assert "Read the offer" in english.html


def test_an_event_notifies_a_user_once_however_often_it_is_sent(expert, worked):
    for _ in range(3):
        offer(expert)
        worked()

    assert Notification.objects.count() == 1
    assert Mail.objects.count() == 1


def test_another_event_is_sent_again(expert, worked):
    offer(expert)
    offer(expert, key="offer:2")
    worked()

    assert Notification.objects.count() == 2


def test_two_kinds_about_one_thing_do_not_hide_each_other(expert, worked):
    offer(expert, key="application:1")
    notify([expert.pk], "test.note", key="application:1", url="/", museum="x")
    worked()

    assert Notification.objects.count() == 2


def test_closed_accounts_are_sent_nothing(expert, worked):
    offer(expert)
    expert.is_active = False
    expert.save()
    worked()

    assert not Notification.objects.exists()
    assert not Mail.objects.exists()


def test_wishes_about_mail_are_kept_but_urgent_notifications_are_sent_anyway(expert, worked):
    set_mail_preferences({"test.note": False, "test.offer": False, "nonsense": False}, by=expert)

    offer(expert)
    notify([expert.pk], "test.note", key="n", url="/", museum="x")
    notify([expert.pk], "test.quiet", key="q", url="/")
    worked()

    assert list(NotificationPreference.objects.values_list("kind", "by_mail")) == [("test.note", False)]
    assert list(Mail.objects.values_list("subject", flat=True)) == ["An offer from Винтертур"]
    assert Notification.objects.count() == 3


def test_a_wish_can_be_taken_back(expert):
    set_mail_preferences({"test.note": False}, by=expert)
    set_mail_preferences({"test.note": True}, by=expert)

    rows = {row.kind.code: row for row in preference_rows(expert)}
    assert rows["test.note"].by_mail
    assert rows["test.offer"].fixed
    assert rows["test.quiet"].fixed
    assert not rows["test.quiet"].by_mail


def test_kinds_nobody_declared_are_a_mistake(expert):
    with pytest.raises(LookupError):
        notify([expert.pk], "test.unheard_of", key="x", url="")


def test_a_value_that_is_missing_is_a_mistake(expert):
    with pytest.raises(ValueError, match="museum"):
        notify([expert.pk], "test.note", key="x", url="")


def test_a_key_that_would_not_fit_is_a_mistake(expert):
    with pytest.raises(ValueError, match="longer"):
        notify([expert.pk], "test.note", key="x" * 121, url="", museum="x")


def test_two_kinds_cannot_share_a_code():
    with pytest.raises(ValueError, match=r"test\.note"):
        register_notification_types(NotificationType("test.note", title="Another"))
    with pytest.raises(ValueError, match=r"test\.submitted"):
        register_event_lines([("test.submitted", "Another")])


def test_notifications_read_in_the_active_language(expert, worked):
    offer(expert)
    worked()

    with translation.override("en"):
        row = notification_page(expert).items[0]
        assert (row.title, row.text, row.action) == ("An offer from Winterthur", "Answer by 2 Apr 2027.", "Read the offer")


def test_a_notification_of_a_removed_type_is_still_shown(expert):
    Notification.objects.create(user=expert, kind="test.gone", key="k")

    row = notification_page(expert).items[0]

    assert (row.title, row.text, row.action) == ("test.gone", "", "")


def test_reading_is_ones_own_affair(expert, outsider, worked):
    offer(expert)
    worked()

    assert mark_notifications_read(by=outsider) == 0
    assert unread_notification_count(expert) == 1
    assert mark_notifications_read(by=expert) == 1
    assert unread_notification_count(expert) == 0


def test_payloads_survive_a_round_trip_through_json():
    packed = pack_payload(
        {"day": dt.date(2027, 3, 1), "at": dt.datetime(2027, 3, 1, 9, 5, tzinfo=dt.UTC), "n": 3, "t": MUSEUM, "nothing": None}
    )

    with translation.override("ru"):
        assert read_payload(packed) == {
            "day": "1 мар. 2027",
            "at": "1 марта 2027, 09:05",
            "n": "3",
            "t": "Винтертур",
            "nothing": "",
        }


def test_lazy_texts_are_sent_in_each_readers_language():
    packed = pack_payload({"what": gettext_lazy("Messages")})

    assert packed["what"]["en"] == "Messages"
    assert set(packed["what"]) >= {"en", "ru", "kk"}


def test_a_value_that_reads_badly_is_a_mistake():
    with pytest.raises(TypeError):
        pack_payload({"thing": object()})


def test_a_translation_that_asks_for_more_breaks_nothing():
    assert fill_text("%(known)s and %(unknown)s", {"known": "this"}) == "this and "


ROLE_KINDS = {
    "expert": ("offer_made", {"application_submitted", "invitation", "my_offer_expired", "placement_confirmed"}),
    "host": ("handover_offered", {"application_received", "program_closed", "placement_confirmed", "program_asked"}),
    "coordinator": ("approval_requested", {"approval_due", "institution_to_verify", "placement_confirmed"}),
}


def person_of(role):
    made = {"expert": ExpertFactory, "host": MembershipFactory, "coordinator": CoordinatorFactory}
    return made[role]().user


@pytest.mark.parametrize("role", ROLE_KINDS)
def test_settings_name_the_kinds_a_role_can_get_and_no_others(role):
    urgent, others = ROLE_KINDS[role]
    strange = {code for name, (first, more) in ROLE_KINDS.items() for code in {first, *more}} - {urgent, *others}

    shown = {row.kind.code for row in preference_rows(person_of(role))}

    assert {urgent, *others} <= shown
    assert not strange & shown
    assert {"messages.unread", "team_invitation"} <= shown


def test_every_kind_has_a_group_and_known_roles():
    for kind in all_notification_types():
        assert kind.group in GROUPS, kind.code
        assert set(kind.to) <= {"expert", "host", "coordinator", "secretariat"}, kind.code


def test_one_button_chooses_a_whole_group_and_leaves_the_others(client):
    user = person_of("host")
    client.force_login(user)
    address = reverse("notification_settings")

    client.post(address, {"none": "host", "by_mail": [row.kind.code for row in preference_rows(user)]})

    by_mail = {row.kind.code: row.by_mail for row in preference_rows(user) if not row.fixed}
    assert not any(by_mail[code] for code in ("application_received", "program_closed"))
    assert by_mail["messages.unread"]

    client.post(address, {"all": "host", "by_mail": []})

    by_mail = {row.kind.code: row.by_mail for row in preference_rows(user) if not row.fixed}
    assert by_mail["application_received"]
    assert not by_mail["messages.unread"]


def test_settings_keep_what_a_role_does_not_show(client):
    user = person_of("expert")
    set_mail_preferences({"application_received": False}, by=user)
    client.force_login(user)

    client.post(reverse("notification_settings"), {"by_mail": []})

    wishes = dict(user.notification_preferences.values_list("kind", "by_mail"))
    assert wishes["application_received"] is False
    assert wishes["invitation"] is False
    assert "approval_due" not in wishes
