import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from exchange.core.history import history_of
from exchange.core.jobs.outbox import process_outbox
from exchange.core.models import OutboxEvent
from exchange.reference.importing import import_reference
from exchange.reference.programs import later, years_to_shift
from institutions.models import Institution
from institutions.states import InstitutionState
from programs.models import CountryQuota, Program
from tests import factories
from tests.search.people import found
from vocabulary.models import Concept, ConceptLabel

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


def test_import_reference_twice_changes_nothing_and_says_so():
    run("--demo")
    before = {model: list(model.objects.order_by("pk").values()) for model in (Concept, ConceptLabel, Institution, Program)}

    assert run("--demo") == "Everything is as the tables say; nothing was changed.\n"
    assert before == {model: list(model.objects.order_by("pk").values()) for model in before}


def test_import_reference_keeps_labels_with_their_languages_and_marks_them_unreviewed():
    run()

    silk = Concept.objects.get(slug="restoration")
    assert silk.label["tg"] == "тармим"
    assert silk.reviewed is False
    labels = set(silk.labels.values_list("language", "kind", "text"))
    assert ("en", "pref", "restoration") in labels
    assert ("en", "alt", "conservation-restoration") in labels
    assert ("ru", "alt", "восстановление") in labels
    assert ("", "hidden", "taʼmirlash") in labels
    assert not Concept.objects.filter(reviewed=True).exists()


def test_import_reference_keeps_what_stands_above_a_concept():
    run()

    assert Concept.objects.exclude(broader=None).exists()
    assert not Concept.objects.exclude(broader=None).filter(broader__scheme="object-type").exclude(scheme="object-type").exists()


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


def test_import_reference_of_the_demo_publishes_marked_programmes_at_verified_hosts():
    run("--demo")

    assert Program.objects.filter(is_demo=True, state="published", was_published=True).count() == 40
    program = Program.objects.get(slug="demo-textile-conservation-semester")
    assert "Demonstration record, not an actual call." in program.summary["en"]
    assert "Демонстрационная запись" in program.summary["ru"]
    assert program.institution.state == InstitutionState.VERIFIED
    assert [row.transition for row in history_of(program.institution)] == ["verify"]
    assert [(row.transition, row.at) for row in history_of(program)] == [("publish", program.published_at)]
    assert program.created_at < program.published_at
    assert list(program.required_languages.values_list("language", "level")) == [("en", 4)]
    assert [row.weight for row in program.criteria.all()] == [40, 30, 30]
    assert [row.kind for row in program.questions.all()] == ["long", "some_of", "file", "number"]
    assert all(set(question.label) == {"en", "ru"} for question in program.questions.all())
    assert Institution.objects.filter(state=InstitutionState.VERIFIED).count() == 40


def test_import_reference_closes_programmes_at_five_on_the_hosts_clock():
    run("--demo")

    for slug, zone in [
        ("demo-textile-conservation-semester", "America/New_York"),
        ("demo-paper-miniature-masterclass", "Asia/Tashkent"),
        ("demo-zarafshan-field-exchange", "Asia/Samarkand"),
        ("demo-asian-art-curatorial-residency", "America/Los_Angeles"),
    ]:
        program = Program.objects.get(slug=slug)
        assert program.deadline_zone == zone
        assert program.deadline.astimezone(program.zone).hour == 17


def test_import_reference_turns_quotas_into_places_kept_and_places_at_most():
    run("--demo")

    one_each = dict.fromkeys(["KG", "KZ", "TJ", "TM", "UZ"], (1, 1))
    for slug, quotas in {
        "demo-silk-road-curators-exchange": {},
        "demo-zarafshan-field-exchange": {"TJ": (3, 3), "US": (2, 2)},
        "demo-courier-placement-new-york": one_each,
        "demo-manuscript-digitisation-training": dict.fromkeys(["KG", "TJ", "TM", "UZ"], (4, None)),
    }.items():
        rows = CountryQuota.objects.filter(program__slug=slug)
        assert {row.country: (row.reserved, row.most) for row in rows} == quotas


def test_import_reference_makes_everything_findable():
    run("--demo")

    process_outbox()
    assert len(found("текстиль", kind="program")) >= 2
    assert found("winterthur", kind="program")
    assert found("национальный казахстан", kind="institution")


def test_import_reference_updates_what_changed_in_a_table(tables):
    run("--demo")
    tables.edit("vocabulary.csv", "restoration", ru="реставрация предметов", alt_en="darning", hidden="en:repairs; kk:жамау")
    tables.edit("institutions.csv", "kz-farabi-university", short_name="Abai", disciplines="archaeology")
    tables.edit("programs.csv", "demo-zarafshan-field-exchange", seats="14", country_quota="TJ:4")

    said = run("--data", str(tables.path), "--demo")

    assert said.splitlines() == [
        "concepts: 0 new, 1 changed, 331 as they were",
        "institutions: 0 new, 1 changed, 149 as they were",
        "programmes: 0 new, 1 changed, 39 as they were",
    ]
    assert set(Concept.objects.get(slug="restoration").labels.filter(language="en").values_list("text", flat=True)) == {
        "restoration",
        "darning",
        "repairs",
    }
    assert [field.slug for field in Institution.objects.get(slug="kz-farabi-university").fields.all()] == ["archaeology"]
    program = Program.objects.get(slug="demo-zarafshan-field-exchange")
    assert (program.seats, [str(quota) for quota in program.quotas.all()]) == (14, ["TJ: 4-4"])
    assert program.criteria.count() == 3


def test_import_reference_sends_which_concepts_moved(tables):
    run()
    tables.edit("vocabulary.csv", "carpet-conservation", broader="", ru="ковры")
    tables.edit("vocabulary.csv", "restoration", ru="реставрация предметов")

    run("--data", str(tables.path))

    event = OutboxEvent.objects.get(kind="search.moved")
    assert event.payload == {"concept_ids": [Concept.objects.get(slug="carpet-conservation").pk]}


def test_import_reference_leaves_what_people_took_over(tables):
    run("--demo")
    Concept.objects.filter(slug="restoration").update(reviewed=True)
    factories.MembershipFactory(institution=Institution.objects.get(slug="kz-national-museum"))
    factories.ApplicationFactory(program=Program.objects.get(slug="demo-zarafshan-field-exchange"))
    tables.edit("vocabulary.csv", "restoration", en="repair")
    tables.edit("institutions.csv", "kz-national-museum", city_en="Almaty")
    tables.edit("programs.csv", "demo-zarafshan-field-exchange", seats="14")

    assert run("--data", str(tables.path), "--demo") == "Everything is as the tables say; nothing was changed.\n"
    assert Concept.objects.get(slug="restoration").label["en"] == "restoration"
    assert Institution.objects.get(slug="kz-national-museum").city == "Astana"
    assert Program.objects.get(slug="demo-zarafshan-field-exchange").seats == 12


def test_import_reference_reads_the_tables_that_are_there(tables):
    run()
    (tables.path / "vocabulary.csv").unlink()
    tables.edit("institutions.csv", "kz-national-museum", city_en="Almaty")

    assert run("--data", str(tables.path)) == "institutions: 0 new, 1 changed, 149 as they were\n"


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


def test_import_reference_asks_few_questions_the_second_time(django_assert_max_num_queries):
    import_reference(demo=True, today=TODAY)

    with django_assert_max_num_queries(24):
        import_reference(demo=True, today=TODAY)
