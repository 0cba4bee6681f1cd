"""Two at once: what must hold whoever is first."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from accounts.models import User
from exchange.core.errors import DomainError
from exchange.core.history import history_of
from exchange.core.pictures import make_sizes
from institutions.domain import institutions as actions
from institutions.models import Institution, Membership
from profiles.domain.profiles import create_profile
from profiles.models import CasePicture, ExpertProfile, LanguageSkill
from tests.factories import CoordinatorFactory, InstitutionFactory, MembershipFactory, UserFactory
from tests.helpers.files import picture
from tests.helpers.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def test_two_owners_who_remove_each_other_leave_one():
    museum = InstitutionFactory()
    first, second = (MembershipFactory(institution=museum, role="owner").user for _ in range(2))

    results = at_once(
        lambda: actions.remove_member(museum, User.objects.get(pk=second.pk), by=User.objects.get(pk=first.pk)),
        lambda: actions.remove_member(museum, User.objects.get(pk=first.pk), by=User.objects.get(pk=second.pk)),
    )

    assert sum(isinstance(result, DomainError) for result in results) == 1
    assert Membership.objects.filter(institution=museum, role="owner").count() == 1


def test_a_profile_asked_for_six_times_at_once_is_made_once():
    user = UserFactory()
    names = {"native": {"given": "Aziz", "family": "Karim"}}

    def make():
        me = User.objects.get(pk=user.pk)
        return create_profile(me, by=me, country="UZ", names=names).pk

    assert len(set(at_once(*[make] * 6))) == 1
    assert ExpertProfile.objects.get().names.count() == 1


def test_an_invitation_accepted_six_times_at_once_joins_once():
    museum, guest = InstitutionFactory(), UserFactory()
    owner = MembershipFactory(institution=museum, role="owner").user
    invitation = actions.invite_to_team(museum, email=guest.email, role="editor", by=owner)

    at_once(*[lambda: actions.answer_invitation(invitation, accept=True, by=User.objects.get(pk=guest.pk))] * 6)

    assert Membership.objects.filter(institution=museum, user=guest).count() == 1
    assert [row.transition for row in history_of(museum)] == ["invite", "join"]


def test_an_institution_verified_six_times_at_once_moves_once():
    museum = InstitutionFactory(state="unverified", country="UZ")
    people = [CoordinatorFactory(country="UZ").user for _ in range(6)]

    results = at_once(
        *[
            lambda person=person: actions.transition_institution(
                Institution.objects.get(pk=museum.pk), "verify", by=User.objects.get(pk=person.pk)
            )
            for person in people
        ]
    )

    assert sum(isinstance(result, DomainError) for result in results) == 5
    assert history_of(museum).count() == 1


def test_two_windows_that_save_the_same_section_at_once_do_not_undo_each_other():
    person = UserFactory()
    profile = create_profile(person, by=person, country="UZ", names={"native": {"given": "Dilnoza", "family": "Rahimova"}})
    windows = [Client(), Client()]
    for window in windows:
        window.force_login(person)
    version = windows[0].get("/profile/languages/").context["version"]

    def save(window, language):
        row = {"r-TOTAL_FORMS": 1, "r-INITIAL_FORMS": 0, "r-0-language": language, "r-0-level": 5, "version": version}
        return window.post("/profile/languages/", row).status_code

    statuses = at_once(lambda: save(windows[0], "en"), lambda: save(windows[1], "ru"))

    assert sorted(statuses) == [302, 409]
    assert LanguageSkill.objects.filter(profile=profile).count() == 1


def test_a_picture_is_made_once_by_two_workers(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    person = UserFactory()
    profile = create_profile(person, by=person, country="UZ", names={"native": {"given": "Dilnoza", "family": "Rahimova"}})
    row = profile.cases.create(title="Rug").pictures.create(alt="a", holder="b")
    row.upload.save("a.jpg", ContentFile(picture()))

    at_once(lambda: make_sizes(CasePicture, row.pk), lambda: make_sizes(CasePicture, row.pk))

    row.refresh_from_db()
    assert row.ready
    assert len(list((tmp_path / "cases").iterdir())) == 3
