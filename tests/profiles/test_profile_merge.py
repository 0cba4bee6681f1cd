"""Profiles that others made are claimed; two profiles of one person become one, and two again."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from applications.models import Application
from exchange.core.errors import DomainError, StaleError
from exchange.core.history import history_of
from matching.models import Invitation
from messaging.domain.threads import open_thread
from messaging.models import Thread
from placements.models import Placement
from profiles.domain import claims, profile_merge
from profiles.domain.profiles import refresh_index, save_competences
from profiles.domain.visibility import with_parts
from profiles.models import ClaimInvitation, ExpertProfile, ImportedExpert, PersonName, ProfileMerge
from profiles.states import Audience
from tests.factories import (
    ApplicationFactory,
    ConceptFactory,
    CoordinatorFactory,
    ExpertFactory,
    LanguageSkillFactory,
    MembershipFactory,
    PlacementFactory,
    ProgramFactory,
    UserFactory,
)
from tests.helpers.profiles import again, named
from tests.helpers.threads import at_once

pytestmark = pytest.mark.django_db


# ---- claiming --------------------------------------------------------------------------------------------------------


def test_an_invited_address_claims_and_the_profile_is_theirs(imported, maker, person):
    claims.invite_to_claim(imported, email=person.email.upper(), by=maker)
    assert list(claims.claims_for(person)) == [imported]

    claim = claims.claim_profile(imported, by=person)

    assert (claim.merged, again(imported).user) == (False, person)
    assert User.objects.get(pk=person.pk).access.expert_id == imported.pk
    assert again(person).name == "Азиз Каримов"
    assert [row.transition for row in history_of(imported)] == ["invite_claim", "claim"]
    assert ClaimInvitation.objects.get().answer == "accepted"
    assert not claims.claims_for(person)


def test_an_address_of_the_table_claims_too_but_only_confirmed(imported, person):
    ImportedExpert.objects.update(email=person.email)
    other_user = UserFactory(email="x@example.org", verified=False)
    assert list(claims.claims_for(person)) == [imported]
    assert not claims.claims_for(other_user)
    with pytest.raises(PermissionDenied):
        claims.claim_profile(imported, by=other_user)
    with pytest.raises(PermissionDenied):
        claims.claim_profile(imported, by=UserFactory())

    claims.claim_profile(imported, by=person)


def test_a_link_works_for_whoever_reads_the_letter_until_it_is_replaced(imported, maker, person):
    first = claims.invite_to_claim(imported, email="letter@example.org", by=maker)
    with pytest.raises(DomainError, match="hour"):
        claims.invite_to_claim(imported, email="letter@example.org", by=maker)
    second = claims.invite_to_claim(imported, email="other@example.org", by=maker)
    token = claims.claim_path(second).split("/")[-2]

    with pytest.raises(DomainError, match="no longer valid"):
        claims.read_claim(claims.claim_path(first).split("/")[-2])
    with pytest.raises(DomainError, match="not complete"):
        claims.read_claim(token[:-2])
    assert claims.claim_profile(imported, by=person, token=token).profile.user == person
    with pytest.raises(StaleError):
        claims.claim_profile(imported, by=UserFactory(), token=token)


def test_a_link_is_for_its_profile_and_time(imported, maker, person):
    other = ExpertFactory(user=None)
    ImportedExpert.objects.create(profile=other, source="country:UZ", external_id="1")
    token = claims.claim_path(claims.invite_to_claim(imported, email="a@example.org", by=maker)).split("/")[-2]
    with pytest.raises(PermissionDenied):
        claims.claim_profile(other, by=person, token=token)
    ClaimInvitation.objects.update(expires_at=timezone.now())
    with pytest.raises(DomainError, match="no longer valid"):
        claims.claim_profile(imported, by=person, token=token)
    claims.withdraw_claim_invitation(imported, by=maker)
    assert ClaimInvitation.objects.get().answer == "withdrawn"


def test_only_who_made_it_invites(imported, maker, readers, own):
    del readers["anonymous"]
    reviewer = MembershipFactory(institution=imported.imported.institution, role="reviewer").user
    for reader in (*readers.values(), reviewer, CoordinatorFactory(country="UZ").user):
        with pytest.raises(PermissionDenied):
            claims.invite_to_claim(imported, email="a@example.org", by=reader)
    with pytest.raises(PermissionDenied):
        claims.invite_to_claim(own, email="a@example.org", by=maker)
    ImportedExpert.objects.update(institution=None, source="country:UZ")
    claims.invite_to_claim(imported, email="a@example.org", by=CoordinatorFactory(country="UZ").user)


def test_claiming_beside_an_own_profile_makes_one_of_both(imported, maker, person, own):
    claims.invite_to_claim(imported, email=person.email, by=maker)

    assert claims.claim_profile(imported, by=person).merged

    own, source = again(own), again(imported)
    assert (source.merged_into, source.user, source.shown_name) == (own, None, "")
    assert (own.city, own.headline) == ("Khiva", "Weaver")
    assert {name.full for name in own.names.all()} == {"Aziz Karimov", "Азиз Каримов"}
    assert own.competences.get().evidence == "Suzani"
    merge = ProfileMerge.objects.get()
    assert (merge.state, merge.made_by_institution) == ("merged", maker.memberships.get().institution)


# ---- two accounts ----------------------------------------------------------------------------------------------------


def confirmed(own, duplicate):
    merge = profile_merge.propose_merge(own, duplicate, by=own.user)
    return profile_merge.transition_merge(merge, "confirm", by=duplicate.user)


def test_both_sides_confirm_and_everything_is_in_one(own, duplicate):
    other = duplicate.user
    language = LanguageSkillFactory(profile=own, language="en")
    merge = profile_merge.propose_merge(own, duplicate, by=own.user)
    assert again(duplicate).merged_into is None
    with pytest.raises(PermissionDenied):
        profile_merge.transition_merge(merge, "confirm", by=own.user)

    profile_merge.transition_merge(merge, "confirm", by=other)

    own, source = again(own), again(duplicate)
    assert (source.user, source.merged_into, own.city, own.biography) == (None, own, "Bukhara", "Long")
    assert own.audience_of("biography") == Audience.ONLY_ME
    assert {(name.kind, name.full) for name in own.names.all()} == {
        ("latin", "Aziz Karimov"),
        ("other", "A. Karimov"),
        ("passport", "AZIZ KARIMOV"),
    }
    assert set(own.languages.values_list("language", flat=True)) == {"en", "ru"}
    assert language.profile == own
    assert [own.positions.count(), own.competences.count(), own.windows.count(), own.profile_fields.count()] == [1] * 4
    assert User.objects.get(pk=other.pk).access.expert_id is None
    assert not ExpertProfile.objects.visible_to(own.user).filter(pk=source.pk).exists()
    assert [row.transition for row in history_of(merge)] == ["propose", "confirm"]
    assert [row.transition for row in history_of(source)] == ["merged"]
    refresh_index(with_parts(ExpertProfile.objects.filter(pk=source.pk)).get())
    assert again(source).shown_name == ""


def test_what_both_say_is_there_once_and_stays_when_they_part(own, duplicate):
    """Of two rows that say the same the kept one's stays as it is; nothing of it came, so nothing of it goes again."""
    field, competence = duplicate.profile_fields.get(), duplicate.competences.get()
    own.profile_fields.create(concept=field.concept, primary=not field.primary)
    own.competences.create(technique=competence.technique, level=1)
    own.languages.create(language="ru", level=1)
    own.positions.create(title="Weaver", place="Khiva", starts=2001, ends=2004)
    for profile, number in ((own, "mine"), (duplicate, "theirs")):
        profile.education.create(degree="Master", place="Tashkent", year=1999)
        profile.accreditations.create(title="Licence", body="Chamber", number="7")
        profile.publications.create(title="Silk", authors=number, year=2011)
        profile.publications.create(title=f"Suzani, {number}", year=2012, doi="10.1000/suzani")
    duplicate.languages.create(language="tg", level=3)

    merge = confirmed(own, duplicate)

    def held():
        return {
            "fields": list(own.profile_fields.values_list("concept", "primary")),
            "competences": list(own.competences.values_list("technique", "level")),
            "languages": sorted(own.languages.values_list("language", "level")),
            "positions": list(own.positions.values_list("title", "ends")),
            "education": list(own.education.values_list("degree", flat=True)),
            "accreditations": list(own.accreditations.values_list("number", flat=True)),
            "publications": sorted(own.publications.values_list("title", "authors")),
        }

    mine = {
        "fields": [(field.concept_id, not field.primary)],
        "competences": [(competence.technique_id, 1)],
        "languages": [("ru", 1)],
        "positions": [("Weaver", 2004)],
        "education": ["Master"],
        "accreditations": ["7"],
        "publications": [("Silk", "mine"), ("Suzani, mine", "")],
    }
    assert held() == mine | {"languages": [("ru", 1), ("tg", 3)]}

    profile_merge.transition_merge(again(merge), "undo", by=own.user)

    assert held() == mine


def test_undoing_restores_both_and_leaves_what_was_written_since(own, duplicate):
    other = duplicate.user
    merge = confirmed(own, duplicate)
    technique = ConceptFactory(slug="new", scheme="technique")
    target = [{"technique_id": row.technique_id, "level": row.level, "last_year": row.last_year} for row in own.competences.all()]
    save_competences(again(own), [*target, {"technique_id": technique.pk}], by=own.user)
    ExpertProfile.objects.filter(pk=own.pk).update(biography="My own words")

    profile_merge.transition_merge(again(merge), "undo", by=other)

    own, duplicate = again(own), again(duplicate)
    assert (duplicate.user, duplicate.merged_into, duplicate.shown_name, duplicate.phone) == (other, None, "A. Karimov", "+998")
    assert (own.city, own.biography, own.phone) == ("", "My own words", "")
    assert {name.full for name in own.names.all()} == {"Aziz Karimov"}
    assert list(own.competences.values_list("technique", flat=True)) == [technique.pk]
    assert not own.languages.exists()
    assert duplicate.names.count() == 2
    assert own.audiences == {}
    assert again(merge).state == "undone"
    with pytest.raises(DomainError):
        profile_merge.transition_merge(again(merge), "undo", by=other)
    assert [row.transition for row in history_of(merge)] == ["propose", "confirm", "undo"]


def test_apps_above_reassign_their_rows_and_undo_it(own, duplicate):
    shared = ProgramFactory()
    placement = PlacementFactory(application=ApplicationFactory(expert=duplicate, state="accepted"))
    ApplicationFactory(expert=own, program=shared)
    stays = ApplicationFactory(expert=duplicate, program=shared, state="rejected")
    invitation = Invitation.objects.create(expert=duplicate, program=ProgramFactory(), by=UserFactory(), words="Come")
    merge = confirmed(own, duplicate)

    assert again(placement).expert == own
    assert again(placement.application).expert == own
    assert again(invitation).expert == own
    assert again(stays).expert == duplicate

    profile_merge.transition_merge(again(merge), "undo", by=own.user)

    assert {again(placement).expert, again(placement.application).expert, again(invitation).expert} == {duplicate}


def test_conversations_follow_the_person(own, duplicate):
    application, host = ApplicationFactory(expert=duplicate), UserFactory()
    other = duplicate.user
    people = {"host": [host.pk], "expert": [other.pk]}
    application.thread = open_thread(title={"en": "x"}, about_url="/", kind=Thread.Kind.APPLICATION, people=people)
    application.save()

    def takes_part():
        return set(application.thread.participants.filter(left_at=None).values_list("user_id", flat=True))

    merge = confirmed(own, duplicate)
    assert takes_part() == {host.pk, own.user_id}

    profile_merge.transition_merge(again(merge), "undo", by=own.user)
    assert takes_part() == {host.pk, other.pk}


def test_two_open_applications_to_one_programme_block_the_merge(own, duplicate):
    program = ProgramFactory()
    for profile in (own, duplicate):
        ApplicationFactory(expert=profile, program=program)
    merge = profile_merge.propose_merge(own, duplicate, by=own.user)

    with pytest.raises(DomainError, match="applied to the same programme"):
        profile_merge.transition_merge(merge, "confirm", by=duplicate.user)

    assert again(merge).state == "proposed"
    assert Application.objects.filter(expert=duplicate).exists()
    assert not Placement.objects.exists()


def test_what_cannot_be_proposed(own, duplicate, imported, member):
    with pytest.raises(PermissionDenied):
        profile_merge.propose_merge(own, duplicate, by=member)
    hidden = ExpertFactory(audience=Audience.ONLY_ME)
    with pytest.raises(PermissionDenied):
        profile_merge.propose_merge(own, hidden, by=own.user)
    with pytest.raises(DomainError, match="one country"):
        profile_merge.propose_merge(own, ExpertFactory(country="KZ"), by=own.user)
    with pytest.raises(DomainError, match="Nobody could confirm"):
        profile_merge.propose_merge(own, ExpertFactory(user=None), by=own.user)
    with pytest.raises(DomainError, match="already one profile"):
        profile_merge.propose_merge(own, own, by=own.user)
    merge = profile_merge.propose_merge(own, duplicate, by=own.user)
    with pytest.raises(DomainError, match="waiting for an answer"):
        profile_merge.propose_merge(own, duplicate, by=own.user)
    profile_merge.transition_merge(merge, "refuse", by=duplicate.user)
    with pytest.raises(DomainError, match="somebody else"):
        profile_merge.propose_merge(own, duplicate, by=own.user)


def test_who_made_a_profile_confirms_for_it_and_others_see_nothing(own, imported, maker, readers):
    merge = profile_merge.propose_merge(own, imported, by=own.user)
    for name, reader in readers.items():
        assert not ProfileMerge.objects.visible_to(reader).exists(), name
        if name != "anonymous":
            with pytest.raises(PermissionDenied):
                profile_merge.transition_merge(merge, "confirm", by=reader)
    assert ProfileMerge.objects.visible_to(maker).get() == merge

    profile_merge.transition_merge(merge, "confirm", by=maker)

    assert again(imported).merged_into == own


def test_who_is_on_both_sides_does_not_answer_alone(own, imported):
    MembershipFactory(institution=imported.imported.institution, user=own.user, role="owner")
    user = User.objects.get(pk=own.user_id)
    merge = profile_merge.propose_merge(own, imported, by=user)
    with pytest.raises(DomainError, match="somebody else has to confirm"):
        profile_merge.transition_merge(merge, "confirm", by=user)


def test_a_later_merge_is_undone_first_and_a_new_profile_blocks_it(own, duplicate):
    first = confirmed(own, duplicate)
    third = named(ExpertFactory(named=False), "Aziz", "Karim")
    second = profile_merge.transition_merge(profile_merge.propose_merge(third, again(own), by=third.user), "confirm", by=own.user)
    assert again(duplicate).merged_into == third
    with pytest.raises(DomainError, match="Undo that merge first"):
        profile_merge.transition_merge(again(first), "undo", by=duplicate.user)
    profile_merge.transition_merge(again(second), "undo", by=third.user)
    assert again(duplicate).merged_into == own
    ExpertFactory(user=duplicate.user)
    with pytest.raises(DomainError, match="new profile"):
        profile_merge.transition_merge(again(first), "undo", by=own.user)
    assert again(first).state == "merged"


def test_after_thirty_days_the_snapshot_is_dropped_and_nothing_is_undone(own, duplicate, django_capture_on_commit_callbacks):
    for profile in (own, duplicate):
        profile.photo = ContentFile(b"x", name="p.jpg")
        profile.save()
    storage, stays, goes = duplicate.photo.storage, own.photo.name, duplicate.photo.name
    merge = confirmed(own, duplicate)
    assert profile_merge.expire_merges() == 0
    ProfileMerge.objects.update(merged_at=timezone.now() - datetime.timedelta(days=31))
    with pytest.raises(DomainError, match="30 days"):
        profile_merge.transition_merge(again(merge), "undo", by=own.user)

    with django_capture_on_commit_callbacks(execute=True):
        assert (profile_merge.expire_merges(), profile_merge.expire_merges()) == (1, 0)

    assert (storage.exists(stays), storage.exists(goes)) == (True, False)
    assert again(merge).moved == {}
    assert not PersonName.objects.filter(profile=duplicate).exists()
    assert again(duplicate).biography == ""
    assert again(own).biography == "Long"
    assert again(duplicate).merged_into == own


def test_an_import_leaves_a_merged_profile_alone(own, imported, maker):
    profile_merge.transition_merge(profile_merge.propose_merge(own, imported, by=own.user), "confirm", by=maker)
    from importing.domain.people import Source, read_people
    from importing.domain.writing import write_people

    source = Source(imported.imported.source, institution=imported.imported.institution, country="UZ")
    outcome = write_people(read_people("external_id,name\n1,Новое Имя\n".encode(), source).rows, source)

    assert outcome.claimed == 1
    assert again(imported).shown_name == ""


# ---- at once ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_two_who_claim_at_once_and_one_who_claims_twice(imported, maker):
    invitation = claims.invite_to_claim(imported, email="a@example.org", by=maker)
    token = claims.claim_path(invitation).split("/")[-2]
    people = [UserFactory() for _ in range(2)]

    results = at_once(
        *[
            lambda person=person: claims.claim_profile(imported, by=User.objects.get(pk=person.pk), token=token)
            for person in [*people, *people]
        ]
    )

    assert sum(isinstance(result, claims.Claim) for result in results) == 1
    assert again(imported).user in people
    assert [row.transition for row in history_of(imported)] == ["invite_claim", "claim"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_confirmed_both_ways_at_once_they_are_one(own, duplicate):
    one = profile_merge.propose_merge(own, duplicate, by=own.user)
    other = ProfileMerge.objects.create(target=duplicate, source=own, target_user=duplicate.user, source_user=own.user)

    results = at_once(
        lambda: profile_merge.transition_merge(again(one), "confirm", by=User.objects.get(pk=duplicate.user_id)),
        lambda: profile_merge.transition_merge(again(other), "confirm", by=User.objects.get(pk=own.user_id)),
        lambda: profile_merge.transition_merge(again(one), "confirm", by=User.objects.get(pk=duplicate.user_id)),
    )

    assert sum(isinstance(result, ProfileMerge) for result in results) == 1
    assert ExpertProfile.objects.filter(merged_into__isnull=False).count() == 1
    assert sorted(ProfileMerge.objects.values_list("state", flat=True)) == ["merged", "withdrawn"]
