import json
import stat

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.access import access_of
from accounts.models import User
from applications.models import Application
from exchange.core.jobs.outbox import process_outbox
from exchange.demo import pictures
from exchange.demo.acts import TEXTILES
from exchange.demo.loading import load_demo
from exchange.demo.login_programs import PROGRAMS
from exchange.demo.logins import read_logins
from exchange.demo.people import DOMAIN
from institutions.models import InstitutionPicture
from matching.models import Match
from messaging.domain.my_tasks import tasks_of
from messaging.domain.queries import unread_message_count
from messaging.models import Notification
from placements.domain.letters import write_letter
from placements.models import Approval, Placement
from profiles.models import ExpertProfile
from programs.domain.eligibility import check_eligibility
from programs.models import Program, ProgramPicture
from tests.helpers.counts import counts
from vocabulary.domain.vocabulary import forget_vocabulary

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup, django_db_blocker, folder):
    """The demonstration, loaded once for this module, with its file of logins in a folder of its own."""
    files = override_settings(DATA_DIR=folder, MEDIA_ROOT=folder / "media")
    with django_db_blocker.unblock(), files, transaction.atomic():
        load_demo()
        yield
        transaction.set_rollback(True)
    forget_vocabulary()


def person(login):
    return User.objects.get(email=f"{login}@{DOMAIN}")


def test_logins_are_a_private_list_of_five_facts(folder):
    path = folder / "demo-logins.json"
    logins = json.loads(path.read_text())

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert all(set(login) == {"email", "password", "role", "country", "name"} for login in logins)
    assert {login["role"] for login in logins} == {"expert", "host", "coordinator", "secretariat", "admin"}
    for country in ("KZ", "KG", "TJ", "TM", "UZ", "US"):
        assert [login for login in logins if login["role"] == "expert" and login["country"] == country]
        assert [login for login in logins if login["role"] == "coordinator" and login["country"] == country]
    assert len({login["password"] for login in logins}) == len(logins)


def test_every_login_opens_the_site(client):
    for login in read_logins():
        response = client.post(reverse("account_login"), {"login": login["email"], "password": login["password"]})
        assert response.status_code == 302, login
        assert client.get(reverse("home")).status_code == 200
        client.logout()
    assert EmailAddress.objects.filter(user__email__in=[login["email"] for login in read_logins()], verified=True).count() == 21


def test_roles_of_the_logins_come_from_what_they_are():
    for login in read_logins():
        access = access_of(User.objects.get(email=login["email"]))
        if login["role"] == "expert":
            assert access.expert_id
        elif login["role"] == "host":
            assert len(access.teams) == 1
        elif login["role"] == "coordinator":
            assert access.countries == {login["country"]}
        elif login["role"] == "secretariat":
            assert access.secretariat
        assert User.objects.get(email=login["email"]).is_superuser == (login["role"] == "admin")


def test_the_admin_alone_opens_the_administration(client):
    for login in ("admin", "secretariat", "owner.winterthur"):
        client.force_login(person(login))
        assert (client.get(reverse("admin:index")).status_code == 200) == (login == "admin"), login
    client.logout()
    assert client.get(reverse("admin:index")).status_code == 302


def test_two_hosts_have_a_team_of_owner_editor_and_reviewer():
    for town in ("winterthur", "dushanbe"):
        for role in ("owner", "editor", "reviewer"):
            assert role in next(iter(access_of(person(f"{role}.{town}")).teams.values()))


def test_some_programmes_and_institutions_have_drawn_pictures():
    process_outbox()

    programs, institutions = ProgramPicture.objects.all(), InstitutionPicture.objects.all()
    assert (programs.count(), institutions.count()) == (len(pictures.PROGRAMS), len(pictures.INSTITUTIONS))
    assert all(row.alt and row.holder and (row.upload or row.small) and not row.failed for row in (*programs, *institutions))


def test_load_demo_again_adds_nothing():
    before, passwords = counts(), read_logins()

    assert load_demo() is False
    assert counts() == before
    assert read_logins() == passwords


def test_passwords_change_only_with_the_file(folder):
    kept = (folder / "demo-logins.json").read_bytes()
    (folder / "demo-logins.json").unlink()

    load_demo()

    fresh = read_logins()
    assert fresh != json.loads(kept)
    assert all(User.objects.get(email=login["email"]).check_password(login["password"]) for login in fresh)
    (folder / "demo-logins.json").write_bytes(kept)


def test_a_login_that_is_missing_comes_back_with_its_password():
    EmailAddress.objects.filter(user=person("coordinator.us")).delete()
    EmailAddress.objects.filter(user=person("secretariat")).delete()
    User.objects.filter(pk=person("secretariat").pk).update(email="gone@example.org")

    load_demo()

    password = next(login["password"] for login in read_logins() if login["email"].startswith("secretariat@"))
    assert person("secretariat").check_password(password)
    assert access_of(person("secretariat")).secretariat
    assert EmailAddress.objects.filter(user=person("coordinator.us"), verified=True).exists()


def test_profiles_of_the_logins_say_nearly_everything():
    for profile in ExpertProfile.objects.filter(user__email__startswith="expert.").prefetch_related("languages", "windows"):
        assert profile.completeness >= 90, profile
        assert profile.cv


def test_both_uzbek_experts_may_apply_to_the_textile_semester():
    program = Program.objects.get(slug=TEXTILES)
    for login in ("expert.uz", "expert.samarkand"):
        assert check_eligibility(program, ExpertProfile.objects.get(user=person(login))).eligible
    assert not Application.objects.filter(program=program, country="UZ", state__in=["offered", "accepted"]).exists()
    assert not Application.objects.filter(expert__user=person("expert.samarkand")).exists()


def test_every_expert_but_the_american_may_apply_somewhere_still():
    for profile in ExpertProfile.objects.filter(user__email__startswith="expert."):
        applied = Application.objects.filter(expert=profile).values("program")
        still = [
            program for program in Program.objects.open().exclude(pk__in=applied) if check_eligibility(program, profile).eligible
        ]
        assert len(still) >= 3, profile


def test_the_uzbek_expert_has_a_draft_a_submitted_application_and_an_offer():
    states = set(Application.objects.filter(expert__user=person("expert.uz")).values_list("state", flat=True))

    assert states == {"draft", "submitted", "offered", "accepted"}
    assert tasks_of(person("expert.uz"))


def test_experts_have_something_to_finish_something_done_and_something_late():
    today = timezone.now().date()
    for login in ("expert.uz", "expert.kz", "expert.kg", "expert.tj", "expert.tm", "expert.us"):
        assert [task for task in tasks_of(person(login)) if task.due], login
        placements = Placement.objects.filter(expert__user=person(login))
        assert placements.filter(state="confirmed", ends__lt=today).exists(), login
        late = Approval.objects.filter(placement__in=placements, state="waiting", due_on__lt=today)
        assert late.values("placement").distinct().count() == 1, login


def test_stays_of_the_logins_met_the_requirements_of_their_programmes():
    for own in PROGRAMS:
        program = Program.objects.get(slug=own.slug)
        for login in own.stories:
            profile = ExpertProfile.objects.get(user=person(login))
            # What is over is closed, lies before their availability, and has given its places away.
            unmet = [code for code in check_eligibility(program, profile).codes if code not in {"closed", "dates", "places"}]
            assert unmet == [], (own.slug, login)
            assert profile.affiliation_id != program.institution_id


def test_hosts_have_a_finished_programme_and_one_that_begins_undecided():
    today = timezone.now().date()
    for login in ("owner.winterthur", "editor.dushanbe"):
        hosted = Program.objects.filter(institution__in=access_of(person(login)).edited_institutions)
        assert hosted.filter(state="completed", placements__state="confirmed").exists()
        assert [task for task in tasks_of(person(login)) if task.due and task.due < today], login


def test_coordinators_have_decided_and_are_late_with_something():
    today = timezone.now().date()
    for country in ("KZ", "KG", "TJ", "TM", "UZ", "US"):
        coordinator = person(f"coordinator.{country.lower()}")
        assert Approval.objects.filter(country=country, state="approved", decided_by=coordinator).exists()
        assert Approval.objects.tasks_of(coordinator).filter(due_on__lt=today).exists(), country
        covered = Placement.objects.filter(Q(sending_country=country) | Q(host_country=country)).exclude(agreement=None)
        assert covered.exists(), country


def test_the_secretariat_is_told_of_what_is_overdue():
    secretariat = person("secretariat")

    assert [task.tone for task in tasks_of(secretariat)][:1] == ["danger"]


def test_portfolios_have_works_with_different_pictures():
    for profile in ExpertProfile.objects.filter(user__email__startswith="expert.").prefetch_related("cases__pictures"):
        pictures = [picture for case in profile.cases.all() for picture in case.pictures.all()]
        assert len(pictures) >= 2, profile
        assert all(picture.alt and picture.holder for picture in pictures)


def test_hosts_have_applications_to_read_and_words_to_answer():
    for login in ("owner.winterthur", "owner.dushanbe"):
        assert Application.objects.visible_to(person(login)).filter(state__in=["submitted", "shortlisted"]).count() >= 3
        assert unread_message_count(person(login)) > 0
        assert tasks_of(person(login))


def test_every_coordinator_has_something_waiting():
    for country in ("KZ", "KG", "TJ", "TM", "UZ", "US"):
        coordinator = person(f"coordinator.{country.lower()}")
        assert Approval.objects.tasks_of(coordinator).exists()
        assert tasks_of(coordinator)


def test_one_placement_is_confirmed_and_its_letter_can_be_written():
    placement = Placement.objects.get(expert__user=person("expert.tj"), state="confirmed", ends__gte=timezone.now().date())

    assert placement.agreement is not None
    assert write_letter(placement, "tg").startswith(b"%PDF")


def test_matches_are_there_at_once():
    for login in ("expert.uz", "expert.samarkand", "expert.us"):
        assert Match.objects.filter(expert__user=person(login)).exists()


def test_the_worker_notifies_everybody_of_what_happened():
    while process_outbox():
        pass

    told = {
        login: Notification.objects.filter(user=person(login)).count() for login in ("expert.uz", "expert.tj", "owner.winterthur")
    }
    assert all(told.values())
    assert Notification.objects.filter(user=person("secretariat"), kind="approval_escalated").exists()
    assert Notification.objects.filter(user=person("expert.samarkand"), kind="invitation").exists()
