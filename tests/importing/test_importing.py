"""People brought in by the table: reading, refusing, writing, and the command."""

import csv
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from importing.domain.people import Source, read_people
from importing.domain.runs import TableError, import_people, template_rows
from institutions.models import FormerSlug, InstitutionName
from profiles.domain.profiles import refresh_index
from profiles.domain.visibility import with_parts
from profiles.models import ExpertProfile, ImportedExpert, PersonName
from profiles.signals import profile_changed, profiles_imported
from profiles.states import Audience, NameKind, Part
from tests.factories import ConceptFactory, ExpertFactory, InstitutionFactory, UserFactory

pytestmark = pytest.mark.django_db
SOURCE = Source("command")


def table(*rows, sep=","):
    out = io.StringIO()
    csv.writer(out, delimiter=sep).writerows(rows)
    return out.getvalue().encode()


def bring(*rows, source=SOURCE, **options):
    return import_people(table(*rows), source, **options)


def wrong(*rows, source=SOURCE):
    return [str(problem) for problem in read_people(table(*rows), source).problems.listed]


def profile_of(external_id, source="command"):
    return with_parts(ExpertProfile.objects.filter(imported__source=source, imported__external_id=external_id)).get()


@pytest.fixture
def words():
    textile = ConceptFactory(slug="textile", scheme="material", label={"en": "textile", "ru": "текстиль"})
    return {
        "conservation": ConceptFactory(slug="textile-conservation", scheme="specialism", label={"en": "textile conservation"}),
        "archaeology": ConceptFactory(slug="archaeology", label={"en": "archaeology", "ru": "археология"}),
        "silk": ConceptFactory(slug="silk", scheme="material", label={"en": "silk", "ru": "шёлк"}, broader=textile),
        "suzani": ConceptFactory(slug="suzani", scheme="technique", label={"en": "suzani"}),
    }


@pytest.fixture
def heard():
    notification = {"many": [], "one": []}

    def on_many(sender, profile_ids, **kwargs):
        notification["many"].append(profile_ids)

    def on_one(sender, profile_id, **kwargs):
        notification["one"].append(profile_id)

    profiles_imported.connect(on_many)
    profile_changed.connect(on_one)
    yield notification
    profiles_imported.disconnect(on_many)
    profile_changed.disconnect(on_one)


DETAILS = {
    "biography": 'She said "silk, only silk",\nand meant it.\r\n\r\nSince 1998; in Bukhara.',
    "biography_lang": "en",
    "experience_years": "12",
    "availability": "2027-02-15..2027-05-20; 01.06.2027 – 30.06.2027; 2027-05-21..2027-05-31",
    "lead_days": "45",
    "longest_stay_days": "60",
    "affiliation": "",
    "positions": "Restorer: Museum of silk: 2015-2020; Head: of the workshop: 2020-; Teacher",
}
FULL = [
    [
        "external_id",
        "name",
        "name_lang",
        "name_ru",
        "name_en",
        "country",
        "city",
        "fields",
        "competences",
        "languages",
        "headline",
        "email",
        *DETAILS,
    ],
    [
        *("7", "Дилноза Раҳимова", "tg", "Дилноза Рахимова", "Dilnoza Rahimova", "uzbekistan", "Bukhara"),
        *("textile-conservation; Археология", "Шёлк + suzani: leads: 2025; textile", "tg:native ru:C1 en:B2:teaches"),
        *("Conservator of silk", "Dilnoza@museum.example"),
        *DETAILS.values(),
    ],
]
BLANK = [""] * (len(FULL[0]) - 2)


# ---- what is written -------------------------------------------------------------------------------------------------


def test_a_full_row_becomes_a_profile_with_everything(words):
    report = bring(*FULL)

    profile = profile_of("7")
    assert report.outcome.counts == {"new": 1, "changed": 0, "same": 0, "claimed": 0}
    assert report.outcome.ids == [("7", profile.pk)]
    assert {(name.kind, name.language, name.whole, name.given) for name in profile.names.all()} == {
        ("native", "tg", "Дилноза Раҳимова", ""),
        ("russian", "ru", "Дилноза Рахимова", ""),
        ("latin", "en", "Dilnoza Rahimova", ""),
    }
    assert (profile.country, profile.city, profile.headline) == ("UZ", "Bukhara", "Conservator of silk")
    assert [(row.concept_id, row.primary) for row in profile.profile_fields.order_by("pk")] == [
        (words["conservation"].pk, True),
        (words["archaeology"].pk, False),
    ]
    assert {(row.material.slug, row.technique_id, row.level, row.last_year) for row in profile.competences.all()} == {
        ("silk", words["suzani"].pk, 3, 2025),
        ("textile", None, 2, None),
    }
    assert {(row.language, row.level, row.can_teach) for row in profile.languages.all()} == {
        ("tg", 7, False),
        ("ru", 5, False),
        ("en", 4, True),
    }


def test_details_of_a_person_arrive_as_written(words):
    bring(*FULL)

    profile = profile_of("7")
    assert profile.biography == 'She said "silk, only silk",\nand meant it.\n\nSince 1998; in Bukhara.'
    assert (profile.biography_language, profile.experience_years) == ("en", 12)
    assert (profile.lead_time_days, profile.longest_stay_days, profile.affiliation) == (45, 60, None)
    assert [(str(row.starts), str(row.ends)) for row in profile.windows.all()] == [("2027-02-15", "2027-06-30")]
    assert {(row.title, row.place, row.starts, row.ends) for row in profile.positions.all()} == {
        ("Restorer", "Museum of silk", 2015, 2020),
        ("Head", "of the workshop", 2020, None),
        ("Teacher", "", None, None),
    }
    assert profile.filled_sections == ["positions"]
    assert {profile.audience_of(part) for part in (Part.BIOGRAPHY, Part.AVAILABILITY, Part.POSITIONS, Part.AFFILIATION)} == {
        "members"
    }


def test_empty_cells_give_the_defaults_of_the_details_and_absent_columns_leave_them(words):
    bring(*FULL)
    bring(("external_id", "name"), ("7", "Дилноза Раҳимова"))
    assert (profile_of("7").experience_years, profile_of("7").positions.count(), profile_of("7").windows.count()) == (12, 3, 1)

    bring(("external_id", "name", *DETAILS), ("7", "Дилноза Раҳимова", *[""] * len(DETAILS)))

    profile = profile_of("7")
    assert (profile.biography, profile.biography_language, profile.experience_years) == ("", "", None)
    assert (profile.lead_time_days, profile.longest_stay_days) == (30, None)
    assert (profile.windows.count(), profile.positions.count(), profile.filled_sections) == (0, 0, [])


def test_an_affiliation_is_found_by_id_slug_and_any_name_and_positions_refer_to_the_register():
    own, museum = InstitutionFactory(), InstitutionFactory(name={"en": "Museum of Silk", "ru": "Музей шёлка"}, short_name="MS")
    InstitutionName.objects.create(institution=museum, text="Silk Museum of Bukhara")
    FormerSlug.objects.create(institution=museum, slug="silk-museum")
    cells = [str(museum.pk), museum.slug, "музей  ШЕЛКА", "ms", "Silk Museum of Bukhara", "silk-museum", ""]

    bring(
        ("external_id", "name", "affiliation", "positions"),
        *((str(n), "Абай", cell, f"Restorer: {cell}: 2015-") for n, cell in enumerate(cells)),
        source=Source("institution:1", institution=own),
    )

    affiliations = list(ExpertProfile.objects.order_by("pk").values_list("affiliation", flat=True))
    assert affiliations == [museum.pk] * 6 + [own.pk]
    assert [profile_of(str(n), "institution:1").positions.get().institution_id for n in (2, 3, 4)] == [museum.pk] * 3


def test_a_competence_may_name_a_specialism(words):
    bring(("external_id", "name", "competences"), ("1", "Абай", "silk + textile conservation: leads"))

    held = profile_of("1").competences.get()
    assert (held.material_id, held.technique_id, held.level) == (words["silk"].pk, words["conservation"].pk, 3)


def test_mistakes_in_details_are_named():
    suspended = InstitutionFactory(name={"en": "Closed house"}, state="suspended")
    first, second = (InstitutionFactory(name={"en": "Museum of arts"}) for _ in range(2))
    bad = {
        "biography": "x" * 5001,
        "biography_lang": "uk",
        "experience_years": "71",
        "availability": "2027-05-20..2027-02-15; 2027-01-01",
        "lead_days": "soon",
        "longest_stay_days": "0",
        "affiliation": "Museum of Arts",
        "positions": "Restorer: Museum: 2015",
    }
    also = {
        "affiliation": suspended.slug,
        "positions": ": Museum: 2015-2020",
        "availability": "2027-02-30..2027-03-01",
        "experience_years": "-1",
    }
    third = {"availability": "2027-01-01..2099-01-01", "positions": "Restorer: 2020-2015", "affiliation": str(suspended.pk)}
    fourth = {"availability": "2027-01-01", "positions": f"{'x' * 161}: Museum", "biography_lang": "ru-RU"}
    fifth = {"positions": "Restorer: Museum: 2015-2999"}

    found = wrong(
        ["external_id", "name", *bad],
        *([str(n), "Абай", *(row.get(column, "") for column in bad)] for n, row in enumerate((bad, also, third, fourth, fifth), 1)),
    )

    assert sorted(found) == sorted(
        [
            "row 2, column biography: This cell has 5001 characters; at most 5000 fit.",
            "row 2, column biography_lang: “uk” is none of the languages of texts: en, ru, kk, ky, uz, tg, tk.",
            "row 2, column experience_years: “71” is not a whole number from 0 to 70.",
            "row 2, column lead_days: “soon” is not a whole number from 0 to 730.",
            "row 2, column longest_stay_days: “0” is not a whole number from 1 to 1095.",
            f"row 2, column affiliation: “Museum of Arts” may mean several institutions: {', '.join(sorted([first.slug, second.slug]))}. Write one of these.",
            "row 2, column positions: “Restorer: Museum: 2015” does not say whether this is the first year: write 2015- for since 2015, 2015-2020 for both years.",
            "row 2, column availability: The end of “2027-05-20..2027-02-15” is before its beginning.",
            "row 3, column experience_years: “-1” is not a whole number from 0 to 70.",
            f"row 3, column affiliation: “{suspended.slug}” is not in the register of institutions.",
            "row 3, column positions: “: Museum: 2015-2020” names no position.",
            "row 3, column availability: “2027-02-30” is not a day of the calendar.",
            f"row 4, column affiliation: “{suspended.pk}” is not in the register of institutions.",
            "row 4, column positions: The end of “Restorer: 2020-2015” is before its beginning.",
            "row 4, column availability: The end of “2027-01-01..2099-01-01” is too far in the future.",
            f"row 5, column positions: “{'x' * 59}…” is too long: at most 160 characters fit.",
            "row 5, column availability: “2027-01-01” is not of the form 2027-02-15..2027-05-20.",
            "row 6, column positions: “2999” is not a year.",
        ]
    )


def test_an_imported_profile_has_no_account_and_is_for_members(words):
    institution, person = InstitutionFactory(), UserFactory()

    bring(*FULL, source=Source("institution:1", by=person, institution=institution))

    profile = profile_of("7", "institution:1")
    assert (profile.user_id, profile.audience, profile.affiliation) == (None, Audience.MEMBERS, institution)
    assert (profile.imported.institution, profile.imported.imported_by) == (institution, person)
    assert profile.imported.email == "dilnoza@museum.example"


@pytest.mark.parametrize("updated", [False, True])
def test_index_columns_are_as_an_edit_would_leave_them(words, updated):
    if updated:
        bring(("external_id", "name", "city"), ("7", "Somebody else", "Nukus"), ("8", "Another", "Nukus"))
    bring(*FULL, ["8", "Akhmet Baitursynov", *BLANK])
    columns = ["shown_name", "latin_name", "sort_name", "field_ids", "language_codes", "filled_sections", "completeness"]
    imported = list(ExpertProfile.objects.order_by("pk").values_list(*columns))

    for profile in with_parts(ExpertProfile.objects.order_by("pk")):
        refresh_index(profile)

    assert list(ExpertProfile.objects.order_by("pk").values_list(*columns)) == imported
    assert imported[0][:3] == ("Дилноза Раҳимова", "Dilnoza Rahimova", "dilnoza rahimova")
    assert imported[1][:3] == ("Akhmet Baitursynov", "Akhmet Baitursynov", "akhmet baitursynov")


def test_three_columns_suffice_whatever_the_language():
    rows = [
        ("1", "Ахмет Байтұрсынұлы", "kk"),
        ("2", "Somebody", "xx"),
        ("3", "Кто-то", ""),
        ("4", "ابوالقاسم فردوسی", "und"),
        ("5", "Bo Li", "zh-Hans"),
    ]

    report = bring(("external_id", "name", "name_lang"), *rows)

    assert report.outcome.new == 5
    assert list(ExpertProfile.objects.order_by("pk").values_list("shown_name", "country")) == [(name, "") for _, name, _ in rows]
    assert ExpertProfile.objects.visible_to(UserFactory()).count() == 5


def test_a_profile_without_country_is_shown_everywhere_and_found_under_none(client, words):
    bring(("external_id", "name"), ("1", "Ахмет"))
    profile = profile_of("1")
    client.force_login(UserFactory())

    page = client.get(profile.get_absolute_url())
    everybody, of_uzbekistan = client.get("/experts/"), client.get("/experts/?country=UZ")
    answer = client.get(f"/api/v1/experts/{profile.pk}")

    assert page.status_code == 200
    assert "Ахмет" in everybody.content.decode()
    assert "Ахмет" not in of_uzbekistan.content.decode()
    assert (answer.status_code, answer.json()["country"]) == (200, None)


@pytest.mark.parametrize(
    ("names", "kinds"),
    [
        ({"name": "Дилноза", "name_lang": "ru"}, {"Дилноза": "russian"}),
        ({"name": "Gʻafur Gʻulom", "name_lang": "uz"}, {"Gʻafur Gʻulom": "native"}),
        (
            {"name": "Ғафур Ғулом", "name_lang": "uz", "name_uz": "Gʻafur Gʻulom"},
            {"Ғафур Ғулом": "native", "Gʻafur Gʻulom": "native"},
        ),
        ({"name": "Sarah Lee", "name_lang": "en", "country": "US"}, {"Sarah Lee": "native"}),
        (
            {"name": "Abai", "name_lang": "en", "name_en_2": "Abay", "name_kk": "Абай"},
            {"Abai": "latin", "Abay": "other", "Абай": "native"},
        ),
        ({"name": "Abai", "name_lang": "", "name_en": "Abai"}, {"Abai": "latin"}),
    ],
)
def test_kinds_of_names_follow_script_and_language(names, kinds):
    if len(kinds) == 2:
        kinds = {"Ғафур Ғулом": "native", "Gʻafur Gʻulom": "latin"}

    bring(["external_id", *names], ["1", *names.values()])

    assert dict(PersonName.objects.values_list("whole", "kind")) == kinds


def test_eleven_spellings_are_all_kept():
    columns = ["name", "name_kk", "name_ru", *(f"name_ru_{n}" for n in range(2, 6)), *(f"name_en_{n}" for n in range(2, 6))]
    names = [
        "Абай",
        "Абай Құнанбайұлы",
        "Абай Кунанбаев",
        "Абаи",
        "Абай К.",
        "Кунанбаев",
        "Абая",
        "Abai",
        "Abay",
        "Abai K.",
        "Qunanbai",
    ]

    bring(["external_id", *columns], ["1", *names])

    assert set(PersonName.objects.values_list("whole", flat=True)) == set(names)
    assert PersonName.objects.filter(kind=NameKind.OTHER).count() == 8 - PersonName.objects.filter(kind=NameKind.LATIN).count() + 1


# ---- again -----------------------------------------------------------------------------------------------------------


def test_a_second_run_changes_nothing(words, heard):
    first = bring(*FULL)
    before = list(ExpertProfile.objects.values())
    parts = list(PersonName.objects.values())
    heard["many"].clear()

    second = bring(*FULL)

    assert second.outcome.counts == {"new": 0, "changed": 0, "same": 1, "claimed": 0}
    assert second.outcome.ids == first.outcome.ids
    assert (list(ExpertProfile.objects.values()), list(PersonName.objects.values())) == (before, parts)
    assert heard["many"] == []


def test_a_changed_row_updates_its_profile_and_no_other(words, heard):
    bring(*FULL, ["8", *FULL[1][1:]])
    first, other = profile_of("7"), profile_of("8")
    heard["many"].clear()
    changed = [*FULL[1]]
    changed[1], changed[6], changed[9] = "Дилноза Каримова", "Samarkand", "tg:native"

    report = bring(FULL[0], changed, ["8", *FULL[1][1:]])

    profile = profile_of("7")
    assert (report.outcome.changed, report.outcome.same) == (1, 1)
    assert (profile.pk, profile.shown_name, profile.city) == (first.pk, "Дилноза Каримова", "Samarkand")
    assert profile.language_codes == ["tg"]
    assert profile.competences.count() == 2
    assert profile_of("8").updated_at == other.updated_at
    assert heard == {"many": [[first.pk]], "one": []}


def test_absent_columns_leave_things_and_empty_cells_empty_them(words):
    bring(*FULL)

    bring(("external_id", "name", "name_lang", "city"), ("7", "Дилноза Раҳимова", "tg", ""))

    profile = profile_of("7")
    assert (profile.country, profile.city, profile.languages.count()) == ("UZ", "", 3)
    assert [name.whole for name in profile.names.all()] == ["Дилноза Раҳимова"]


def test_the_same_id_of_two_sources_is_two_people():
    bring(("external_id", "name"), ("1", "Абай"))
    bring(("external_id", "name"), ("1", "Абылай"), source=Source("command:other"))

    assert ImportedExpert.objects.filter(external_id="1").count() == 2


def test_a_profile_that_has_its_person_is_left_to_them(words):
    bring(*FULL)
    ExpertProfile.objects.update(user=UserFactory(), city="Khiva")

    report = bring(*FULL)

    assert report.outcome.counts == {"new": 0, "changed": 0, "same": 0, "claimed": 1}
    assert (profile_of("7").city, len(report.outcome.ids)) == ("Khiva", 1)


def test_a_profile_that_became_part_of_another_is_left_alone():
    bring(("external_id", "name"), ("1", "Абай"))
    ExpertProfile.objects.filter(imported__external_id="1").update(merged_into=ExpertFactory())

    report = bring(("external_id", "name"), ("1", "Абылай"))

    assert report.outcome.claimed == 1
    assert PersonName.objects.filter(whole="Абай").exists()


def test_apps_above_are_called_once_a_chunk(monkeypatch, heard):
    monkeypatch.setattr("importing.domain.writing.CHUNK", 2)

    bring(("external_id", "name"), *((str(n), f"Абай {n}") for n in range(5)))

    assert [len(ids) for ids in heard["many"]] == [2, 2, 1]
    assert heard["one"] == []


@pytest.mark.parametrize("again", [False, True])
def test_queries_do_not_grow_with_the_rows(words, again):
    def rows(count, city):
        return [FULL[0], *([f"{count}-{n}", *FULL[1][1:6], city, *FULL[1][7:]] for n in range(count))]

    bring(["external_id", "name"], ["warm", "Абай"])
    counts = []
    for size in (1, 9):
        if again:
            bring(*rows(size, "Bukhara"))
        with CaptureQueriesContext(connection) as queries:
            bring(*rows(size, "Khiva"))
        counts.append(len(queries))

    assert counts[0] == counts[1]


# ---- what is wrong ---------------------------------------------------------------------------------------------------


def test_every_mistake_is_named_with_row_and_column(words):
    found = wrong(
        ["external_id", "name", "name_lang", "country", "fields", "competences", "languages", "email"],
        ["1", "Абай", "kk", "Mars", "textile-conservaton", "silk: champion", "ru", "x"],
        ["1", "", "Kazakh!", "", "silk", "silk + textile", "xx:C1", ""],
        ["", "\u200e", "", "", "", ": leads", "ru:C9", ""],
        ["2", "Абай", ""],
    )

    assert found == [
        "row 2, column fields: “textile-conservaton” is not in the vocabulary. The nearest is textile-conservation.",
        "row 2, column country: “Mars” is none of the countries: KZ, KG, TJ, TM, UZ, US.",
        "row 2, column competences: “champion” is neither a year nor a level (trained, practises, leads, teaches).",
        "row 2, column languages: “ru” is not of the form ru:C1.",
        "row 2, column email: “x” is not an e-mail address.",
        "row 3, column fields: “silk” is in the vocabulary, but cannot be used in this column.",
        "row 3, column name_lang: “kazakh!” is not the code of a language, such as kk.",
        "row 3, column name: This cell is empty.",
        "row 3, column competences: “silk + textile” names two things of one kind: one material, one object or site, and one technique or specialism can be combined.",
        "row 3, column languages: “xx” is no language of ISO 639 that is known here. Write its code, such as ru.",
        "row 3, column external_id: “1” appears in row 2 too.",
        "row 4, column external_id: This cell is empty.",
        "row 4, column name: The cell has no visible text.",
        "row 4, column competences: “: leads” names no material, object, technique or specialism.",
        "row 4, column languages: “c9” is not a level. Levels are A1, A2, B1, B2, C1, C2 and native.",
        "row 5: The row has 3 cells, the first row has 8.",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty."),
        (b"\n\n", "The file is empty."),
        (b"external_id,name\n", "The table has no rows."),
("external_id,name\n1,Ýazow".encode("cp1252"), "The encoding of the file may be one of these: Windows-1254, Windows-1252. Say which."),
        (b"external_id,nom,name,name\n1,a,b,c", "row 1, column nom: There is no column with this name."),
        (b"external_id\n1", "row 1, column name: This column is missing."),
        (b'external_id,name\n1,"Abai\n2,Aby', "row 2: The file cannot be read from this row on: unexpected end of data."),
        (b"external_id,name\n1," + b"x" * 251, "row 2, column name: This cell has 251 characters; at most 250 fit."),
        (b"external_id,name\n" + b"1" * 121 + b",x", "row 2, column external_id: This cell has 121 characters; at most 120 fit."),
        ("external_id,name\na\u200eb,x".encode(), "row 2, column external_id: This cell contains invisible characters."),
    ],
)  # fmt: skip
def test_files_that_cannot_be_read_say_why(content, message):
    assert str(read_people(content, SOURCE).problems.listed[0]) == message


def test_ambiguous_words_want_an_id():
    ConceptFactory(slug="ceramic-a", scheme="field", label={"en": "ceramics"})
    ConceptFactory(slug="ceramic-b", scheme="specialism", label={"en": "ceramics"})

    found = wrong(["external_id", "name", "fields"], ["1", "Абай", "Ceramics"], ["2", "Абай", "ceramic-b"], ["3", "Абай", "quux"])

    assert found == [
        "row 2, column fields: “Ceramics” may mean several terms: ceramic-a, ceramic-b. Write one of these.",
        "row 4, column fields: “quux” is not in the vocabulary.",
    ]


def test_guesses_what_was_meant_come_to_an_end(words, monkeypatch):
    monkeypatch.setattr("vocabulary.domain.lookup.MAX_GUESSES", 1)

    found = wrong(["external_id", "name", "fields"], ["1", "Абай", "archeology"], ["2", "Абай", "archeologie"])

    assert [text.rpartition(". ")[2] for text in found] == [
        "The nearest is archaeology.",
        "row 3, column fields: “archeologie” is not in the vocabulary.",
    ]


def test_too_many_in_a_cell_and_a_language_twice_are_refused(words):
    many = ";".join(f"x{n}" for n in range(41))

    assert wrong(["external_id", "name", "fields", "languages"], ["1", "Абай", many, "ru:C1 ru:B1"]) == [
        "row 2, column fields: At most 40 are possible.",
        "row 2, column languages: “ru” appears twice.",
    ]


def test_concepts_may_be_numbers_and_lists_may_have_commas(words):
    pk = words["archaeology"].pk

    bring(["external_id", "name", "fields"], ["1", "Абай", f"{pk}, textile conservation"])

    assert profile_of("1").field_ids == [pk, words["conservation"].pk]


def test_one_bad_row_keeps_everybody_out_unless_it_is_left_out():
    rows = [("external_id", "name", "country"), ("1", "Абай", "KZ"), ("2", "", "KZ")]

    with pytest.raises(TableError):
        bring(*rows)
    assert not ExpertProfile.objects.exists()

    report = bring(*rows, skip_bad_rows=True)
    assert (report.outcome.new, report.problems.rows) == (1, {3})
    with pytest.raises(TableError):
        bring(("external_id",), ("1",), skip_bad_rows=True)


@pytest.mark.parametrize("sep", [",", ";", "\t"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_separators_marks_and_line_breaks_in_cells_are_understood(words, sep, bom):
    content = table(
        ["External_ID ", "name", "headline", "fields", ""],
        ["1", "Абай", "two\nlines", "archaeology; textile-conservation", ""],
        [],
        sep=sep,
    )

    import_people(bom + content, SOURCE)

    assert profile_of("1").headline == "two lines"
    assert profile_of("1").profile_fields.count() == 2


def test_a_country_of_ones_own_refuses_others_and_stands_in():
    own = Source("country:UZ", country="UZ", one_country=True)

    assert wrong(["external_id", "name", "country"], ["1", "Абай", "kz"], ["2", "Абай", ""], source=own) == [
        "row 2, column country: You can import only people of your own country: UZ."
    ]
    bring(["external_id", "name"], ["1", "Алишер"], source=own)
    assert profile_of("1", "country:UZ").country == "UZ"


def test_mistakes_are_counted_to_the_end_but_kept_up_to_a_limit():
    problems = read_people(table(["external_id", "name"], *([str(n), ""] for n in range(300))), SOURCE).problems

    assert (len(problems.listed), problems.count, len(problems.rows)) == (200, 300, 300)


def test_the_template_is_a_table_that_imports(words):
    ConceptFactory(slug="ethnography")

    assert wrong(*template_rows()) == []


# ---- the command -----------------------------------------------------------------------------------------------------


def run(path, *options):
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_experts", str(path), *options, stdout=out, stderr=err)
    except CommandError as error:
        return str(error), err.getvalue()
    return out.getvalue(), err.getvalue()


@pytest.fixture
def people_csv(tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes(table(["external_id", "name", "name_lang"], ["b", "Абай", "kk"], ["a", "Абылай", "kk"]))
    return path


def test_command_imports_once_and_maps_every_time(people_csv, tmp_path):
    out = tmp_path / "map.csv"

    first = run(people_csv, "--map", str(out))
    mapped = out.read_text()
    second = run(people_csv, "--map", str(out))

    assert first[0] == "2 new, 0 changed, 0 as they were.\n"
    assert second[0] == "Everything is as the table says; nothing was changed (0 new, 0 changed, 2 as they were).\n"
    assert mapped == out.read_text() == f"external_id,id\nb,{profile_of('b').pk}\na,{profile_of('a').pk}\n"


def test_command_counts_without_writing(people_csv, tmp_path):
    message, _err = run(people_csv, "--dry-run", "--map", str(tmp_path / "map.csv"))

    assert message == "Nothing was written. It would be: 2 new, 0 changed, 0 as they were.\n"
    assert not ExpertProfile.objects.exists()
    assert not (tmp_path / "map.csv").exists()


def test_command_names_file_row_and_column(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_bytes(table(["external_id", "name", "country"], ["1", "Абай", "XX"], *([f"{n}", "", ""] for n in range(2, 110))))

    message, mistakes = run(path)
    dry = run(path, "--dry-run")
    skipping = run(path, "--skip-bad-rows")

    assert message == "bad.csv: 109 mistakes; nothing was imported."
    assert mistakes.splitlines()[0] == "bad.csv, row 2, column country: “XX” is none of the countries: KZ, KG, TJ, TM, UZ, US."
    assert mistakes.splitlines()[-1] == "... and 9 more mistakes"
    assert dry[0] == "bad.csv: 109 mistakes in 109 rows; nothing was written."
    assert (
        skipping[0]
        == "Everything is as the table says; nothing was changed (0 new, 0 changed, 0 as they were, 109 rows left out).\n"
    )


def test_command_ties_people_to_an_institution_and_a_country(people_csv):
    institution = InstitutionFactory(slug="museum")

    run(people_csv, "--institution", "museum", "--country", "KZ", "--source", "staff", "-v", "0")

    profile = profile_of("a", "command:staff")
    assert (profile.affiliation, profile.country) == (institution, "KZ")


def test_command_refuses_what_is_not_there(people_csv, tmp_path):
    assert "No such file" in run(tmp_path / "none.csv")[0]
    assert run(people_csv, "--institution", "nowhere")[0] == "no institution is called nowhere"
    assert "more than 70" in run(people_csv, "--source", "x" * 80)[0]
