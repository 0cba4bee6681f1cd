"""What a reader is shown of a profile."""

import datetime
import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from profiles.domain.profiles import save_audiences
from profiles.domain.record import preview_record, record_for_reader
from profiles.domain.visibility import (
    audiences_up_to,
    can_see_part,
    fields_in_order,
    is_own,
    months_since,
    part_levels,
    photo_url,
    preview_profile,
    profile_for_reader,
    with_parts,
)
from profiles.models import ExpertProfile
from profiles.states import DEFAULT_AUDIENCES, Audience, Part
from tests.factories import ConceptFactory, ExpertFactory
from tests.helpers.profile_fixtures import full_profile
from tests.helpers.profiles import again
from tests.helpers.search import index
from tests.search.people import found
from vocabulary.domain.vocabulary import forget_vocabulary

pytestmark = pytest.mark.django_db

ANONYMOUS = AnonymousUser()
HIDDEN_WHEN = {
    Part.PHOTO: lambda shown: shown.photo_url,
    Part.OTHER_NAMES: lambda shown: [name for name in shown.names if name.kind != "passport"],
    Part.CITY: lambda shown: shown.city,
    Part.BIOGRAPHY: lambda shown: shown.biography or shown.biography_language,
    Part.AFFILIATION: lambda shown: shown.affiliation,
    Part.COMPETENCES: lambda shown: shown.competences or shown.experience_years,
    Part.LANGUAGES: lambda shown: shown.languages,
    Part.AVAILABILITY: lambda shown: shown.windows or shown.lead_time_days or shown.longest_stay_days,
    Part.CV: lambda shown: shown.cv_url or shown.cv_name,
    Part.CONTACT: lambda shown: shown.phone or shown.email,
}


def set_audiences(profile, audience, part_audience):
    profile.longest_stay_days = 20
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
        (Audience.EVERYONE, {"anonymous", "member", "host", "coordinator", "secretariat", "self"}),
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
        record_for_reader(profile, ANONYMOUS)
    assert preview_record(profile, Audience.EVERYONE) is None
    assert preview_record(profile, Audience.ONLY_ME) is not None


def test_record_keeps_numbers_to_their_owner_by_default(profile, coordinator, member):
    for reader in (member, coordinator):
        assert record_seen(profile, reader) == set(OF_THE_RECORD) - {Part.NUMBERS}
    assert preview_record(profile, Audience.MEMBERS) == record_for_reader(profile, member)


def test_anonymous_users_see_nothing_of_a_members_profile(profile):
    with pytest.raises(ExpertProfile.DoesNotExist):
        profile_for_reader(profile, ANONYMOUS)
    assert not can_see_part(profile, Part.PHOTO, ANONYMOUS)
    assert not ExpertProfile.objects.visible_to(ANONYMOUS).exists()


def test_anonymous_users_see_only_the_head_of_a_public_profile(profile):
    set_audiences(profile, Audience.EVERYONE, Audience.MEMBERS)
    profile.refresh_from_db()

    shown = profile_for_reader(profile, ANONYMOUS)

    assert (shown.name, shown.headline, shown.country) == ("Дилноза Раҳимова", "Conservator of silk", "UZ")
    assert [term.slug for term in shown.fields] == ["textiles"]
    assert parts_seen(profile, ANONYMOUS) == set()
    assert "ecret" not in repr(shown).replace("Secretariat", "")
    assert "PASSPORT" not in repr(shown)


@pytest.mark.parametrize(
    ("audience", "sees"),
    [
        (Audience.EVERYONE, {"anonymous", "member", "host", "coordinator", "secretariat", "self"}),
        (Audience.MEMBERS, {"member", "host", "coordinator", "secretariat", "self"}),
        (Audience.COORDINATORS, {"coordinator", "secretariat", "self"}),
        (Audience.ONLY_ME, {"self"}),
    ],
)
def test_each_part_is_visible_to_its_audience(profile, readers, audience, sees):
    set_audiences(profile, Audience.EVERYONE, audience)
    profile.refresh_from_db()
    readers["self"] = profile.user

    for name, reader in readers.items():
        assert parts_seen(profile, reader) == (set(HIDDEN_WHEN) if name in sees else set()), name
        assert {part for part in Part.values if can_see_part(profile, part, reader)} - {Part.PASSPORT} == (
            set(Part.values) - {Part.PASSPORT} if name in sees else set()
        )


def test_cv_and_contact_are_hidden_from_members_by_default(profile, member, coordinator):
    assert parts_seen(profile, member) == set(HIDDEN_WHEN) - {Part.CV, Part.CONTACT}
    assert parts_seen(profile, coordinator) == set(HIDDEN_WHEN) - {Part.CONTACT}
    assert set(DEFAULT_AUDIENCES) == set(Part.values)


def test_passport_spelling_is_visible_to_coordinators_and_oneself_alone(profile, member, coordinator):
    def kinds(reader):
        return {name.kind for name in profile_for_reader(profile, reader).names}

    assert kinds(member) == {"native", "latin", "russian"}
    assert kinds(coordinator) == kinds(profile.user) == {"native", "latin", "russian", "passport"}


def test_passport_spelling_is_never_visible_beyond_coordinators(profile, readers):
    set_audiences(profile, Audience.EVERYONE, Audience.EVERYONE)
    ExpertProfile.objects.update(audiences=dict.fromkeys(Part.values, "everyone"))
    profile.refresh_from_db()

    for name in ("anonymous", "member", "host"):
        assert "PASSPORTOVA" not in repr(profile_for_reader(profile, readers[name])), name
    assert "PASSPORTOVA" in profile_for_reader(profile, readers["coordinator"]).also_written[-1]
    assert part_levels(profile)[Part.PASSPORT] == Audience.COORDINATORS


def test_passport_spelling_can_be_for_oneself_alone(profile, coordinator):
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


def test_a_deactivated_account_counts_as_anonymous(profile, member):
    member.is_active = False

    with pytest.raises(ExpertProfile.DoesNotExist):
        profile_for_reader(profile, member)


def test_an_unnamed_profile_is_visible_to_its_owner_alone(member):
    unnamed = ExpertFactory(shown_name="", latin_name="", named=False, audience=Audience.EVERYONE)

    assert profile_for_reader(unnamed, unnamed.user).own
    with pytest.raises(ExpertProfile.DoesNotExist):
        profile_for_reader(unnamed, member)
    assert preview_profile(unnamed, Audience.EVERYONE) is None


def test_preview_is_what_that_audience_sees(profile, member, coordinator):
    assert preview_profile(profile, Audience.EVERYONE) is None
    assert preview_profile(profile, Audience.MEMBERS) == profile_for_reader(profile, member)
    assert preview_profile(profile, Audience.COORDINATORS) == profile_for_reader(profile, coordinator)


def test_search_finds_a_profile_only_by_what_the_reader_sees(profile, member):
    def finding(reader):
        words = ("реставрация текстиля", "Секретова", "Secretville", "PASSPORT", "secret biography")
        return [text for text in words if found(text, reader) == [profile.pk]]

    set_audiences(profile, Audience.EVERYONE, Audience.MEMBERS)
    index(profile)
    assert finding(ANONYMOUS) == ["реставрация текстиля"]

    set_audiences(profile, Audience.EVERYONE, Audience.COORDINATORS)
    index(profile)
    assert finding(ANONYMOUS) == finding(member) == ["реставрация текстиля"]

    set_audiences(profile, Audience.MEMBERS, Audience.MEMBERS)
    index(profile)
    assert finding(ANONYMOUS) == []
    assert {"реставрация текстиля", "Секретова", "Secretville"} <= set(finding(member))


def test_many_profiles_take_as_many_queries_as_one(django_assert_num_queries, member, textiles):
    from vocabulary.domain.vocabulary import vocabulary

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


# ---- what is worked out from what is shown ---------------------------------------------------------------------------


def test_nobodys_profile_is_not_an_anonymous_users_own():
    unclaimed = ExpertFactory(user=None, audience=Audience.EVERYONE)

    assert not is_own(unclaimed, ANONYMOUS)
    assert not profile_for_reader(unclaimed, ANONYMOUS).own


def test_who_looks_is_named_by_the_narrowest_circle_they_belong_to(profile, readers):
    set_audiences(profile, Audience.EVERYONE, Audience.EVERYONE)
    profile.refresh_from_db()

    seen_as = {name: profile_for_reader(profile, reader).reader for name, reader in readers.items()}

    assert seen_as == {
        "anonymous": "everyone",
        "member": "members",
        "host": "members",
        "coordinator": "coordinators",
        "secretariat": "coordinators",
    }
    assert profile_for_reader(profile, profile.user).reader == "only_me"
    assert [audiences_up_to(audience) for audience in ("everyone", "members")] == [{"everyone"}, {"everyone", "members"}]
    assert audiences_up_to("only_me") == set(Audience.values)


def test_fields_are_shown_primary_ones_first_in_the_order_given(profile):
    profile.profile_fields.all().delete()
    for slug, primary in [("wood", False), ("paper", True), ("stone", False), ("glass", True)]:
        profile.profile_fields.create(concept=ConceptFactory(slug=slug), primary=primary)
    forget_vocabulary()

    shown = profile_for_reader(profile, profile.user)

    assert [row.concept.slug for row in fields_in_order(profile)] == ["paper", "glass", "wood", "stone"]
    assert [term.slug for term in shown.primary_fields] == ["paper", "glass"]
    assert [term.slug for term in shown.secondary_fields] == ["wood", "stone"]
    assert [term.slug for term in shown.fields] == ["paper", "glass", "wood", "stone"]


def test_other_spellings_leave_out_what_stands_at_the_head(profile):
    profile.names.create(kind="other", given="Дилноза", family="Секретова")
    shown = profile_for_reader(profile, profile.user)

    assert sorted(shown.also_written) == ["DILNOZA PASSPORTOVA", "Дилноза Secretovna Раҳимова", "Дилноза Секретова"]


def test_competences_are_worded_and_open_questions_stay_empty(profile):
    profile.competences.all().delete()
    parts = {name: ConceptFactory(slug=name, scheme=name) for name in ("material", "object_type", "technique")}
    profile.competences.create(**parts, level=4, evidence="All of it")
    profile.competences.create(technique=parts["technique"], level=1)
    profile.competences.create(material=parts["material"], level=1)
    forget_vocabulary()

    rows = profile_for_reader(profile, profile.user).competences

    titles = {(row.material_title, row.object_title, row.technique_title) for row in rows}
    assert titles == {("Material", "Object_type", "Technique"), ("", "", "Technique"), ("Material", "", "")}
    assert {row.evidence for row in rows} == {"All of it", ""}


@pytest.mark.parametrize(
    ("day", "today", "months"),
    [
        ("2027-03-15", "2027-03-15", 0),
        ("2027-03-15", "2027-04-14", 0),
        ("2027-03-15", "2027-04-15", 1),
        ("2027-03-15", "2027-04-16", 1),
        ("2026-12-31", "2027-01-30", 0),
        ("2025-03-15", "2027-05-20", 26),
        ("2027-03-15", "2027-03-01", 0),
        ("2027-08-15", "2027-03-15", 0),
    ],
)
def test_age_is_counted_in_whole_months(day, today, months, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime.datetime.fromisoformat(today).replace(tzinfo=datetime.UTC))

    assert months_since(datetime.date.fromisoformat(day)) == months


def test_windows_that_are_over_are_not_drawn(profile):
    today = timezone.now().date()
    day = datetime.timedelta(days=1)
    profile.windows.all().delete()
    assert profile_for_reader(again(profile), profile.user).drawn_from == today
    profile.windows.create(starts=today - 30 * day, ends=today - day)
    profile.windows.create(starts=today + 40 * day, ends=today + 50 * day)

    shown = profile_for_reader(again(profile), profile.user)

    assert len(shown.windows) == 2
    assert shown.upcoming_spans == [(today + 40 * day, today + 50 * day)]
    assert shown.drawn_from == today + 40 * day
    profile.windows.create(starts=today - 9 * day, ends=today)
    shown = profile_for_reader(again(profile), profile.user)
    assert (today - 9 * day, today) in shown.upcoming_spans
    assert shown.drawn_from == today


def test_a_suspended_employer_is_named_without_a_link(profile):
    shown = profile_for_reader(profile, profile.user)
    assert shown.affiliation.url == profile.affiliation.get_absolute_url()
    profile.affiliation.state = "suspended"
    assert profile_for_reader(profile, profile.user).affiliation.url == ""
    profile.affiliation = None
    assert profile_for_reader(profile, profile.user).affiliation is None


def test_the_address_of_a_photograph_changes_with_it(profile):
    profile.photo.name = "photos/7/abcdefghij.jpg"
    assert photo_url(profile) == f"/experts/{profile.pk}/photo/?v=abcdefgh"
    profile.photo = ""
    assert photo_url(profile) == ""


def test_a_cv_without_a_file_has_no_name(profile):
    profile.cv = ""

    shown = profile_for_reader(profile, profile.user)

    assert (shown.cv_url, shown.cv_name) == ("", "")
