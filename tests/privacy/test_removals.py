"""Delete my account: who may, what happens at once, the way back, what is left in the end."""

import re
import threading
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.domain.accounts import reactivate_account
from accounts.domain.consents import consents_of, record_sign_up
from accounts.domain.tokens import create_token
from accounts.models import AccountRemoval, CoordinatorAppointment, User
from accounts.states import RemovalState
from applications.models import Application, ApplicationFile, Review
from exchange.core.errors import DomainError, Refusal, StaleError
from exchange.core.history import history_of, record_history
from exchange.core.jobs.outbox import process_outbox
from exchange.core.models import History, OutboxEvent
from exchange.core.personal_data import Table, options
from importing.models import ExpertImport
from institutions.domain.queries import team_ids
from institutions.models import Membership, TeamInvitation
from matching.models import Match
from messaging.domain.mail import send_waiting_mail
from messaging.domain.threads import add_participants, open_thread, post_message
from messaging.models import Mail, Notification
from placements.models import Approval
from privacy.domain import erasure, removals
from privacy.domain.summary import NAMED_TABLES, other_tables
from profiles.models import ExpertProfile
from profiles.states import Audience
from search.models import SavedSearch
from tests.factories import (
    PASSWORD,
    ApplicationFactory,
    CoordinatorFactory,
    ExpertFactory,
    MembershipFactory,
    PlacementFactory,
    ReviewFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def ask(user, **changes):
    return removals.request_removal(user, by=user, **{"password": PASSWORD, "address": user.email} | changes)


def let_time_pass():
    AccountRemoval.objects.update(due_at=timezone.now() - timedelta(seconds=1))


def erased(user):
    removal = ask(user)
    let_time_pass()
    assert removals.carry_out_removal(removal.pk)
    return User.objects.get(pk=user.pk)


# ---- who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("field", "value"), [("password", "wrong"), ("address", "other@example.org"), ("address", "")])
def test_wants_password_and_address(member, field, value):
    with pytest.raises(DomainError) as refused:
        ask(member, **{field: value})

    assert refused.value.code == field
    assert User.objects.get(pk=member.pk).is_active


def test_nobody_deletes_another(member, secretariat):
    with pytest.raises(Refusal):
        removals.request_removal(member, by=secretariat, password=PASSWORD, address=member.email)


def test_only_owner_hands_over_first(owner, museum):
    with pytest.raises(DomainError, match="only owner"):
        ask(owner)

    MembershipFactory(institution=museum)
    assert ask(owner)


def test_coordinator_with_open_approvals_has_another_appointed(client):
    coordinator = CoordinatorFactory(country="UZ").user
    placement = PlacementFactory()
    with pytest.raises(DomainError, match="Uzbekistan"):
        ask(coordinator)
    client.force_login(coordinator)
    assert "Uzbekistan" in client.get(reverse("account_delete")).content.decode()

    CoordinatorFactory(country="UZ")
    assert ask(coordinator)
    assert placement.pk


@pytest.mark.parametrize(
    ("state", "days", "refused"), [("confirmed", 5, True), ("confirmed", -5, False), ("pending", 5, True), ("cancelled", 5, False)]
)
def test_running_placement_holds(state, days, refused):
    today = timezone.now().date()
    placement = PlacementFactory(state=state, starts=today - timedelta(days=30), ends=today + timedelta(days=days))
    user = placement.expert.user

    assert bool(erasure.erasure_blockers(user)) == refused


def test_last_of_the_secretariat_stays(secretariat):
    with pytest.raises(DomainError, match="secretariat"):
        ask(secretariat)
    UserFactory(is_secretariat=True)
    assert ask(secretariat)


# ---- at once ---------------------------------------------------------------------------------------------------------


def test_account_is_hidden_at_once(client, profile, host, coordinator, museum):
    user = profile.user
    MembershipFactory(institution=museum, user=user, role="editor")
    _token, text = create_token(user, name="x", scopes=["read"], by=user)
    client.force_login(user)

    ask(user)

    assert client.get(reverse("settings")).url.startswith("/accounts/login/")
    assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {text}"}).status_code == 401
    for reader in (AnonymousUser(), host, coordinator):
        assert not ExpertProfile.objects.visible_to(reader).filter(pk=profile.pk).exists()
    assert client.get(profile.get_absolute_url()).status_code == 404
    assert user.pk not in team_ids(museum.pk)
    assert OutboxEvent.objects.filter(kind="match-expert", payload__expert_id=profile.pk).exists()


def test_sessions_end_for_good(client, member):
    client.force_login(member)
    removal = ask(member)
    removals.take_back_removal(removal, by=member)

    assert client.get(reverse("settings")).url.startswith("/accounts/login/")


def test_page_asks_and_says_goodbye(client, member):
    client.force_login(member)
    assert client.post(reverse("account_delete"), {"password": "wrong", "address": member.email}).status_code == 422

    answer = client.post(reverse("account_delete"), {"password": PASSWORD, "address": member.email.upper()})

    assert answer.url == reverse("account_deleted")
    assert "deleted in 14 days" in client.get(answer.url).content.decode()
    send_waiting_mail()
    assert [letter.subject for letter in mail.outbox] == ["Your account will be deleted"]


def test_asking_twice_is_refused_politely(member):
    stale = User.objects.get(pk=member.pk)
    ask(member)

    with pytest.raises(StaleError):
        ask(stale)
    assert AccountRemoval.objects.count() == 1


def test_secretariat_cannot_open_it_again(member, secretariat):
    ask(member)

    with pytest.raises(DomainError):
        reactivate_account(member, by=secretariat)


# ---- the way back ----------------------------------------------------------------------------------------------------


def log_in(client, user):
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


def test_logging_in_and_one_click_takes_it_back(client, profile):
    user = profile.user
    ask(user)

    assert log_in(client, user).url == reverse("account_take_back")
    assert "Keep my account" in client.get(reverse("account_take_back")).content.decode()
    client.post(reverse("account_take_back"))

    user.refresh_from_db()
    profile.refresh_from_db()
    assert (user.is_active, profile.audience) == (True, Audience.MEMBERS)
    assert client.get(reverse("settings")).status_code == 200
    assert [row.transition for row in history_of(AccountRemoval.objects.get())] == ["ask", "take_back"]
    send_waiting_mail()
    assert [letter.subject for letter in mail.outbox] == ["Your account will be deleted", "Your account is kept"]


def test_way_back_needs_the_second_factor_to_get_in(client, member):
    Authenticator.objects.create(user=member, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    ask(member)
    log_in(client, member)

    assert "2fa" in client.post(reverse("account_take_back")).url
    assert client.get(reverse("settings")).url.startswith("/accounts/login/")


def test_way_back_is_for_the_holder(client, member):
    removal = ask(member)

    assert client.get(reverse("account_take_back")).url == reverse("account_login")
    assert client.post(reverse("account_take_back")).url == reverse("account_login")
    client.post(reverse("account_login"), {"login": member.email, "password": "wrong"})
    assert client.post(reverse("account_take_back")).url == reverse("account_login")
    with pytest.raises(Refusal):
        removals.take_back_removal(removal, by=UserFactory())
    assert AccountRemoval.objects.get().state == RemovalState.WAITING


def test_closed_by_others_has_no_way_back(client, member):
    User.objects.filter(pk=member.pk).update(is_active=False)

    assert log_in(client, member).url == "/accounts/inactive/"


def test_may_ask_again_after_taking_back(member):
    removals.take_back_removal(ask(member), by=member)

    assert ask(User.objects.get(pk=member.pk))


# ---- the end ---------------------------------------------------------------------------------------------------------


def test_nothing_happens_before_the_day(member):
    removal = ask(member)

    assert removals.ask_due_removals() == 0
    assert not removals.carry_out_removal(removal.pk)
    assert User.objects.get(pk=member.pk).email == member.email


def test_clock_and_worker_erase(member):
    ask(member)
    let_time_pass()

    assert removals.ask_due_removals() == 1
    assert removals.ask_due_removals() == 1
    process_outbox()

    assert User.objects.get(pk=member.pk).is_erased
    assert AccountRemoval.objects.get().state == RemovalState.DONE
    assert removals.ask_due_removals() == 0


def test_person_who_left_nothing_leaves_an_anchor_alone(profile, django_capture_on_commit_callbacks):
    user, email = profile.user, profile.user.email
    files = [(profile.photo.storage, profile.photo.name), (profile.cv.storage, profile.cv.name)]
    record_sign_up(user)
    create_token(user, name="x", scopes=["read"], by=user)
    Notification.objects.create(user=user, kind="x", key="x")
    Authenticator.objects.create(user=user, type="totp", data={})
    with django_capture_on_commit_callbacks(execute=True):
        left = erased(user)

    assert not ExpertProfile.objects.filter(pk=profile.pk).exists()
    assert (left.name, left.is_active, left.has_usable_password(), left.last_login) == ("", False, False, None)
    assert str(left) == "Deleted account"
    assert not any(storage.exists(name) for storage, name in files)
    for relation in ("emailaddress_set", "api_tokens", "notifications", "authenticator_set", "mails"):
        assert not getattr(left, relation).exists(), relation
    assert [row.given for row in consents_of(left)] == [False, False, True, True]
    send_waiting_mail()
    assert mail.outbox[-1].to == [email]
    assert mail.outbox[-1].subject == "Your account is deleted"
    assert not User.objects.filter(email=email).exists()


def test_no_table_remembers_the_person(profile):
    """Every text of every table, but the last letter and the notes of work that is done, which end by the table of retention."""
    user = profile.user
    user.name = "Unforgettable Person"
    user.email = "unforgettable@example.org"
    user.save()
    thread = open_thread(title={"en": "About silk"})
    other = UserFactory()
    add_participants(thread, [user.pk, other.pk], capacity="expert")
    post_message(thread, by=user, body="Hello")
    ApplicationFactory(expert=profile, state="rejected", statement="Unforgettable statement", snapshot={"name": "Unforgettable"})
    ExpertProfile.objects.filter(pk=profile.pk).update(shown_name="Unforgettable Person", biography="Secret biography")
    erased(user)

    leaks = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table not in {"messaging_mail", "core_outboxevent"}:
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" AS t WHERE t::text ~* %s', ["unforgettable|secret biography|passportova"]
                )
                leaks += [table] if cursor.fetchone()[0] else []
    assert leaks == []


def test_decided_applications_stay_without_words_and_drafts_go(profile):
    host = MembershipFactory()
    user = profile.user
    made = {
        state: ApplicationFactory(
            expert=profile,
            state=state,
            program__institution=host.institution,
            statement="Mine",
            snapshot={"name": "N", "country": "UZ"},
        )
        for state in ("submitted", "rejected", "waitlisted")
    }
    draft = ApplicationFactory(expert=profile, state="draft", submitted_at=None)
    offer = ApplicationFactory(
        expert=profile, state="offered", program__institution=host.institution, offer_expires_at=timezone.now() + timedelta(days=40)
    )
    stored = ApplicationFile.objects.create(
        application=made["rejected"], file=ContentFile(b"x", name="r.pdf"), name="r.pdf", size=1, sha256=""
    )
    ReviewFactory(application=made["rejected"], comment="kept with the decision")

    erased(user)

    states = {row.pk: row.state for row in Application.objects.all()}
    assert states == {
        made["submitted"].pk: "withdrawn",
        made["waitlisted"].pk: "withdrawn",
        made["rejected"].pk: "rejected",
        offer.pk: "declined",
    }
    assert draft.pk not in states
    assert not ApplicationFile.objects.filter(pk=stored.pk).exists()
    kept = Application.objects.get(pk=made["rejected"].pk)
    assert (kept.statement, kept.snapshot, kept.country, str(kept.expert)) == ("", {}, "UZ", "Deleted account")
    assert Review.objects.count() == 1
    assert history_of(offer).last().actor_id == user.pk


def test_pages_of_others_go_on(client, profile):
    """A host's page of the application, and a conversation, with somebody who is gone."""
    membership = MembershipFactory()
    application = ApplicationFactory(expert=profile, state="rejected", program__institution=membership.institution)
    thread = open_thread(title={"en": "About silk"})
    add_participants(thread, [profile.user_id, membership.user_id], capacity="expert")
    post_message(thread, by=profile.user, body="My words", files=[SimpleUploadedFile("a.pdf", b"%PDF-1.4 passport")])
    application.thread = thread
    application.save()
    record_history(application, transition="reject", by=profile.user)

    erased(profile.user)

    client.force_login(membership.user)
    page = client.get(application.get_absolute_url()).content.decode()
    assert "<h1>Deleted account</h1>" in page
    table = client.get(reverse("program_applications", args=[application.program.slug])).content.decode()
    assert "Deleted account" in table
    words = client.get(thread.get_absolute_url()).content.decode()
    assert "My words" in words
    assert "a.pdf" not in words
    assert re.search(r"Deleted account\s*·", words)
    assert "deleted with the account" in words


def test_teams_and_appointments_end(member, museum, owner):
    MembershipFactory(institution=museum, user=member, role="editor")
    appointment = CoordinatorFactory(user=member, country="KZ")

    erased(member)

    assert not Membership.objects.filter(user=member).exists()
    appointment.refresh_from_db()
    assert appointment.ends < timezone.now().date()
    assert CoordinatorAppointment.objects.filter(user=member).count() == 1


def test_approvals_stay_with_an_account_without_a_name():
    placement = PlacementFactory(state="cancelled")
    decider = CoordinatorFactory(country="KZ").user
    Approval.objects.filter(placement=placement).update(decided_by=decider, state="approved")

    erased(decider)

    assert {str(row.decided_by) for row in Approval.objects.filter(placement=placement)} == {"Deleted account"}


def test_history_keeps_every_row(profile):
    before = list(History.objects.values_list("pk", flat=True))

    erased(profile.user)

    assert set(before) <= set(History.objects.values_list("pk", flat=True))


def test_twice_changes_nothing(member):
    removal = ask(member)
    let_time_pass()
    assert removals.carry_out_removal(removal.pk)
    rows = History.objects.count(), Mail.objects.count()

    assert not removals.carry_out_removal(removal.pk)
    assert (History.objects.count(), Mail.objects.count()) == rows
    with pytest.raises(StaleError):
        removals.take_back_removal(removal, by=member)


def test_postponed_when_somebody_has_come_to_depend(client, profile):
    removal = ask(profile.user)
    PlacementFactory(application=ApplicationFactory(expert=profile, state="accepted"))
    let_time_pass()

    assert not removals.carry_out_removal(removal.pk)

    removal.refresh_from_db()
    assert (removal.state, removal.postponed, removal.due_at > timezone.now()) == (RemovalState.WAITING, 1, True)
    assert User.objects.get(pk=profile.user_id).email == profile.user.email
    assert log_in(client, profile.user).url == reverse("account_take_back")


def test_an_app_that_fails_leaves_everything(member, monkeypatch):
    removal = ask(member)
    let_time_pass()
    monkeypatch.setattr(erasure, "anonymise_account", lambda user: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        removals.carry_out_removal(removal.pk)

    assert User.objects.get(pk=member.pk).email == member.email
    assert AccountRemoval.objects.get().state == RemovalState.WAITING


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_taking_back_and_carrying_out_race():
    for _ in range(3):
        user = ExpertFactory().user
        removal = ask(user)
        let_time_pass()
        barrier, done = threading.Barrier(2), []

        def run(action, barrier=barrier, done=done):
            barrier.wait()
            try:
                done.append(bool(action()))
            except StaleError:
                done.append(False)
            finally:
                connection.close()

        actions = [
            lambda removal=removal: removals.carry_out_removal(removal.pk),
            lambda removal=removal, user=user: removals.take_back_removal(removal, by=user),
        ]
        threads = [threading.Thread(target=run, args=[action]) for action in actions]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]

        removal.refresh_from_db()
        user.refresh_from_db()
        assert sorted(done) == [False, True]
        assert user.is_active == (removal.state == RemovalState.TAKEN_BACK)
        assert user.is_erased == (removal.state == RemovalState.DONE)


def test_matches_go_with_the_profile(profile):
    application = ApplicationFactory(expert=profile, state="rejected")
    Match.objects.create(expert=profile, program=application.program, score=900)

    erased(profile.user)

    assert not Match.objects.exists()


def test_tables_no_app_names_are_deleted_and_exported_all_the_same(profile, monkeypatch):
    """A table that only points to the account: its foreign key says what becomes of it, even without a name for the way back."""
    monkeypatch.setattr("privacy.domain.summary.NAMED_TABLES", NAMED_TABLES - {"search.SavedSearch"})
    user = profile.user
    SavedSearch.objects.create(owner=user, name="Silk in Bukhara")
    museum = MembershipFactory().institution
    invitation = TeamInvitation.objects.create(institution=museum, email="a@example.org", role="editor", invited_by=user)
    upload = ExpertImport.objects.create(country="UZ", name="x.csv", by=user)

    tables = {piece.name: list(piece.rows) for piece in other_tables(user) if isinstance(piece, Table)}
    assert [row["name"] for row in tables["search_savedsearch"]] == ["Silk in Bukhara"]
    erased(user)

    assert not SavedSearch.objects.exists()
    assert not TeamInvitation.objects.filter(pk=invitation.pk).exists()
    assert ExpertImport.objects.get(pk=upload.pk).by is None


def test_apps_name_the_tables_they_export():
    """Otherwise such a table would be handed out twice: by its app, and once more as one that nobody named."""
    named = [
        options(relation.related_model).label
        for relation in options(User).related_objects
        if relation.on_delete.__name__ == "CASCADE" and not options(relation.related_model).auto_created
    ]

    assert set(NAMED_TABLES) >= {label for label in named if label.startswith(("messaging.", "account.", "mfa."))}


def test_profiles_that_became_part_of_it_go_too(profile, django_capture_on_commit_callbacks):
    """They are the same person's; a file that both show goes once nobody shows it."""
    part = ExpertFactory(
        user=None, merged_into=profile, audience=Audience.ONLY_ME, cv=profile.cv.name, biography="Secret biography"
    )
    kept = ApplicationFactory(expert=part, state="rejected")
    storage, name = profile.cv.storage, profile.cv.name

    with django_capture_on_commit_callbacks(execute=True):
        erased(profile.user)

    part.refresh_from_db()
    profile.refresh_from_db()
    assert [(str(row), row.biography, row.cv.name, row.names.count()) for row in (part, profile)] == [
        ("Deleted account", "", "", 0)
    ] * 2
    assert Application.objects.filter(pk=kept.pk).exists()
    assert not storage.exists(name)


def test_file_that_another_profile_shows_stays(profile, django_capture_on_commit_callbacks):
    other = ExpertFactory(cv=profile.cv.name)

    with django_capture_on_commit_callbacks(execute=True):
        erased(profile.user)

    assert other.cv.storage.exists(other.cv.name)
