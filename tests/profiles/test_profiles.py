"""Editing a profile: what changes, what is refused, what is told."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied

from accounts.signals import access_changed
from exchange.core.errors import DomainError
from exchange.core.lines import clean_line
from profiles.domain.completeness import completeness_of, is_fresh
from profiles.domain.profiles import (
    confirm_profile,
    create_profile,
    merged,
    own_profile,
    save_audiences,
    save_availability,
    save_competences,
    save_fields,
    save_languages,
    save_names,
    save_work,
)
from profiles.domain.snapshots import read_snapshot, snapshot_of
from profiles.models import ExpertProfile
from profiles.signals import profile_changed
from tests.factories import ConceptFactory, ExpertFactory, UserFactory
from tests.helpers.search import index
from tests.search.people import found

pytestmark = pytest.mark.django_db

NAMES = {
    "native": {"given": "Дилноза", "family": "Раҳимова", "patronymic": "Алишеровна", "language": "uz"},
    "latin": {"given": "Dilnoza", "family": "Rahimova"},
}


@pytest.fixture
def heard():
    """Signals as they are sent."""
    notification = []

    def on_profile(sender, profile_id, **kwargs):
        notification.append(("profile", profile_id))

    def on_access(sender, user_id, **kwargs):
        notification.append(("access", user_id))

    profile_changed.connect(on_profile)
    access_changed.connect(on_access)
    yield notification
    profile_changed.disconnect(on_profile)
    access_changed.disconnect(on_access)


def test_create_profile_makes_one_and_tells(heard):
    user = UserFactory(name="")

    profile = create_profile(user, by=user, country="UZ", names=NAMES)

    assert (profile.shown_name, profile.latin_name, profile.sort_name) == (
        "Дилноза Раҳимова",
        "Dilnoza Rahimova",
        "rahimova dilnoza",
    )
    assert heard == [("access", user.pk), ("profile", profile.pk)]
    assert user.access.expert_id == profile.pk
    user.refresh_from_db()
    assert user.name == "Дилноза Раҳимова"


def test_create_profile_twice_keeps_one():
    user = UserFactory()
    first = create_profile(user, by=user, country="UZ", names=NAMES)

    assert create_profile(user, by=user, country="KZ", names=NAMES).pk == first.pk
    assert ExpertProfile.objects.get().country == "UZ"
    assert first.names.count() == 2


def test_create_profile_refuses_another_user():
    with pytest.raises(PermissionDenied):
        create_profile(UserFactory(), by=UserFactory(), country="UZ", names=NAMES)


EDITS = [
    lambda profile, by: save_names(profile, NAMES, by=by),
    lambda profile, by: save_work(profile, by=by, city="Bukhara"),
    lambda profile, by: save_fields(profile, [], by=by),
    lambda profile, by: save_competences(profile, [], by=by),
    lambda profile, by: save_languages(profile, [], by=by),
    lambda profile, by: save_availability(profile, [], by=by, lead_time_days=1, longest_stay_days=None),
    lambda profile, by: save_audiences(profile, by=by, audience="members", audiences={}),
    lambda profile, by: confirm_profile(profile, by=by),
]


@pytest.mark.parametrize("edit", EDITS)
def test_profile_is_edited_by_nobody_but_its_person(edit, profile, readers, heard):
    for other in readers.values():
        with pytest.raises(PermissionDenied):
            edit(profile, other)
    assert heard == []

    edit(profile, profile.user)

    assert heard == [("profile", profile.pk)]


def test_profile_without_an_account_is_edited_by_nobody(member):
    with pytest.raises(PermissionDenied):
        save_work(ExpertFactory(user=None), by=member, city="Bukhara")


def test_save_names_removes_a_blank_kind_and_keeps_the_others(profile):
    saved = save_names(profile, {"russian": {"given": " ", "family": ""}}, by=profile.user)

    assert {name.kind for name in saved.names.all()} == {"native", "latin", "passport"}


def test_save_names_refuses_to_leave_none(profile):
    blank = {"given": "", "family": ""}

    with pytest.raises(DomainError):
        save_names(profile, dict.fromkeys(["native", "latin", "russian", "passport"], blank), by=profile.user)

    assert profile.names.count() == 4


def test_save_names_takes_a_native_name_in_latin_letters_for_both():
    user = UserFactory()

    profile = create_profile(user, by=user, country="UZ", names={"native": {"given": "Dilnoza", "family": "Gʻulomova"}})

    assert profile.latin_name == profile.shown_name == "Dilnoza Gʻulomova"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Дил\tноза \n", "Дил ноза"),
        ("abc\u202edcba", "abcdcba"),
        ("\u200f\u2066Aziz\u2069", "Aziz"),
        ("Gulya\x00\x07", "Gulya"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("и\u0306", "й"),
        ("\u00a0 \u2003", ""),
        ("x" * 500, "x" * 80),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_names_are_kept_as_meant(typed, kept):
    assert clean_line(typed, 80) == kept


def test_save_work_sets_only_known_fields(profile):
    saved = save_work(profile, by=profile.user, city="Khiva", completeness=99, user=None)

    assert (saved.city, saved.user_id) == ("Khiva", profile.user_id)
    assert saved.completeness != 99


def test_save_fields_keeps_broader_ones_for_filters(profile):
    above = ConceptFactory(slug="restoration")
    below = ConceptFactory(slug="felt", broader=above)

    saved = save_fields(profile, [(below.pk, False), (below.pk, True)], by=profile.user)

    assert saved.field_ids == [below.pk, above.pk]
    assert [(row.concept_id, row.primary) for row in saved.profile_fields.all()] == [(below.pk, True)]


def test_save_competences_replaces_all_and_repeats_nothing(profile, textiles):
    technique = ConceptFactory(slug="couching", scheme="technique")
    row = {"technique_id": technique.pk, "material_id": None, "object_type_id": None, "level": 4, "last_year": 2026, "evidence": ""}

    for _ in range(2):
        saved = save_competences(profile, [row, dict(row), {**row, "technique_id": None}], by=profile.user)

    assert [(c.technique_id, c.level) for c in saved.competences.all()] == [(technique.pk, 4)]


def test_save_competences_refuses_a_flood(profile):
    with pytest.raises(DomainError):
        save_competences(profile, [{"technique_id": 1}] * 41, by=profile.user)


def test_save_languages_refuses_one_twice(profile):
    row = {"language": "en", "level": 5, "can_teach": True}

    with pytest.raises(DomainError):
        save_languages(profile, [row, row | {"level": 3}], by=profile.user)

    assert [skill.language for skill in profile.languages.all()] == ["fa"]
    assert save_languages(profile, [row], by=profile.user).language_codes == ["en"]


def test_availability_windows_that_touch_become_one():
    def day(n):
        return datetime.date(2027, 1, n)

    assert merged([(day(9), day(12)), (day(1), day(3)), (day(4), day(5)), (day(10), day(11))]) == [
        (day(1), day(5)),
        (day(9), day(12)),
    ]


def test_confirming_sets_the_date(profile):
    ExpertProfile.objects.update(confirmed_on=datetime.date(2020, 1, 1))
    profile.refresh_from_db()
    assert not is_fresh(profile)

    assert is_fresh(confirm_profile(profile, by=profile.user))


@pytest.mark.parametrize("text", ["раҳимова", "рахимова", "DILNOZA", "реставрация текстиля", "textile conservation", "silk"])
def test_profile_is_found_by_words_of_all_languages_but_not_by_the_passport(profile, member, text):
    index(profile)

    assert found(text, member) == [profile.pk]
    assert found("passportova", member) == []


def test_strength_names_what_blocks_matching():
    user = UserFactory()
    profile = create_profile(user, by=user, country="UZ", names=NAMES)

    completeness = completeness_of(profile)

    assert [item.code for item in completeness.blocking] == ["field", "competence", "language"]
    assert [item.code for item in completeness.missing][:3] == ["field", "competence", "language"]
    assert profile.completeness == completeness.percent == 13
    assert completeness.tone == "warning"


def test_strength_of_a_full_profile_is_whole(profile):
    completeness = completeness_of(profile)

    assert (completeness.percent, completeness.missing, completeness.tone) == (100, [], "success")


def test_snapshot_is_read_back_in_the_readers_language(profile):
    from django.utils import translation

    document = snapshot_of(own_profile(profile.user))
    with translation.override("ru"):
        kept = read_snapshot(document)

        assert kept.primary_fields == ["Реставрация текстиля"]
        assert kept.competences[0].technique_title == "Secret cleaning"
        assert (kept.languages[0].level_label, kept.windows[0][0]) == ("C1", datetime.date(2031, 5, 1))
        assert kept.names == ["Дилноза Secretovna Раҳимова", "Дилноза Секретова"]
        assert (kept.positions[0].when, kept.positions[0].title, kept.positions[0].note) == (
            "2015–",
            "Secret post",
            "Secret workshop",
        )
        assert (kept.education[0].when, kept.publications[0].title, kept.portfolio[0].title) == (
            "2010",
            "Secret paper",
            "Secret work",
        )
        assert kept.orcid == "0000-0002-1825-0097"
    assert "NUMBER-77" not in str(document)
    assert "PASSPORTOVA" not in str(document)
    assert "5550199" not in str(document)
    assert not read_snapshot({})
    assert not read_snapshot(None)


def test_snapshots_of_the_first_shape_are_read(profile):
    document = snapshot_of(profile)
    for name in ("orcid", "positions", "education", "accreditations", "publications", "portfolio"):
        del document[name]
    for row in document["names"]:
        del row["whole"]

    assert read_snapshot(document).names
    assert read_snapshot(document).positions == []


def test_snapshot_survives_the_profile(profile):
    document = snapshot_of(profile)
    save_languages(profile, [], by=profile.user)
    save_work(profile, by=profile.user, affiliation=None, city="Elsewhere")

    kept = read_snapshot(document)

    assert (kept.city, str(kept.affiliation), len(kept.languages)) == ("Secretville", "Secret museum", 1)
