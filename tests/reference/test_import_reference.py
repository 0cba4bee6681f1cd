import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from exchange.reference.importing import import_reference
from exchange.reference.programs import later, years_to_shift
from institutions.models import Institution
from institutions.states import InstitutionState
from programs.models import Program
from vocabulary.models import Concept

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 22)


def run(*arguments):
    out, err = StringIO(), StringIO()
    call_command("import_reference", *arguments, stdout=out, stderr=err)
    return out.getvalue()


def mistakes(folder, *arguments):
    """What the command says of a spoilt folder, line by line."""
    err = StringIO()
    with pytest.raises(CommandError, match="nothing was imported"):
        call_command("import_reference", "--data", str(folder.path), *arguments, stdout=StringIO(), stderr=err)
    return err.getvalue().splitlines()


def test_import_reference_brings_vocabulary_and_institutions_but_no_programmes():
    said = run()

    assert said.splitlines() == [
        "concepts: 332 new, 0 changed, 0 as they were",
        "institutions: 150 new, 0 changed, 0 as they were",
    ]
    assert (Concept.objects.count(), Institution.objects.count(), Program.objects.count()) == (332, 150, 0)


def test_import_reference_keeps_names_site_fields_and_source_of_an_institution():
    run()

    museum = Institution.objects.get(slug="kz-national-museum")
    assert museum.name == {
        "en": "National Museum of the Republic of Kazakhstan",
        "ru": "Национальный музей Республики Казахстан",
        "kk": "Қазақстан Республикасының Ұлттық музейі",
    }
    assert museum.website == "https://nationalmuseum.kz"
    assert museum.source.startswith("verified: Round table")
    assert set(museum.fields.values_list("slug", flat=True)) >= {"curatorship", "archaeology"}
    assert museum.state == InstitutionState.UNVERIFIED


def test_import_reference_refuses_an_empty_folder(tmp_path):
    with pytest.raises(CommandError):
        run("--data", str(tmp_path))


@pytest.mark.parametrize(
    ("file", "row", "cells", "column", "text"),
    [
        ("vocabulary.csv", "restoration", {"broader": "darning"}, "broader", "'darning' is no id of this table"),
        ("vocabulary.csv", "restoration", {"broader": "restoration"}, "broader", "'restoration' leads back to 'restoration'"),
        ("vocabulary.csv", "restoration", {"scheme": "fields"}, "scheme", "'fields' is none of field, specialism"),
        ("vocabulary.csv", "restoration", {"en": " "}, "en", "is empty"),
        ("vocabulary.csv", "restoration", {"ru": "р" * 201}, "ru", "has 201 characters, at most 200 fit"),
        ("vocabulary.csv", "restoration", {"id": "Restoration!"}, "id", "'Restoration!' is not an id"),
        ("vocabulary.csv", "restoration", {"id": "conservation"}, "id", "'conservation' stands in an earlier row too"),
        ("institutions.csv", "kz-national-museum", {"country": "FR"}, "country", "'FR' is none of KZ, KG, TJ, TM, UZ, US"),
        ("institutions.csv", "kz-national-museum", {"kind": "castle"}, "kind", "'castle' is none of museum"),
        ("institutions.csv", "kz-national-museum", {"local_lang": "uz"}, "local_lang", "'uz' is not the language of KZ"),
        ("institutions.csv", "kz-national-museum", {"lat": "91"}, "lat", "91 is not between -90 and 90"),
        ("institutions.csv", "kz-national-museum", {"lon": "east"}, "lon", "'east' is not a number"),
        ("institutions.csv", "kz-national-museum", {"website_domain": "http://x"}, "website_domain", "'http://x' is not a domain"),
        ("institutions.csv", "kz-national-museum", {"disciplines": "archaeology;magic"}, "disciplines", "'magic' is not known"),
        ("institutions.csv", "kz-national-museum", {"source": ""}, "source", "is empty"),
        (
            "programs.csv",
            "demo-zarafshan-field-exchange",
            {"host_institution": "uz-nowhere"},
            "host_institution",
            "'uz-nowhere' is no id",
        ),
        ("programs.csv", "demo-zarafshan-field-exchange", {"starts": "2027-02-30"}, "starts", "'2027-02-30' is not a date"),
        ("programs.csv", "demo-zarafshan-field-exchange", {"starts": "1.5.2027"}, "starts", "'1.5.2027' is not a date"),
        ("programs.csv", "demo-zarafshan-field-exchange", {"ends": "2027-01-01"}, "ends", "2027-01-01 is before the start"),
        (
            "programs.csv",
            "demo-zarafshan-field-exchange",
            {"deadline": "2027-05-10"},
            "deadline",
            "2027-05-10 is not before the start",
        ),
        ("programs.csv", "demo-zarafshan-field-exchange", {"seats": "a dozen"}, "seats", "'a dozen' is not a whole number"),
        ("programs.csv", "demo-zarafshan-field-exchange", {"seats": "0"}, "seats", "0 is not between 1 and 1000"),
        ("programs.csv", "demo-zarafshan-field-exchange", {"country_quota": "TJ:9;US:9"}, "country_quota", "18 places are kept"),
        (
            "programs.csv",
            "demo-zarafshan-field-exchange",
            {"country_quota": "UZ:1"},
            "country_quota",
            "UZ is not among the eligible",
        ),
        (
            "programs.csv",
            "demo-zarafshan-field-exchange",
            {"country_quota": "TJ"},
            "country_quota",
            "'TJ' is not of the form key:value",
        ),
        ("programs.csv", "demo-zarafshan-field-exchange", {"country_quota": "TJ:1;TJ:2"}, "country_quota", "'TJ' appears twice"),
        (
            "programs.csv",
            "demo-zarafshan-field-exchange",
            {"required_languages": "en:D1"},
            "required_languages",
            "'D1' is no level",
        ),
        ("programs.csv", "demo-zarafshan-field-exchange", {"required_languages": "xx:B1"}, "required_languages", "'xx' in 'xx:B1'"),
        ("programs.csv", "demo-zarafshan-field-exchange", {"eligible_countries": ""}, "eligible_countries", "is empty"),
        ("programs.csv", "demo-zarafshan-field-exchange", {"id": "real-exchange"}, "id", "does not begin with demo-"),
        (
            "programs.csv",
            "demo-zarafshan-field-exchange",
            {"id": "demo-other"},
            "id",
            "'demo-other' has no texts in programs.jsonl",
        ),
    ],
)
def test_import_reference_names_file_row_column_and_what_is_wrong(tables, file, row, cells, column, text):
    number = tables.edit(file, row, **cells)

    said = mistakes(tables, "--demo")

    assert any(line.startswith(f"{file}, row {number}, column {column}: ") and text in line for line in said), said


def test_import_reference_says_everything_at_once_and_writes_nothing(tables):
    tables.edit("vocabulary.csv", "restoration", scheme="fields", en="")
    tables.edit("institutions.csv", "kz-national-museum", country="FR")
    tables.edit("programs.csv", "demo-zarafshan-field-exchange", seats="many")

    said = mistakes(tables, "--demo")

    assert {line.split(":")[0].split(", row")[0] for line in said} == {"vocabulary.csv", "institutions.csv", "programs.csv"}
    assert len(said) >= 4
    assert not Concept.objects.exists()
    assert not Institution.objects.exists()


def test_import_reference_follows_a_circle_of_broader_concepts_to_its_end(tables):
    _, rows = tables.read("vocabulary.csv")
    first, second, third = [row[0] for row in rows if row[1] == "field"][:3]
    tables.edit("vocabulary.csv", first, broader=second)
    tables.edit("vocabulary.csv", second, broader=third)
    tables.edit("vocabulary.csv", third, broader=first)

    assert sum("leads back to" in line for line in mistakes(tables)) == 3


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (
            lambda header, rows: ([*header, "colour"], [[*row, ""] for row in rows]),
            "vocabulary.csv, row 1, column colour: is not a column of this table",
        ),
        (lambda header, rows: (header[:-1], [row[:-1] for row in rows]), "vocabulary.csv, row 1, column note: is missing"),
        (lambda header, rows: (header, [rows[0][:-2], *rows[1:]]), "vocabulary.csv, row 2: has 13 cells, the header has 15"),
    ],
)
def test_import_reference_names_a_wrong_shape(tables, spoil, said):
    tables.write("vocabulary.csv", *spoil(*tables.read("vocabulary.csv")))

    assert said in mistakes(tables)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vocabulary.csv: is empty"),
        ("id,scheme\nреставрация".encode("cp1251"), "vocabulary.csv: is not UTF-8: a byte in line 2 cannot be read"),
        (
            b'id,scheme,broader,en,ru,kk,ky,uz,tg,tk,alt_en,alt_ru,alt_other,hidden,note\n"open',
            "vocabulary.csv: is not a CSV file: unexpected end of data",
        ),
    ],
)
def test_import_reference_names_an_unreadable_file(tables, content, said):
    (tables.path / "vocabulary.csv").write_bytes(content)

    assert said in mistakes(tables)


def test_import_reference_bears_what_spreadsheets_add(tables):
    path = tables.path / "vocabulary.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n") + b"," * 14 + b"\r\n")

    assert "332 new" in run("--data", str(tables.path))


@pytest.mark.parametrize(
    ("today", "years"),
    [("2026-11-22", 0), ("2027-02-10", 0), ("2027-12-01", 1), ("2031-03-01", 4)],
)
def test_demo_programmes_move_by_whole_years_when_most_deadlines_have_passed(today, years):
    today = datetime.date.fromisoformat(today)

    import_reference(demo=True, today=today)

    program = Program.objects.get(slug="demo-textile-conservation-semester")
    assert (program.starts, program.deadline.date()) == (datetime.date(2027 + years, 8, 30), datetime.date(2027 + years, 3, 31))
    still_open = sum(row.deadline.date() > today for row in Program.objects.all())
    assert still_open >= 20


def test_demo_programmes_keep_the_dates_they_were_loaded_with():
    import_reference(demo=True, today=datetime.date(2027, 12, 1))

    report = import_reference(demo=True, today=datetime.date(2030, 12, 1))

    assert not report.wrote
    assert Program.objects.get(slug="demo-textile-conservation-semester").starts.year == 2028


def test_later_knows_that_not_every_year_has_a_leap_day():
    assert later(datetime.date(2028, 2, 29), 1) == datetime.date(2029, 2, 28)
    assert later(datetime.date(2028, 2, 29), 4) == datetime.date(2032, 2, 29)
    assert years_to_shift([], TODAY) == 0
