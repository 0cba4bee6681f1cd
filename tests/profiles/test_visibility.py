"""The gate: what a reader is shown of a profile."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser

from profiles.domain.profiles import save_audiences, searchable_text
from profiles.domain.record import preview_record, record_for_reader
from profiles.domain.visibility import can_see_part, part_levels, preview_profile, profile_for_reader, with_parts
from profiles.models import ExpertProfile
from profiles.states import DEFAULT_AUDIENCES, Audience, Part
from tests.factories import ExpertFactory
from tests.profiles.conftest import full_profile

pytestmark = pytest.mark.django_db

STRANGER = AnonymousUser()
HIDDEN_WHEN = {
    Part.PHOTO: lambda shown: shown.photo_url,
    Part.OTHER_NAMES: lambda shown: [name for name in shown.names if name.kind != "passport"],
    Part.CITY: lambda shown: shown.city,
    Part.BIOGRAPHY: lambda shown: shown.biography or shown.biography_language,
    Part.AFFILIATION: lambda shown: shown.affiliation,
    Part.COMPETENCES: lambda shown: shown.competences or shown.experience_years,
    Part.LANGUAGES: lambda shown: shown.languages,
    Part.AVAILABILITY: lambda shown: shown.windows or shown.lead_time_days or shown.longest_stay_weeks,
    Part.CV: lambda shown: shown.cv_url or shown.cv_name,
    Part.CONTACT: lambda shown: shown.phone or shown.email,
}


def set_audiences(profile, audience, part_audience):
    profile.longest_stay_weeks = 20
    profile.save()
    return save_audiences(profile, by=profile.user, audience=audience, audiences=dict.fromkeys(Part.values, part_audience))


def parts_seen(profile, viewer):
    shown = profile_for_reader(profile, viewer)
    return {part for part, read in HIDDEN_WHEN.items() if read(shown)}


OF_THE_RECORD = {
    Part.POSITIONS: lambda record: record.positions,
    Part.EDUCATION: lambda record: record.education,
    Part.ACCREDITATIONS: lambda record: record.accreditations,
    Part.NUMBERS: lambda record: any(row.number for row in record.accreditations),
    Part.PUBLICATIONS: lambda record: record.publications or record.orcid,
    Part.PORTFOLIO: lambda record: record.cases,
}


def test_every_part_is_looked_at_here():
    assert set(HIDDEN_WHEN) | set(OF_THE_RECORD) | {Part.PASSPORT} == set(Part.values)


def record_seen(profile, viewer):
    record = record_for_reader(profile, viewer)
    return {part for part, read in OF_THE_RECORD.items() if read(record)}


@pytest.mark.parametrize(
    ("audience", "sees"),
    [
        (Audience.EVERYONE, {"stranger", "member", "host", "coordinator", "secretariat", "self"}),
        (Audience.MEMBERS, {"member", "host", "coordinator", "secretariat", "self"}),
        (Audience.COORDINATORS, {"coordinator", "secretariat", "self"}),
        (Audience.ONLY_ME, {"self"}),
    ],
)
def test_record_opens_each_part_to_its_audience(profile, readers, audience, sees):
    set_audiences(profile, Audience.EVERYONE, audience)
    profile.refresh_from_db()
    readers["self"] = profile.user

    for name, reader in readers.items():
        assert record_seen(profile, reader) == (set(OF_THE_RECORD) if name in sees else set()), name
        if name not in sees:
            assert "ecret" not in repr(record_for_reader(profile, reader)), name


def test_record_of_a_closed_profile_is_closed(profile):
    with pytest.raises(ExpertProfile.DoesNotExist):
        record_for_reader(profile, STRANGER)
    assert preview_record(profile, Audience.EVERYONE) is None
    assert preview_record(profile, Audience.ONLY_ME) is not None


def test_record_keeps_numbers_to_their_owner_by_default(profile, coordinator, member):
    for reader in (member, coordinator):
        assert record_seen(profile, reader) == set(OF_THE_RECORD) - {Part.NUMBERS}
    assert preview_record(profile, Audience.MEMBERS) == record_for_reader(profile, member)


def test_gate_shows_a_stranger_nothing_of_a_members_profile(profile):
    with pytest.raises(ExpertProfile.DoesNotExist):
        profile_for_reader(profile, STRANGER)
    assert not can_see_part(profile, Part.PHOTO, STRANGER)
    assert not ExpertProfile.objects.visible_to(STRANGER).exists()


def test_gate_shows_a_stranger_only_the_head_of_a_public_profile(profile):
    set_audiences(profile, Audience.EVERYONE, Audience.MEMBERS)
    profile.refresh_from_db()

    shown = profile_for_reader(profile, STRANGER)

    assert (shown.name, shown.headline, shown.country) == ("Дилноза Раҳимова", "Conservator of silk", "UZ")
    assert [term.slug for term in shown.fields] == ["textiles"]
    assert parts_seen(profile, STRANGER) == set()
    assert "ecret" not in repr(shown).replace("Secretariat", "")
    assert "PASSPORT" not in repr(shown)


@pytest.mark.parametrize(
    ("audience", "sees"),
    [
        (Audience.EVERYONE, {"stranger", "member", "host", "coordinator", "secretariat", "self"}),
        (Audience.MEMBERS, {"member", "host", "coordinator", "secretariat", "self"}),
        (Audience.COORDINATORS, {"coordinator", "secretariat", "self"}),
        (Audience.ONLY_ME, {"self"}),
    ],
)
def test_gate_opens_each_part_to_its_audience(profile, readers, audience, sees):
    set_audiences(profile, Audience.EVERYONE, audience)
    profile.refresh_from_db()
    readers["self"] = profile.user

    for name, reader in readers.items():
        assert parts_seen(profile, reader) == (set(HIDDEN_WHEN) if name in sees else set()), name
        assert {part for part in Part.values if can_see_part(profile, part, reader)} - {Part.PASSPORT} == (
            set(Part.values) - {Part.PASSPORT} if name in sees else set()
        )


def test_gate_keeps_cv_and_contact_from_members_by_default(profile, member, coordinator):
    assert parts_seen(profile, member) == set(HIDDEN_WHEN) - {Part.CV, Part.CONTACT}
    assert parts_seen(profile, coordinator) == set(HIDDEN_WHEN) - {Part.CONTACT}
    assert set(DEFAULT_AUDIENCES) == set(Part.values)


def test_gate_shows_the_passport_spelling_to_coordinators_and_self_alone(profile, member, coordinator):
    def kinds(reader):
        return {name.kind for name in profile_for_reader(profile, reader).names}

    assert kinds(member) == {"native", "latin", "russian"}
    assert kinds(coordinator) == kinds(profile.user) == {"native", "latin", "russian", "passport"}


def test_gate_never_opens_the_passport_spelling_further_than_to_coordinators(profile, readers):
    set_audiences(profile, Audience.EVERYONE, Audience.EVERYONE)
    ExpertProfile.objects.update(audiences=dict.fromkeys(Part.values, "everyone"))
    profile.refresh_from_db()

    for name in ("stranger", "member", "host"):
        assert "PASSPORTOVA" not in repr(profile_for_reader(profile, readers[name])), name
    assert "PASSPORTOVA" in profile_for_reader(profile, readers["coordinator"]).also_written[-1]
    assert part_levels(profile)[Part.PASSPORT] == Audience.COORDINATORS


def test_gate_keeps_the_passport_spelling_to_oneself_when_asked(profile, coordinator):
    save_audiences(profile, by=profile.user, audience=Audience.MEMBERS, audiences={Part.PASSPORT: Audience.ONLY_ME})
    profile.refresh_from_db()

    assert "PASSPORTOVA" not in repr(profile_for_reader(profile, coordinator))
    assert "PASSPORTOVA" in repr(profile_for_reader(profile, profile.user).also_written)


def test_levels_for_indexes_are_never_wider_than_the_profile(profile):
    set_audiences(profile, Audience.COORDINATORS, Audience.EVERYONE)
    profile.refresh_from_db()
    assert set(part_levels(profile)) == {"head", *Part.values}
    assert set(part_levels(profile).values()) == {Audience.COORDINATORS}

    profile.shown_name = ""
    assert set(part_levels(profile).values()) == {Audience.ONLY_ME}


def test_gate_takes_a_deactivated_account_for_a_stranger(profile, member):
    member.is_active = False

    with pytest.raises(ExpertProfile.DoesNotExist):
        profile_for_reader(profile, member)


def test_gate_shows_an_unnamed_profile_to_its_owner_alone(member):
    unnamed = ExpertFactory(shown_name="", latin_name="", named=False, audience=Audience.EVERYONE)

    assert profile_for_reader(unnamed, unnamed.user).own
    with pytest.raises(ExpertProfile.DoesNotExist):
        profile_for_reader(unnamed, member)
    assert preview_profile(unnamed, Audience.EVERYONE) is None


def test_preview_is_what_that_audience_sees(profile, member, coordinator):
    assert preview_profile(profile, Audience.EVERYONE) is None
    assert preview_profile(profile, Audience.MEMBERS) == profile_for_reader(profile, member)
    assert preview_profile(profile, Audience.COORDINATORS) == profile_for_reader(profile, coordinator)


def test_search_text_holds_only_what_every_reader_sees(profile):
    set_audiences(profile, Audience.EVERYONE, Audience.MEMBERS)
    profile.refresh_from_db()
    assert "ecret" not in searchable_text(profile)
    assert "реставрация текстиля" in searchable_text(profile)

    set_audiences(profile, Audience.MEMBERS, Audience.MEMBERS)
    profile.refresh_from_db()
    assert {"Secretovna", "Секретова", "Secretville"} <= set(searchable_text(profile).split())
    assert "PASSPORT" not in searchable_text(profile)
    assert "Secret biography" not in searchable_text(profile)


def test_gate_reads_many_in_as_many_queries_as_one(django_assert_num_queries, member, textiles):
    from profiles.domain.vocabulary import vocabulary

    def read():
        return [json.dumps(repr(profile_for_reader(row, member))) for row in with_parts(ExpertProfile.objects.visible_to(member))]

    full_profile(textiles)
    vocabulary(), member.access
    with django_assert_num_queries(6):
        assert len(read()) == 1

    full_profile(textiles), full_profile(textiles)
    vocabulary()
    with django_assert_num_queries(6):
        assert len(read()) == 3
