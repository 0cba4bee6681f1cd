"""The profile editor: each section by plain form, with what people really send."""

import datetime
import io
import zipfile
from functools import lru_cache
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext
from PIL import Image

from profiles.domain.profiles import own_profile
from profiles.models import ExpertProfile
from profiles.states import PART_GROUPS, Audience, Part
from tests.factories import ConceptFactory, InstitutionFactory, UserFactory
from tests.helpers.files import picture
from tests.helpers.forms import rows

pytestmark = pytest.mark.django_db

SECTIONS = [
    "names",
    "work",
    "competences",
    "languages",
    "availability",
    "career",
    "publications",
    "portfolio",
    "files",
    "visibility",
]


@pytest.fixture
def me(client, profile):
    client.force_login(profile.user)
    return profile


SAID = {
    "names": "PASSPORTOVA",
    "work": "Secret biography",
    "competences": 'value="Secret"',
    "languages": '<option value="fa" selected',
    "availability": "2031-05-01",
    "career": "Secret post",
    "publications": "Secret paper",
    "portfolio": "Secret work",
    "files": "Secret CV.pdf",
    "visibility": '<option value="only_me" selected',
}
"""What the owner finds in each section of the full profile."""


@pytest.mark.parametrize("section", SECTIONS)
def test_section_shows_its_owner_what_they_said(client, me, section):
    assert SAID[section] in client.get(reverse(f"profile_{section}")).content.decode()


@pytest.mark.parametrize("section", [*SECTIONS, "confirm", "preview"])
def test_section_is_nothing_to_those_without_a_profile(client, member, section):
    address = reverse(f"profile_{section}")
    assert client.get(address).url.startswith("/accounts/login/")

    client.force_login(member)

    answer = client.post(address) if section == "confirm" else client.get(address)
    assert answer.status_code == 404


def test_overview_sends_newcomers_to_the_first_questions(client, member):
    client.force_login(member)

    assert client.get(reverse("profile_edit")).url == reverse("profile_start")


@pytest.mark.parametrize("count", [1, 3])
def test_overview_is_flat(client, me, count, django_assert_num_queries):
    for n in range(count - 1):
        me.languages.create(language=["de", "fr"][n], level=3)
    client.get(reverse("profile_edit"))

    with django_assert_num_queries(QUERIES_OF_OVERVIEW):
        page = client.get(reverse("profile_edit")).content.decode()

    assert [name in page for name in ("Persian", "German", "French")] == [True, count > 1, count > 2]


QUERIES_OF_OVERVIEW = 10


def test_start_makes_a_profile_and_links_the_next_section(client):
    user = UserFactory(name="")
    client.force_login(user)
    data = {"country": "TJ", "native_given": "Фирӯз", "native_family": "Ҷӯраев", "latin_given": "Firuz", "latin_family": "Juraev"}

    for _ in range(2):
        answer = client.post(reverse("profile_start"), data)
        assert answer.url == reverse("profile_edit")

    assert ExpertProfile.objects.get().shown_name == "Фирӯз Ҷӯраев"
    text = client.get(reverse("profile_edit")).content.decode()
    assert reverse("profile_competences") in text
    assert "blocks matching" in text


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"country": ""}, "country"),
        ({"country": "XX"}, "country"),
        ({"native_given": "", "native_family": "\u200e \u202e"}, "native_given"),
        ({"latin_given": "", "latin_family": ""}, "latin_given"),
        ({"latin_given": "Фируз"}, "latin_given"),
    ],
)
def test_start_names_what_is_wrong_and_keeps_what_was_typed(client, data, wrong):
    client.force_login(UserFactory())
    good = {"country": "TJ", "native_given": "Фирӯз", "native_family": "Ҷӯраев", "latin_given": "Firuz", "latin_family": "Juraev"}

    page = client.post(reverse("profile_start"), good | data)

    assert wrong in page.context["form"].errors
    assert "Ҷӯраев" in page.content.decode() or "native_family" in data
    assert not ExpertProfile.objects.exists()


def test_names_are_saved_by_kind(client, me):
    data = {
        "native_given": "Ömür",
        "native_family": "Ataýew",
        "native_language": "tk",
        "passport_given": "OMUR",
        "passport_family": "ATAYEV",
    }

    assert client.post(reverse("profile_names"), data).status_code == 302

    me.refresh_from_db()
    assert (me.shown_name, me.latin_name) == ("Ömür Ataýew", "Ömür Ataýew")
    assert {(name.kind, name.full) for name in me.names.all()} == {("native", "Ömür Ataýew"), ("passport", "OMUR ATAYEV")}


def test_further_spellings_are_kept_shown_and_taken_away(client, me, member):
    names = {"native_given": "Ömür", "native_family": "Ataýew"}
    former = {"kind": "former", "language": "ru", "given": "Омур", "family": "Сапаров"}
    printed = {"kind": "publication", "language": "en", "given": "O.", "family": "Ataev"}
    data = names | rows("r", former, printed, dict(printed), {"kind": "former"})

    assert client.post(reverse("profile_names"), data).url == reverse("profile_edit")

    further = {(name.kind, name.language, name.full) for name in me.names.filter(kind__in=["former", "publication"])}
    assert further == {("former", "ru", "Омур Сапаров"), ("publication", "en", "O. Ataev")}
    client.force_login(member)
    assert "Омур Сапаров · O. Ataev" in client.get(me.get_absolute_url()).content.decode()

    client.force_login(me.user)
    client.post(reverse("profile_names"), names | rows("r", former, printed | {"DELETE": "on"}))
    assert [name.full for name in me.names.filter(kind__in=["former", "publication"])] == ["Омур Сапаров"]


def test_a_name_that_was_handed_over_whole_stays_until_somebody_splits_it(client, me):
    me.names.create(kind="other", language="tk", whole="Ömür Ataýew ogly")
    names = {"native_given": "Ömür", "native_family": "Ataýew"}
    page = client.get(reverse("profile_names")).content.decode()
    assert "Ömür Ataýew ogly" in page

    client.post(reverse("profile_names"), names | rows("r", {"kind": "other", "language": "tk", "whole": "Ömür Ataýew ogly"}))
    assert me.names.get(kind="other").full == "Ömür Ataýew ogly"

    split = {"kind": "other", "given": "Ömür", "family": "Ataýew", "patronymic": "ogly", "whole": "Ömür Ataýew ogly"}
    client.post(reverse("profile_names"), names | rows("r", split))
    assert (me.names.get(kind="other").whole, me.names.get(kind="other").patronymic) == ("", "ogly")


def test_visibility_offers_nobody_to_open_the_passport_spelling(client, me):
    data = {"audience": Audience.EVERYONE, f"part_{Part.PASSPORT}": Audience.EVERYONE}

    assert client.post(reverse("profile_visibility"), data).status_code == 422


@pytest.mark.parametrize(
    "evil", ["<script>alert(1)</script>", "a" * 300, "\u202egnirts", "Ali\x00", "🏺", "' OR 1=1 --", "{{ 7*7 }}"]
)
def test_names_take_whatever_comes_without_breaking(client, me, evil):
    page = client.post(reverse("profile_names"), {"native_given": evil, "native_family": "Х", "latin_given": "A"})

    assert page.status_code in {302, 422}
    text = client.get(reverse("profile_edit")).content.decode()
    assert "<script>alert" not in text
    assert "\u202e" not in text


def test_work_is_saved(client, me):
    museum = InstitutionFactory(state="unverified")
    data = {
        "country": "KZ",
        "city": "  Almaty ",
        "affiliation": museum.pk,
        "headline": "Registrar",
        "biography": "Строка\r\nвторая",
        "biography_language": "ru",
        "experience_years": "12",
        "phone": "+7 (701) 555-01-99",
    }

    assert client.post(reverse("profile_work"), data).status_code == 302

    saved = own_profile(me.user)
    assert (saved.country, saved.city, saved.affiliation, saved.experience_years) == ("KZ", "Almaty", museum, 12)


def test_work_refuses_a_suspended_institution_as_if_there_were_none(client, me):
    hidden = InstitutionFactory(state="suspended")

    page = client.post(reverse("profile_work"), {"country": "KZ", "affiliation": hidden.pk, "headline": "kept words"})

    assert page.status_code == 422
    assert "affiliation" in page.context["form"].errors
    assert "kept words" in page.content.decode()
    assert str(hidden.name) not in page.content.decode()


def test_competences_and_fields_are_saved_together_and_a_replay_changes_nothing(client, me, textiles):
    paper = ConceptFactory(slug="paper", scheme="material")
    other = ConceptFactory(slug="books", scheme="specialism", broader=textiles)
    data = rows("f", {"concept": textiles.pk, "weight": "secondary"}, {"concept": other.pk, "weight": "primary"}, {"concept": ""})
    data |= rows("c", {"material_id": paper.pk, "level": 4, "last_year": 2025, "evidence": "A book"}, {"level": 2})

    for _ in range(2):
        assert client.post(reverse("profile_competences"), data).url == reverse("profile_edit")

    saved = own_profile(me.user)
    assert {(row.concept_id, row.primary) for row in saved.profile_fields.all()} == {(textiles.pk, False), (other.pk, True)}
    assert [(row.material_id, row.level, row.evidence) for row in saved.competences.all()] == [(paper.pk, 4, "A book")]


def test_competences_ask_for_one_more_row(client, me, textiles):
    data = rows("f", {"concept": textiles.pk, "weight": "primary"}) | rows("c") | {"add": "c"}

    answer = client.post(reverse("profile_competences"), data)

    assert answer.url == f"{reverse('profile_competences')}?add=c#new"
    page = client.get(answer.url.partition("#")[0])
    assert (page.context["rows"].total_form_count(), page.context["fields"].total_form_count()) == (1, 1)
    assert own_profile(me.user).competences.count() == 0


def test_competences_say_what_is_wrong_at_its_place(client, me, textiles):
    data = rows("f", {"concept": textiles.pk, "weight": "primary"}, {"concept": textiles.pk, "weight": "primary"})
    data |= rows("c", {"level": 4, "evidence": "kept words"}, {"material_id": textiles.pk, "level": 9, "last_year": 2090})

    page = client.post(reverse("profile_competences"), data)

    assert page.status_code == 422
    assert "kept words" in page.content.decode()
    assert "concept" in page.context["fields"].errors[1]
    first, second = page.context["rows"].errors
    assert "__all__" in first
    assert set(second) >= {"material_id", "level", "last_year"}


@pytest.mark.parametrize("total", ["", "abc", "-1", "99999999"])
def test_rows_survive_a_broken_count(client, me, total):
    page = client.post(reverse("profile_languages"), {"r-TOTAL_FORMS": total, "r-INITIAL_FORMS": "0"})

    assert page.status_code in {302, 422}
    assert own_profile(me.user).languages.count() == 1


def test_languages_are_saved_and_removed(client, me):
    kept = {"language": "en", "level": 5, "can_teach": "on"}
    data = rows("r", kept, {"language": "ru", "level": 6, "DELETE": "on"}, {"language": "", "level": ""})

    assert client.post(reverse("profile_languages"), data).status_code == 302

    assert [(row.language, row.level, row.can_teach) for row in own_profile(me.user).languages.all()] == [("en", 5, True)]


def test_languages_refuse_one_twice_at_its_place(client, me):
    page = client.post(reverse("profile_languages"), rows("r", {"language": "en", "level": 5}, {"language": "en", "level": 2}))

    assert page.status_code == 422
    assert "language" in page.context["rows"].errors[1]


def test_availability_is_saved(client, me):
    data = rows("r", {"starts": "2027-03-01", "ends": "2027-06-30"}) | {"lead_time_days": 60, "longest_stay_days": 16}

    assert client.post(reverse("profile_availability"), data).status_code == 302

    saved = own_profile(me.user)
    assert [(row.starts, row.ends) for row in saved.windows.all()] == [(datetime.date(2027, 3, 1), datetime.date(2027, 6, 30))]
    assert (saved.lead_time_days, saved.longest_stay_days) == (60, 16)


def test_availability_refuses_an_end_before_its_start(client, me):
    data = rows("r", {"starts": "2027-06-30", "ends": "2027-03-01"}) | {"lead_time_days": 30}

    page = client.post(reverse("profile_availability"), data)

    assert page.status_code == 422
    assert "The end date is before the start date." in page.content.decode()


def test_photo_is_made_small_upright_and_without_what_the_camera_wrote(client, me, django_capture_on_commit_callbacks):
    old = me.photo.path
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("profile_files"), {"photo": SimpleUploadedFile("../../Фото.JPG", picture())})

    assert answer.status_code == 302
    saved = own_profile(me.user)
    with Image.open(saved.photo) as image:
        assert image.format == "JPEG"
        assert image.size == (427, 640)
        assert not image.getexif()
    assert b"SecretCamera" not in saved.photo.open("rb").read()
    assert saved.photo.name.startswith("photos/")
    assert not Path(old).exists()


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "LA"), ("WEBP", "RGBA"), ("JPEG", "CMYK")])
def test_photo_of_any_kind_becomes_one(client, me, kind, mode):
    name = f"a.{kind.lower()}"

    assert client.post(reverse("profile_files"), {"photo": SimpleUploadedFile(name, picture(kind, mode=mode))}).status_code == 302

    with Image.open(own_profile(me.user).photo) as image:
        assert (image.format, image.mode) == ("JPEG", "RGB")


@lru_cache(maxsize=1)
def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 210 * 1024 * 1024)
    return out.getvalue()


HOSTILE = {
    "empty": ("cv", "a.pdf", b""),
    "oversize": ("cv", "a.pdf", b"%PDF-1.4" + b"0" * (10 * 1024 * 1024 + 1)),
    "exe as pdf": ("cv", "a.pdf", b"MZ\x90\x00" + b"\x00" * 200),
    "svg": ("photo", "a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
    "svg as png": ("photo", "a.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
    "zip bomb": ("cv", "a.docx", bomb),
    "html as cv": ("cv", "a.html", b"<script>alert(1)</script>"),
    "cut picture": ("photo", "a.jpg", lambda: picture()[:400]),
    "path": ("cv", "../../../etc/passwd", b"root:x:0:0"),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_hostile_uploads_are_refused_in_words(client, me, name, language):
    me.user.language = language
    me.user.save()
    field, file_name, content = HOSTILE[name]
    before = (me.photo.name, me.cv.name)

    page = client.post(
        reverse("profile_files"), {field: SimpleUploadedFile(file_name, content() if callable(content) else content)}
    )

    assert page.status_code == 422
    assert page.context["form"].errors[field]
    assert "/etc/" not in page.content.decode()
    me.refresh_from_db()
    assert (me.photo.name, me.cv.name) == before


def test_cv_keeps_its_name_for_the_download_but_not_on_disk(client, me):
    upload = SimpleUploadedFile("../../Резюме Dilnoza.PDF", b"%PDF-1.4 content")

    assert client.post(reverse("profile_files"), {"cv": upload}).status_code == 302

    saved = own_profile(me.user)
    assert saved.cv_name == "Резюме Dilnoza.pdf"
    assert saved.cv.name.startswith("cv/")
    assert "Dilnoza" not in saved.cv.name


def test_files_are_removed(client, me, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("profile_files"), {"remove_photo": "on", "remove_cv": "on"})

    saved = own_profile(me.user)
    assert (saved.photo.name, saved.cv.name, saved.cv_name) == ("", "", "")


def test_visibility_is_saved_for_the_whole_and_each_part(client, me):
    data = {"audience": Audience.EVERYONE} | {f"part_{part}": Audience.COORDINATORS for part in Part.values}

    assert client.post(reverse("profile_visibility"), data).status_code == 302

    saved = own_profile(me.user)
    assert saved.audience == Audience.EVERYONE
    assert {saved.audience_of(part) for part in Part.values} == {Audience.COORDINATORS}


def test_visibility_refuses_an_unknown_circle(client, me):
    data = {"audience": "the world"} | {f"part_{part}": Audience.COORDINATORS for part in Part.values}

    page = client.post(reverse("profile_visibility"), data)

    assert page.status_code == 422
    assert own_profile(me.user).audience == Audience.MEMBERS


def version(client, section):
    return client.get(reverse(f"profile_{section}")).context["version"]


def test_a_second_window_does_not_undo_what_the_first_has_saved(client, me):
    address, opened = reverse("profile_languages"), version(client, "languages")
    first = rows("r", {"language": "en", "level": 5}) | {"version": opened}
    assert client.post(address, first).status_code == 302

    refused = client.post(address, rows("r", {"language": "ru", "level": 6}) | {"version": opened})

    assert refused.status_code == 409
    assert refused.context["rows"].forms[0]["language"].value() == "ru"
    assert own_profile(me.user).language_codes == ["en"]
    again = rows("r", {"language": "ru", "level": 6}) | {"version": refused.context["version"]}
    assert client.post(address, again).status_code == 302
    assert own_profile(me.user).language_codes == ["ru"]


def test_windows_on_different_sections_do_not_disturb_each_other(client, me):
    opened = version(client, "work")
    client.post(reverse("profile_languages"), rows("r", {"language": "en", "level": 5}))

    assert client.post(reverse("profile_work"), {"country": "KZ", "version": opened}).status_code == 302


@pytest.mark.parametrize("section", ["names", "work", "competences", "languages", "availability", "career", "visibility"])
def test_version_stays_while_nothing_changes(client, me, section):
    assert len(version(client, section)) == 16
    assert version(client, section) == version(client, section)


def test_confirm_takes_a_post(client, me):
    ExpertProfile.objects.update(confirmed_on=datetime.date(2020, 1, 1))

    assert client.get(reverse("profile_confirm")).status_code == 405
    assert client.post(reverse("profile_confirm")).url == reverse("profile_edit")
    me.refresh_from_db()
    assert me.confirmed_on.year > 2020


@pytest.mark.parametrize("language", ["ru", "kk", "ky", "uz", "tg", "tk"])
@pytest.mark.parametrize("section", ["edit", *SECTIONS])
def test_editor_in_every_language(client, me, section, language):
    me.user.language = language
    me.user.save()

    page = client.get(reverse(f"profile_{section}"))

    with translation.override(language):
        title = str(page.context["section"].title) if section != "edit" else gettext("My profile")
    assert f"<h1>{escape(title)}</h1>" in page.content.decode()
    assert f'<html lang="{language}"' in page.content.decode()


def visibility_as_shown(client, **changed):
    """The form as it is drawn, with these changes."""
    form = client.get(reverse("profile_visibility")).context["form"]
    return (
        {name: form[name].value() for name in form.fields}
        | {"version": client.get(reverse("profile_visibility")).context["version"]}
        | changed
    )


def test_every_part_belongs_to_one_group():
    grouped = [part for _code, _title, parts in PART_GROUPS for part in parts]

    assert sorted(grouped) == sorted(Part.values)


def test_one_choice_holds_for_a_group_and_for_no_other_part(client, me):
    before = {part: me.audience_of(part) for part in Part.values}
    record = next(parts for code, _title, parts in PART_GROUPS if code == "record")

    client.post(reverse("profile_visibility"), visibility_as_shown(client, group_record=Audience.EVERYONE))

    saved = own_profile(me.user)
    assert {saved.audience_of(part) for part in record} == {Audience.EVERYONE}
    assert {part: saved.audience_of(part) for part in Part.values if part not in record} == {
        part: held for part, held in before.items() if part not in record
    }


def test_part_that_is_changed_itself_keeps_its_own_choice(client, me):
    changed = {"group_record": Audience.EVERYONE, f"part_{Part.EDUCATION}": Audience.ONLY_ME}

    client.post(reverse("profile_visibility"), visibility_as_shown(client, **changed))

    saved = own_profile(me.user)
    assert saved.audience_of(Part.EDUCATION) == Audience.ONLY_ME
    assert saved.audience_of(Part.PORTFOLIO) == Audience.EVERYONE


def test_choice_for_a_group_never_opens_the_passport_spelling(client, me):
    client.post(reverse("profile_visibility"), visibility_as_shown(client, group_papers=Audience.EVERYONE))

    saved = own_profile(me.user)
    assert saved.audience_of(Part.PASSPORT) == Audience.COORDINATORS
    assert saved.audience_of(Part.CV) == Audience.EVERYONE


def test_group_that_was_not_touched_changes_nothing(client, me):
    client.post(reverse("profile_visibility"), visibility_as_shown(client, **{f"part_{Part.CITY}": Audience.EVERYONE}))

    saved = own_profile(me.user)
    assert saved.audience_of(Part.CITY) == Audience.EVERYONE
    assert saved.audience_of(Part.PHOTO) == Audience.MEMBERS
