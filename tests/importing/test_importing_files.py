"""Tables as people have them: workbooks, encodings, headings in seven languages, what is asked, and hostile files, by the pages."""

import datetime
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from openpyxl import Workbook

from exchange.core.encodings import guess_encodings
from importing.domain import uploads
from importing.domain.headings import column_of, known_headings
from importing.domain.people import Source, read_people
from importing.domain.runs import import_people
from importing.models import ExpertImport, RememberedHeading
from profiles.models import ExpertProfile, PersonName
from tests.factories import InstitutionFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
SOURCE = Source("command")


@pytest.fixture
def museum():
    return InstitutionFactory(slug="museum", country="KZ", name={"en": "Museum of silk"})


@pytest.fixture
def host(museum):
    return MembershipFactory(institution=museum, role="editor").user


def workbook(*rows, **sheets):
    book = Workbook()
    book.active.title = "People"
    for row in rows:
        book.active.append(row)
    for name, more in sheets.items():
        page = book.create_sheet(name)
        for row in more:
            page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def archive(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


def names():
    return sorted(ExpertProfile.objects.values_list("shown_name", flat=True))


# ---- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Табельный номер;ФИО;Страна\r\n1;Абай Кунанбаев;Казахстан\r\n", "windows-1251"),
        ("id;ФИО;Страна\r\n1;Абай Кунанбаев;KZ\r\n", "windows-1251"),
        ("sep=;\r\nid;ФИО;Страна\r\n1;Абай Кунанбаев;KZ\r\n", "windows-1251"),
        ("id\tФИО\tСтрана\r\n1\tАбай Кунанбаев\tKZ\r\n", "utf-16"),
        ("id\tФИО\tСтрана\r\n1\tАбай Кунанбаев\tKZ\r\n", "utf-16-le"),
        ("id,ФИО,Страна\r\n1,Абай Кунанбаев,KZ\r\n", "utf-8-sig"),
        ('"sep=,"\r\nid,ФИО,Страна\r\n1,Абай Кунанбаев,KZ\r\n', "utf-8"),
    ],
)
def test_text_tables_of_spreadsheets_are_read(text, encoding):
    import_people(text.encode(encoding), SOURCE)

    assert list(ExpertProfile.objects.values_list("shown_name", "country")) == [("Абай Кунанбаев", "KZ")]


def test_turkish_is_told_from_western_and_asked_where_it_cannot_be():
    turkish = "id;name\r\n1;Şeref Taşlıova\r\n2;Yücel Çakır\r\n".encode("cp1254")
    western = "id;name\r\n1;François Müller\r\n".encode("cp1252")
    turkmen = "id;name\r\n1;Ýazow Öwez\r\n".encode("cp1252")

    assert guess_encodings(turkish) == ("windows-1254",)
    assert guess_encodings(western) == ("windows-1252",)
    assert guess_encodings(turkmen) == ("windows-1254", "windows-1252")
    assert guess_encodings("ФИО Müller Абай".encode()) == ("utf-8-sig",)
    assert guess_encodings("Абай Кунанбаев, Гулнара".encode("cp866")) == ()
    assert guess_encodings(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR") == ()
    import_people(turkish, SOURCE)
    assert names() == ["Yücel Çakır", "Şeref Taşlıova"]


def test_a_workbook_is_read_with_its_dates_numbers_and_stored_values():
    rows = [
        ("Список сотрудников", None, None, None, None),
        (),
        ("Таб. №", "Ф.И.О.", "Стаж (лет)", "Страна", "Дата"),
        (1001, "Абай Кунанбаев", 12.0, "Казахстан", datetime.date(2027, 2, 15)),
        (1002.0, "Гулнара", "=1+1", None, None),
    ]
    people = read_people(workbook(*rows), SOURCE)
    assert [str(problem) for problem in people.problems.listed] == ["row 1, column Дата: There is no column with this name."]

    people = read_people(workbook(*(row[:4] for row in rows)), SOURCE)
    assert [(row.place, row.external_id, row.facts["experience_years"]) for row in people.rows] == [
        (4, "1001", 12),
        (5, "1002", None),
    ]


def test_the_first_sheet_with_rows_is_read():
    content = workbook(Данные=[("id", "ФИО"), (1, "Абай")])
    assert [row.external_id for row in read_people(content, SOURCE).rows] == ["1"]


@pytest.mark.parametrize("language", ["en", "ru", "kk", "ky", "uz", "tg", "tk"])
def test_headings_of_every_language_are_known(language):
    assert {"name", "country", "languages", "biography", "affiliation"} <= {
        field for fields in known_headings().values() for field in fields
    }


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        *[
            ("ФИО", "name"),
            ("Ф.И.О.", "name"),
            ("Ф.И.Ш.", "name"),
            ("Тегі, аты", "name"),
            ("Ady, familiýasy", "name"),
            ("Насаб, ном", "name"),
        ],
        *[("Страна", "country"), ("СТРАНА:", "country"), ("Mamlakat", "country"), ("Өлкө", "country"), ("Кишвар", "country")],
        *[("Тілдер", "languages"), ("Tillar", "languages"), ("Foydalanuvchi", None), ("Статус", None), ("name_kk_2", "name_kk_2")],
        *[("Фамилия", "family_name"), ("Отчество", "patronymic"), ("Oʻzi haqida", "biography"), ("O'zi haqida", "biography")],
    ],
)
def test_headings_are_known_in_any_spelling_or_not_at_all(heading, column):
    assert column_of(heading) == column


def test_no_heading_means_two_columns():
    assert {key: sorted(fields) for key, fields in known_headings().items() if len(fields) > 1} == {}


def test_names_in_columns_of_their_own_stay_split():
    text = "id;Фамилия;Имя;Отчество;ФИО\n1;Рахимова;Дилноза;Каримовна;Рахимова Дилноза Каримовна\n2;;;;Абай\n3;;;;\n"

    people = read_people(text.encode(), SOURCE)
    assert [str(problem) for problem in people.problems.listed] == ["row 4, column ФИО: This cell is empty."]
    import_people(text.encode(), SOURCE, skip_bad_rows=True)

    assert set(PersonName.objects.values_list("family", "given", "patronymic", "whole")) == {
        ("Рахимова", "Дилноза", "Каримовна", ""),
        ("", "", "", "Абай"),
    }


def test_the_command_takes_columns_and_ids_from_names(tmp_path, capsys):
    path = tmp_path / "people.csv"
    path.write_bytes("Кто;Страна;Заметки\nАбай;KZ;x\n".encode("cp1251"))

    call_command("import_experts", str(path), "--column", "Кто=name", "--column", "Заметки=", "--ids-from-names")

    assert "1 new" in capsys.readouterr().out
    assert names() == ["Абай"]


# ---- by the pages ----------------------------------------------------------------------------------------------------


def send(client, museum, content, name="people.xlsx"):
    return client.post("/experts/import/", {"scope": f"institution-{museum.pk}", "table": SimpleUploadedFile(name, content)})


def checked(client, museum, content, name="people.xlsx"):
    answer = send(client, museum, content, name)
    assert answer.status_code == 302, answer.context["form"].errors
    job = ExpertImport.objects.latest("pk")
    uploads.check_table(job.pk)
    job.refresh_from_db()
    return job, client.get(job.get_absolute_url())


ASKED = [
    ("Кто это", "Страна", "Код", "Примечание"),
    ("Абай", "KZ", "a1", "x"),
    ("Абылай", "KZ", "a2", "y"),
    ("Айша", "KZ", "a3", ""),
    ("Алия", "KZ", "a4", ""),
]


def test_what_is_unsure_is_asked_shown_and_remembered(client, host, museum, django_capture_on_commit_callbacks):
    client.force_login(host)
    job, page = checked(client, museum, workbook(*ASKED))
    text = page.content.decode()

    assert job.state == "asking"
    assert "Кто это" in text
    assert "Абылай" in text
    assert "Алия" not in text
    form = page.context["layout_form"]
    assert [field.initial for _column, field in form.columns] == ["", "country", "", ""]

    url = reverse("import_layout", args=[job.pk])
    wrong = client.post(url, {"column_0": "name", "column_1": "country", "column_2": "name", "column_3": "-"})
    assert wrong.status_code == 422
    assert "Another column is taken for this already." in wrong.content.decode()
    assert client.post(url, {"column_0": "name", "column_1": "country", "column_2": "-"}).status_code == 422

    client.post(url, {"column_0": "name", "column_1": "country", "column_2": "external_id", "column_3": "-"})
    uploads.check_table(job.pk)
    job.refresh_from_db()
    ready = client.get(job.get_absolute_url()).content.decode()
    assert (job.state, job.counts["new"]) == ("ready", 4)
    assert "Not imported" in ready

    again, _page = checked(client, museum, workbook(*ASKED))
    assert again.state == "ready"
    uploads.confirm_import(again, by=host)
    with django_capture_on_commit_callbacks(execute=True):
        uploads.run_table(again.pk)
    again.refresh_from_db()
    assert (again.state, names()) == ("done", ["Абай", "Абылай", "Айша", "Алия"])
    assert "Абай" not in str(again.layout)


def test_remembered_choices_are_of_one_source_and_change_with_the_next_answer(client, host, museum):
    client.force_login(host)
    job, _page = checked(client, museum, workbook(("ФИО", "Код"), ("Абай", "1")))
    client.post(reverse("import_layout", args=[job.pk]), {"column_0": "headline", "column_1": "name", "ids_from_names": "on"})
    assert dict(RememberedHeading.objects.values_list("heading", "field")) == {"фио": "headline", "код": "name"}
    uploads.check_table(job.pk)

    client.post(reverse("import_layout", args=[job.pk]), {"column_0": "name", "column_1": "external_id"})
    assert dict(RememberedHeading.objects.values_list("heading", "field")) == {"код": "external_id"}

    other = MembershipFactory(role="editor")
    client.force_login(other.user)
    job, _page = checked(client, other.institution, workbook(("ФИО", "Код"), ("Абай", "1")))
    assert job.state == "asking"


def test_an_unsure_encoding_and_another_sheet_are_chosen(client, host, museum):
    client.force_login(host)
    job, page = checked(client, museum, "id;name\r\n1;Ýazow\r\n".encode("cp1252"), "people.csv")
    assert job.state == "asking"
    assert "ıazow" in page.content.decode().replace("İ", "ı")
    client.post(reverse("import_reading", args=[job.pk]), {"encoding": "windows-1252"})
    uploads.check_table(job.pk)
    job.refresh_from_db()
    assert (job.state, job.layout["encoding"], job.layout["columns"][1]["samples"]) == ("ready", "windows-1252", ["Ýazow"])

    job, page = checked(client, museum, workbook(("id", "ФИО"), (1, "Абай"), Other=[("id", "ФИО"), (2, "Айша")]))
    assert 'name="sheet"' in page.content.decode()
    client.post(reverse("import_reading", args=[job.pk]), {"sheet": "Other"})
    uploads.check_table(job.pk)
    job.refresh_from_db()
    assert job.layout["columns"][1]["samples"] == ["Айша"]


def test_nobody_else_answers_and_a_finished_table_is_closed(client, host, museum):
    client.force_login(host)
    job, _page = checked(client, museum, workbook(*ASKED))
    answers = {"column_0": "name", "column_1": "country", "column_2": "external_id", "column_3": "-"}
    for reader, status in ((None, 302), (UserFactory(), 404)):
        client.logout()
        if reader:
            client.force_login(reader)
        for name in ("import_layout", "import_reading"):
            assert client.post(reverse(name, args=[job.pk]), answers).status_code == status
    client.force_login(host)
    assert client.get(reverse("import_layout", args=[job.pk])).status_code == 405
    uploads.cancel_import(ExpertImport.objects.get(pk=job.pk), by=host)
    assert client.post(reverse("import_layout", args=[job.pk]), answers).status_code == 403
    job.refresh_from_db()
    assert job.state == "cancelled"


DOCTYPE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("people.xlsx", archive(**{"word/document.xml": "<w/>"})),
        ("people.csv", archive(**{"word/document.xml": "<w/>"})),
        ("people.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40),
        ("people.xls", b"\xd0\xcf\x11\xe0" + bytes(600)),
        ("people.xlsx", archive(**{"xl/workbook.xml": b"0" * (210 * 1024 * 1024)})),
        ("people.xlsx", b"PK\x03\x04" + b"x" * 3000),
    ],
)
def test_hostile_files_are_refused_by_the_form(client, host, museum, name, content):
    client.force_login(host)

    assert send(client, museum, content, name).status_code == 422
    assert not ExpertImport.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("wide.csv", ("c," * 100_000 + "c\n" + "1\n").encode(), "more than 200 columns"),
        ("wide.xlsx", workbook(["c"] * 1000, ["1"]), "more than 200 columns"),
        ("blank.xlsx", workbook(), "The file is empty."),
        ("blank.csv", b" \n\n ", "The file is empty."),
        ("damaged.xlsx", archive(**{"xl/workbook.xml": "<x/>", "[Content_Types].xml": "<x/>"}), "The workbook is damaged."),
        ("entities.xlsx", archive(**{"xl/workbook.xml": DOCTYPE}), "neither a workbook"),
        ("large.xlsx", archive(**{"xl/workbook.xml": "<x/>", "xl/big.xml": b"0" * (61 * 1024 * 1024)}), "unpacks to too much"),
        ("dos.csv", "id;ФИО\n1;Абай Кунанбаев\n".encode("cp866"), "encoding of the file is not known"),
        ("quote.csv", b'id,name\n1,"Abai', "cannot be read from this row on"),
    ],
)
def test_hostile_files_are_refused_in_words_by_the_check(client, host, museum, name, content, reason):
    client.force_login(host)

    job, page = checked(client, museum, content, name)

    assert job.state == "refused"
    assert reason in page.content.decode()


def test_too_many_rows_are_refused(client, host, museum, monkeypatch):
    monkeypatch.setattr("exchange.core.table_files.MAX_ROWS", 3)
    client.force_login(host)

    job, page = checked(client, museum, workbook(("id", "ФИО"), *((n, f"Абай {n}") for n in range(9))))

    assert job.state == "refused"
    assert "more than 3 rows" in page.content.decode()


def test_a_sheet_that_declares_a_million_rows_is_read_as_it_is():
    content = io.BytesIO(workbook(("id", "ФИО"), (1, "Абай")))
    changed = io.BytesIO()
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(changed, "w") as new:
        for member in old.infolist():
            text = old.read(member)
            new.writestr(member, text.replace(b'<dimension ref="A1:B2"', b'<dimension ref="A1:XFD1048576"'))

    assert [row.external_id for row in read_people(changed.getvalue(), SOURCE).rows] == ["1"]
