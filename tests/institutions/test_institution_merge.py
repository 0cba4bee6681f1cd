"""Two records of one institution become one, with every link."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import User
from exchange.core.errors import DomainError, StaleError
from exchange.core.history import history_of
from institutions.domain import fact_sheet, institution_merge
from institutions.models import (
    DistinctInstitutions,
    FactSheet,
    FormerSlug,
    Institution,
    InstitutionName,
    Membership,
    TeamInvitation,
)
from institutions.signals import membership_changed
from profiles.models import Education, ImportedExpert, Position
from tests.factories import (
    AgreementFactory,
    ApplicationFactory,
    ConceptFactory,
    CoordinatorFactory,
    ExpertFactory,
    InstitutionFactory,
    MembershipFactory,
    ProgramFactory,
)
from tests.helpers.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def target():
    return InstitutionFactory(slug="kept", country="UZ", name={"en": "Museum of silk"}, short_name="", website="")


@pytest.fixture
def source():
    return InstitutionFactory(
        slug="gone",
        country="UZ",
        name={"en": "Silk museum", "ru": "Музей шёлка"},
        short_name="SM",
        website="https://silk.example",
        description={"en": "Silk"},
        state="unverified",
    )


@pytest.fixture
def own_coordinator():
    return CoordinatorFactory(country="UZ").user


def test_everything_leads_to_the_one_that_is_kept(target, source, own_coordinator):
    field = ConceptFactory()
    source.fields.add(field)
    InstitutionName.objects.create(institution=source, text="Ипак", language="uz", kind="former")
    FactSheet.objects.create(institution=source, labs={"en": "Loom", "ru": "Станок"}, housing_places=4, work_languages=["uz"])
    FactSheet.objects.create(institution=target, labs={"en": "Dye house"}, work_languages=["en"])
    both = MembershipFactory(institution=target, role="owner").user
    MembershipFactory(institution=source, role="owner", user=both)
    other = MembershipFactory(institution=source, role="editor").user
    for place in (target, source):
        TeamInvitation.objects.create(institution=place, email="a@example.org", role="editor", invited_by=both)
    expert = ExpertFactory(affiliation=source)
    Position.objects.create(profile=expert, title="Weaver", institution=source)
    Education.objects.create(profile=expert, degree="Silk", institution=source)
    brought = [ExpertFactory(user=None) for _ in range(3)]
    ImportedExpert.objects.create(profile=brought[0], source=f"institution:{target.pk}", external_id="1", institution=target)
    ImportedExpert.objects.create(profile=brought[1], source=f"institution:{source.pk}", external_id="1", institution=source)
    ImportedExpert.objects.create(profile=brought[2], source=f"institution:{source.pk}", external_id="2", institution=source)
    program = ProgramFactory(institution=source)
    agreement = AgreementFactory(first=source)
    source_id = source.pk

    institution_merge.merge_institutions(target, source, by=own_coordinator)

    target = Institution.objects.get(slug="kept")
    assert not Institution.objects.filter(pk=source_id).exists()
    assert (target.website, target.short_name, dict(target.description)) == ("https://silk.example", "SM", {"en": "Silk"})
    assert set(target.names.values_list("text", "kind")) == {("Silk museum", "alias"), ("Музей шёлка", "alias"), ("Ипак", "former")}
    sheet = FactSheet.objects.get()
    assert (dict(sheet.labs), sheet.housing_places, sheet.work_languages) == (
        {"en": "Dye house", "ru": "Станок"},
        4,
        ["en", "uz"],
    )
    assert list(target.fields.all()) == [field]
    assert set(target.memberships.values_list("user_id", "role")) == {(both.pk, "owner"), (other.pk, "editor")}
    assert sorted(target.invitations.values_list("answer", flat=True)) == ["", "withdrawn"]
    expert.refresh_from_db()
    assert expert.affiliation == target
    assert Position.objects.get().institution == target
    assert Education.objects.get().institution == target
    assert set(ImportedExpert.objects.filter(institution=target).values_list("source", "external_id")) == {
        (f"institution:{target.pk}", "1"),
        (f"institution:{source_id}", "1"),
        (f"institution:{target.pk}", "2"),
    }
    program.refresh_from_db()
    agreement.refresh_from_db()
    assert (program.institution, agreement.first) == (target, target)
    assert [row.transition for row in history_of(target)] == ["merge"]
    assert history_of(target).get().data["slug"] == "gone"


def test_old_addresses_lead_on_by_page_and_api_as_far_as_the_reader_sees(client, target, source, own_coordinator):
    institution_merge.merge_institutions(target, source, by=own_coordinator)
    third = InstitutionFactory(slug="third", country="UZ")
    institution_merge.merge_institutions(third, Institution.objects.get(slug="kept"), by=own_coordinator)

    for slug in ("gone", "kept"):
        response = client.get(reverse("institution", args=[slug]))
        assert (response.status_code, response.url) == (301, third.get_absolute_url())
    client.force_login(own_coordinator)
    assert client.get("/api/v1/institutions/gone").json()["id"] == "third"
    assert FormerSlug.objects.count() == 2
    client.logout()
    Institution.objects.update(state="suspended")
    assert client.get(reverse("institution", args=["gone"])).status_code == 404


def test_team_of_both_reads_the_conversations_of_both(target, source, own_coordinator):
    user = MembershipFactory(institution=source, role="owner").user
    heard = []

    def hear(sender, institution_id, user_id, **kwargs):
        heard.append((institution_id, user_id))

    membership_changed.connect(hear)
    ApplicationFactory(program=ProgramFactory(institution=target))
    institution_merge.merge_institutions(target, source, by=own_coordinator)
    membership_changed.disconnect(hear)

    assert heard == [(target.pk, user.pk)]
    assert User.objects.get(pk=user.pk).access.roles_in(target.pk) == {"owner"}


def test_only_those_who_answer_for_the_country_may_and_never_for_their_own(target, source, own_coordinator, readers):
    del readers["anonymous"]
    secretariat = readers.pop("secretariat")
    owner = MembershipFactory(institution=target).user
    for reader in (*readers.values(), owner):
        with pytest.raises(PermissionDenied):
            institution_merge.merge_institutions(target, source, by=reader)
        with pytest.raises(PermissionDenied):
            institution_merge.declare_distinct(target, source, by=reader)
    Membership.objects.create(institution=source, user=own_coordinator, role="reviewer")
    with pytest.raises(DomainError, match="You belong to one of the two"):
        institution_merge.merge_institutions(target, source, by=User.objects.get(pk=own_coordinator.pk))

    institution_merge.merge_institutions(target, source, by=secretariat)


@pytest.mark.parametrize(
    ("states", "words"),
    [
        (("unverified", "verified"), "Keep the one that is verified"),
        (("suspended", "unverified"), "suspended"),
        (("verified", "suspended"), "suspended"),
    ],
)
def test_states_that_do_not_go_together_are_refused(target, source, own_coordinator, states, words):
    for row, state in zip((target, source), states, strict=True):
        Institution.objects.filter(pk=row.pk).update(state=state)
    with pytest.raises(DomainError, match=words):
        institution_merge.merge_institutions(target, source, by=own_coordinator)


def test_other_countries_and_oneself_are_refused(target, own_coordinator, secretariat):
    with pytest.raises(DomainError, match="one country"):
        institution_merge.merge_institutions(target, InstitutionFactory(country="KZ"), by=secretariat)
    with pytest.raises(DomainError, match="different"):
        institution_merge.merge_institutions(target, target, by=own_coordinator)


def test_an_agreement_between_the_two_blocks_the_merge_and_nothing_changes(target, source, own_coordinator):
    AgreementFactory(first=source, second=target)
    ProgramFactory(institution=source)

    with pytest.raises(DomainError, match="agreement with each other"):
        institution_merge.merge_institutions(target, source, by=own_coordinator)

    assert source.programs.count() == 1
    assert not target.names.exists()
    assert not history_of(target).exists()


def test_a_forgotten_link_stops_the_merge(target, source, own_coordinator, monkeypatch):
    monkeypatch.setattr("profiles.receivers.reassign_people", lambda target_id, source_id: None)
    ExpertFactory(affiliation=source)

    with pytest.raises(RuntimeError, match="still points to"):
        institution_merge.merge_institutions(target, source, by=own_coordinator)


def test_told_apart_once(target, source, own_coordinator):
    institution_merge.declare_distinct(source, target, by=own_coordinator)
    institution_merge.declare_distinct(target, source, by=own_coordinator)

    assert DistinctInstitutions.objects.count() == 1
    assert institution_merge.distinct_pairs("UZ") == {tuple(sorted((target.pk, source.pk)))}
    with pytest.raises(DomainError):
        institution_merge.declare_distinct(target, target, by=own_coordinator)


def test_the_register_file_does_not_bring_a_merged_one_back(target, source, own_coordinator):
    from exchange.reference.institutions import InstitutionRow, write_institutions

    institution_merge.merge_institutions(target, source, by=own_coordinator)

    row = InstitutionRow("gone", {"name": {"en": "Silk museum"}, "country": "UZ", "kind": "museum", "city": "X"}, [])
    assert write_institutions({"gone": row}).new == set()
    assert not Institution.objects.filter(slug="gone").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_two_coordinators_who_merge_each_into_the_other_leave_one(target, source):
    Institution.objects.update(state="verified")
    first, second = (CoordinatorFactory(country="UZ").user for _ in range(2))
    ProgramFactory(institution=target)
    ProgramFactory(institution=source)

    results = at_once(
        lambda: institution_merge.merge_institutions(target, source, by=User.objects.get(pk=first.pk)),
        lambda: institution_merge.merge_institutions(source, target, by=User.objects.get(pk=second.pk)),
    )

    assert sum(isinstance(result, StaleError) for result in results) == 1
    left = Institution.objects.filter(slug__in=("kept", "gone")).get()
    assert left.programs.count() == 2
    assert [row.transition for row in history_of(left)] == ["merge"]
    assert fact_sheet.moved_to("gone" if left.slug == "kept" else "kept", first) == left
