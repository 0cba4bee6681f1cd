"""Saved searches: what is new to them, sent once, in the owner's language and morning; the link that stops them."""

import datetime

import pytest
from django.core import mail as outbox
from django.http import QueryDict
from django.utils import timezone

from exchange.core.errors import DomainError
from exchange.core.jobs.outbox import process_outbox
from messaging.domain.mail import send_waiting_mail
from messaging.models import Mail, Notification
from profiles.models import PersonName
from profiles.states import NameKind
from search.domain.params import read_params
from search.domain.saved import MAX_SAVED, change_saved, next_time, save_search, stop_path, stop_saved
from search.domain.saved_matching import begin_saved, begin_waiting, match_changed
from search.domain.saved_notifications import notify_due_searches, notify_instant_searches, notify_search
from search.models import ChangedDocument, KnownResult, SavedSearch
from tests.factories import CompetenceFactory, ConceptFactory, InstitutionFactory, ProgramFactory, UserFactory
from tests.helpers.search import expert, index
from tests.helpers.threads import at_once

pytestmark = pytest.mark.django_db


def save(user, address, frequency="instant", name="Mine"):
    saved = save_search(read_params(QueryDict(address)), by=user, name=name, frequency=frequency)
    begin_saved(saved.pk)
    return SavedSearch.objects.get(pk=saved.pk)


def notification():
    """What a run of the clock tells: the names of the results, by e-mail. E-mail and notification say the same."""
    match_changed()
    notify_instant_searches()
    process_outbox()
    emails = list(Mail.objects.order_by("pk"))
    assert Notification.objects.count() == len(emails)
    return [email.text for email in emails]


@pytest.fixture
def me():
    return UserFactory(time_zone="Asia/Tashkent")


def test_what_is_there_when_it_is_saved_is_not_new(me):
    index(expert())
    saved = save(me, "q=rahimova&type=experts")
    index(expert(), expert(family="Somebody"))

    [email] = notification()

    assert email.count("/experts/") == 1
    assert saved.known.filter(notified_at__isnull=True).count() == 0
    assert notification() == [email]


def test_old_document_that_comes_to_fit_is_new_once(me):
    person = expert()
    ceramics = ConceptFactory(slug="ceramics", scheme="material", label={"en": "ceramics"})
    index(person)
    save(me, "type=experts&material=ceramics")
    CompetenceFactory(profile=person, technique=None, material=ceramics)
    index(person)
    assert len(notification()) == 1

    for _ in range(2):
        index(person)
        assert len(notification()) == 1


def test_hidden_things_are_sent_to_nobody_who_may_not_see_them(me):
    save(me, "q=rahimova&type=experts")
    save(me, "q=Passportova&type=experts", name="Passport")
    person = expert()
    PersonName.objects.create(profile=person, kind=NameKind.PASSPORT, given="Dilya", family="Passportova")
    index(person, expert(audience="coordinators"), expert(audience="only_me"))

    [email] = notification()

    assert "Mine" in email
    assert email.count("/experts/") == 1


def test_what_is_hidden_before_it_is_sent_is_forgotten_and_new_when_it_returns(me):
    saved = save(me, "q=rahimova&type=experts", frequency="daily")
    person = expert()
    index(person)
    match_changed()
    assert saved.known.count() == 1
    type(person).objects.filter(pk=person.pk).update(audience="only_me")

    notify_due_searches(saved.next_at)
    assert (Mail.objects.count(), saved.known.count()) == (0, 0)

    type(person).objects.filter(pk=person.pk).update(audience="everyone")
    index(person)
    match_changed()
    notify_due_searches(saved.next_at + datetime.timedelta(days=1))
    assert Mail.objects.count() == 1


def test_flood_is_one_letter_and_then_a_pause(me, monkeypatch):
    monkeypatch.setattr("search.domain.saved_notifications.LISTED", 2)
    save(me, "q=rahimova&type=experts")
    index(*(expert() for _ in range(4)))
    [email] = notification()
    assert email.count("/experts/") == 2
    assert "And 2 more." in email

    index(expert())
    assert notification() == [email]
    assert notify_due_searches(timezone.now() + datetime.timedelta(hours=1)) == 1
    assert SavedSearch.objects.get().next_at is None


def test_search_of_everything_notifies_of_every_kind_in_one_email(me):
    save(me, "q=rahimova")
    host = InstitutionFactory(name={"en": "Rahimova Museum"})
    index(expert(), host, ProgramFactory(institution=host, title={"en": "Rahimova residency"}))

    [email] = notification()

    assert [part in email for part in ("/experts/", "/institutions/", "/programs/")] == [True] * 3


def test_daily_one_waits_for_the_morning_of_its_owner(me):
    saved = save(me, "q=rahimova&type=experts", frequency="daily")
    index(expert())
    assert notification() == []

    assert notify_due_searches(saved.next_at - datetime.timedelta(seconds=1)) == 0
    assert notify_due_searches(saved.next_at) == 1
    assert notify_due_searches(saved.next_at) == 0
    assert SavedSearch.objects.get().next_at == saved.next_at + datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("frequency", "now", "expected"),
    [
        ("daily", "2027-03-01T02:59:00+00:00", "2027-03-01T03:00:00+00:00"),  # 08:00 in Tashkent is 03:00 UTC
        ("daily", "2027-03-01T03:00:00+00:00", "2027-03-02T03:00:00+00:00"),
        ("weekly", "2027-03-01T02:00:00+00:00", "2027-03-01T03:00:00+00:00"),  # a Monday
        ("weekly", "2027-03-01T04:00:00+00:00", "2027-03-08T03:00:00+00:00"),
        ("weekly", "2027-03-04T04:00:00+00:00", "2027-03-08T03:00:00+00:00"),
        ("instant", "2027-03-01T02:00:00+00:00", None),
        ("never", "2027-03-01T02:00:00+00:00", None),
    ],
)
def test_morning_is_that_of_the_owner(frequency, now, expected):
    owner = UserFactory.build(time_zone="Asia/Tashkent")

    found = next_time(owner, frequency, datetime.datetime.fromisoformat(now))

    assert (found.isoformat() if found else None) == expected


def test_morning_of_a_clock_that_changes_stays_eight():
    owner = UserFactory.build(time_zone="America/New_York")
    before = datetime.datetime.fromisoformat("2027-03-13T14:00:00+00:00")  # the day before clocks go forward

    assert next_time(owner, "daily", before).isoformat() == "2027-03-14T12:00:00+00:00"
    assert next_time(UserFactory.build(time_zone="Mars/Phobos"), "daily", before).hour == 8


def test_letter_speaks_the_language_of_its_owner_and_can_be_stopped_by_one_click(me):
    me.language = "ru"
    me.save()
    saved = save(me, "q=residency&type=programs", name="Мой поиск")
    index(ProgramFactory(title={"en": "Residency", "ru": "Резиденция residency"}))
    notification()

    email = Mail.objects.get()
    assert email.language == "ru"
    assert "Резиденция residency" in email.text
    assert stop_path(saved) in email.text
    send_waiting_mail()
    [sent] = outbox.outbox
    assert sent.extra_headers["List-Unsubscribe"] == f"<{email.unsubscribe_url}>"
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_one_that_never_notifies_is_silent_and_restarts_when_switched_on(me):
    saved = save(me, "q=rahimova&type=experts", frequency="never")
    index(expert())
    assert notification() == []

    change_saved(saved, by=me, name="Mine", frequency="instant")
    begin_waiting()
    assert notification() == []
    index(expert())
    assert len(notification()) == 1


def test_people_who_left_are_sent_nothing(me):
    save(me, "q=rahimova&type=experts")
    me.is_active = False
    me.save()
    index(expert())

    assert notification() == []
    assert ChangedDocument.objects.count() == 0


def test_search_that_lost_its_meaning_is_silent_and_says_so(client, me):
    saved = save(me, "type=experts&material=" + str(ConceptFactory(slug="ceramics", scheme="material").pk))
    SavedSearch.objects.filter(pk=saved.pk).update(address="type=experts&material=999999")
    index(expert())

    assert notification() == []
    client.force_login(me)
    assert "so it finds nothing" in client.get("/settings/searches/").content.decode()


def test_search_with_too_many_results_notifies_only_of_what_was_made_since(me, monkeypatch):
    monkeypatch.setattr("search.domain.saved_matching.MAX_KNOWN", 1)
    monkeypatch.setattr("search.domain.saved_matching.MAX_HITS", 1)
    long_ago = timezone.now() - datetime.timedelta(days=9)
    old = [expert(created_at=long_ago) for _ in range(3)]
    index(*old)
    saved = save(me, "q=rahimova&type=experts")
    assert saved.overflowing
    monkeypatch.undo()

    index(*old)
    assert notification() == []
    index(expert())
    assert len(notification()) == 1


def test_limits_of_keeping(me):
    with pytest.raises(DomainError):
        save(me, "")
    with pytest.raises(DomainError):
        save(me, "type=experts&" + "&".join(f"city={'x' * 70}{n}" for n in range(20)) + "&" + "q=" + "ы" * 200)
    SavedSearch.objects.bulk_create(SavedSearch(owner=me, name=str(n), address="q=a") for n in range(MAX_SAVED))
    with pytest.raises(DomainError):
        save(me, "q=a")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_concurrent_runs_notify_of_each_result_once():
    me = UserFactory()
    saved = save(me, "q=rahimova&type=experts")
    people = [expert() for _ in range(6)]
    for _ in range(3):
        index(*people)  # several changes of each, so that both runs get rows of the same documents

    results = at_once(*[match_changed] * 4)
    assert not [result for result in results if isinstance(result, Exception)]
    results = at_once(*[notify_instant_searches] * 4)
    assert not [result for result in results if isinstance(result, Exception)]
    notify_instant_searches()
    process_outbox()

    assert saved.known.filter(notified_at__isnull=False).count() == 6
    listed = [line for email in Mail.objects.all() for line in email.text.splitlines() if "/experts/" in line]
    assert len(listed) == len(set(listed)) == 6


def test_notifying_of_a_search_locked_by_another_worker_does_nothing(me):
    saved = save(me, "q=rahimova&type=experts")
    index(expert())
    match_changed()

    assert [notify_search(saved.pk), notify_search(saved.pk)] == [1, 0]
    assert KnownResult.objects.filter(notified_at__isnull=True).count() == 0


def test_archive_of_my_data_holds_my_searches_and_my_account_takes_them_along(me):
    from search.personal_data import export_searches

    save(me, "q=rahimova&type=experts")
    save(UserFactory(), "q=other", name="Other")

    [piece] = export_searches(me)
    [row] = piece.rows
    assert (row["name"], row["address"], row["frequency"]) == ("Mine", "q=rahimova&type=experts", "At once")
    me.delete()
    assert [saved.name for saved in SavedSearch.objects.all()] == ["Other"]


# ---- pages -----------------------------------------------------------------------------------------------------------


def test_search_is_saved_from_its_page_and_listed_in_the_settings(client, me):
    client.force_login(me)
    page = client.get("/search/?q=rahimova&type=experts").content.decode()
    assert 'value="rahimova · Experts"' in page

    answer = client.post("/search/save/", {"address": "q=rahimova&type=experts", "name": "My\x07 search", "frequency": "weekly"})

    assert answer.url == "/search/?q=rahimova&type=experts"
    saved = SavedSearch.objects.get()
    assert (saved.owner, saved.name, saved.frequency, saved.kind) == (me, "My search", "weekly", "expert")
    listed = client.get("/settings/searches/").content.decode()
    assert "My search" in listed
    assert "Once a week" in listed
    assert client.get(f"/search/saved/{saved.pk}/").url == "/search/?q=rahimova&type=experts"
    assert "/settings/searches/" in client.get("/settings/").content.decode()


def test_form_that_is_wrong_comes_back_with_its_reason(client, me):
    client.force_login(me)

    answer = client.post("/search/save/", {"address": "q=rahimova", "name": " \x00 ", "frequency": "hourly"})

    assert answer.status_code == 422
    assert SavedSearch.objects.count() == 0
    assert client.post("/search/save/", {"name": "x", "frequency": "daily"}).status_code in {303, 422}


def test_saved_search_is_changed_and_deleted(client, me):
    client.force_login(me)
    saved = save(me, "q=rahimova", name="Before")

    client.post(f"/settings/searches/{saved.pk}/", {"name": "After", "frequency": "daily"})
    saved.refresh_from_db()
    assert (saved.name, saved.frequency) == ("After", "daily")
    assert saved.next_at is not None
    client.post(f"/settings/searches/{saved.pk}/delete/")
    assert SavedSearch.objects.count() == 0


def test_saved_searches_of_others_do_not_exist(client, me):
    saved = save(me, "q=rahimova")
    client.force_login(UserFactory())

    assert client.get("/settings/searches/").context["rows"] == []
    for address in (f"/settings/searches/{saved.pk}/", f"/search/saved/{saved.pk}/"):
        assert client.get(address).status_code == 404
    assert client.post(f"/settings/searches/{saved.pk}/delete/").status_code == 404
    client.logout()
    assert client.get("/settings/searches/").status_code == 302


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_for_one_row_and_three(client, me, rows, django_assert_max_num_queries):
    client.force_login(me)
    for n in range(rows):
        SavedSearch.objects.create(owner=me, name=str(n), address="q=a")
    client.get("/settings/searches/")

    with django_assert_max_num_queries(6):
        client.get("/settings/searches/")


def test_link_of_the_letter_stops_on_the_button_not_on_a_look(client, me):
    saved = save(me, "q=rahimova", frequency="daily")
    path = stop_path(saved)

    page = client.get(path).content.decode()
    assert "Stop alerts" in page
    assert SavedSearch.objects.get().frequency == "daily"

    from django.test import Client

    strict = Client(enforce_csrf_checks=True)  # the mail programme's own button: no session, no token
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    saved.refresh_from_db()
    assert (saved.frequency, saved.next_at) == ("never", None)
    stop_saved(saved)
    assert "Done." in client.get(path).content.decode()
    saved.delete()
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("token", ["x", "WzEsMV0:bad:signature", "%00"])
def test_broken_link_says_so(client, token):
    assert client.get(f"/search/stop/{token}/").status_code == 404
