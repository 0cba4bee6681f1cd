"""Results as a table: who may take it, what is in it, and what a spreadsheet must not run."""

import csv
import io
import re

import pytest
from openpyxl import load_workbook

from profiles.models import PersonName
from profiles.states import NameKind
from tests.factories import CoordinatorFactory, InstitutionFactory, MembershipFactory, ProgramFactory, UserFactory
from tests.helpers.search import expert, index

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    user = CoordinatorFactory(country="UZ").user
    client.force_login(user)
    return user


def table(response):
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("reader", "status"),
    [("anonymous", 302), ("member", 403), ("new host", 403), ("host", 200), ("coordinator", 200), ("secretariat", 200)],
)
def test_only_hosts_and_coordinators_may_export(client, reader, status):
    makers = {
        "member": UserFactory,
        "new host": lambda: MembershipFactory(institution=InstitutionFactory(state="unverified")).user,
        "host": lambda: MembershipFactory().user,
        "coordinator": lambda: CoordinatorFactory().user,
        "secretariat": lambda: UserFactory(is_secretariat=True),
    }
    if reader in makers:
        client.force_login(makers[reader]())

    response = client.get("/search/export.csv?type=experts")

    assert response.status_code == status
    assert ("search/export.csv" in client.get("/search/?type=experts").content.decode()) is False  # nothing found, nothing to take


def links(page):
    """The addresses of files on a page."""
    return re.findall(r'href="([^"]+)"[^>]*\bdownload\b', page.content.decode().replace("&amp;", "&"))


@pytest.mark.parametrize("reader", ["coordinator", "owner", "editor", "reviewer"])
@pytest.mark.parametrize(
    ("page", "kinds"),
    [
        ("/search/?q=rahimova", ["experts", "programs"]),
        ("/search/?q=rahimova&type=experts", ["experts"]),
        ("/search/?type=experts", ["experts"]),
        ("/search/?type=programs", ["programs"]),
        ("/search/?type=institutions", ["institutions"]),
        ("/experts/", ["experts"]),
        ("/experts/?country=UZ&sort=new", ["experts"]),
        ("/programs/", ["programs"]),
        ("/programs/?open=all", ["programs"]),
        ("/institutions/", ["institutions"]),
    ],
)
def test_files_are_had_from_every_page_of_results(client, reader, page, kinds):
    program = ProgramFactory(title={"en": "Rahimova residency"}, country="UZ")
    index(expert(country="UZ", audiences={"country": "everyone"}), program, program.institution)
    if reader == "coordinator":
        client.force_login(CoordinatorFactory().user)
    else:
        client.force_login(MembershipFactory(role=reader, institution=program.institution).user)

    found = links(client.get(page))

    assert len(found) == 2 * len(kinds)
    for address in found:
        answer = client.get(address)
        name = answer.headers["Content-Disposition"].partition('"')[2].strip('"')
        content = b"".join(answer.streaming_content)
        assert (answer.status_code, name.split(".")[0].removeprefix("miras-") in kinds) == (200, True)
        rows = (
            list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
            if name.endswith(".csv")
            else list(load_workbook(io.BytesIO(content)).active.values)
        )
        assert len(rows) == 2  # headings and the one there is


def test_filters_of_a_list_are_those_of_its_table(client, coordinator):
    index(expert(country="UZ", audiences={"country": "everyone"}), expert(family="Каримова", country="KZ"))

    csv_address, _xlsx = links(client.get("/experts/?country=UZ"))

    assert [row[0] for row in table(client.get(csv_address))[1:]] == ["Дилноза Раҳимова"]
    assert links(client.get("/experts/?country=TM")) == []


@pytest.mark.parametrize("page", ["/search/?q=rahimova", "/experts/", "/programs/", "/institutions/"])
def test_others_find_no_files(client, page):
    program = ProgramFactory(title={"en": "Rahimova residency"})
    index(expert(), program, program.institution)
    assert links(client.get(page)) == []
    client.force_login(UserFactory())
    assert links(client.get(page)) == []


def test_a_table_of_everything_is_refused_with_the_reason(client, coordinator):
    for address in ("/search/export.csv?q=rahimova", "/search/export.xlsx", "/search/export.csv?type=all"):
        answer = client.get(address)

        assert answer.status_code == 422
        assert "a table has rows of one kind" in answer.content.decode()


def test_link_stands_beside_results_for_those_who_may(client, coordinator):
    index(expert())

    assert "/search/export.csv?q=rahimova&amp;type=experts" in client.get("/search/?q=rahimova&type=experts").content.decode()
    client.force_login(UserFactory())
    assert "export" not in client.get("/search/?q=rahimova&type=experts").content.decode()


def test_table_holds_what_its_reader_may_see_of_each_person(client, coordinator):
    open_one = expert(phone="+998 90 1234567", audiences={"contact": "coordinators"}, city="Khiva")
    closed = expert(family="Каримова", phone="+998 90 7654321", audience="everyone")
    hidden = expert(family="Скрытова", audience="only_me")
    PersonName.objects.create(profile=open_one, kind=NameKind.PASSPORT, given="DILNOZA", family="PASSPORTOVA")
    index(open_one, closed, hidden)

    rows = table(client.get("/search/export.csv?type=experts"))
    text = str(rows)

    assert rows[0][0] == "Name"
    assert {row[0] for row in rows[1:]} == {"Дилноза Раҳимова", "Дилноза Каримова"}
    assert "Khiva" in text
    assert "1234567" in text
    assert "7654321" not in text
    assert "PASSPORTOVA" in text
    client.force_login(MembershipFactory().user)
    text = str(table(client.get("/search/export.csv?type=experts")))
    assert "1234567" not in text
    assert "PASSPORTOVA" not in text
    assert "Скрытова" not in text


def test_filters_and_words_of_the_address_apply(client, coordinator):
    index(expert(), expert(family="Somebody"), expert(country="KZ"))

    assert len(table(client.get("/search/export.csv?type=experts&q=rahimova&country=UZ"))) == 2


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_cell_is_a_formula(client, coordinator, start):
    index(expert(given=f"{start}HYPERLINK(1)", family="Раҳимова", headline=f"{start}cmd|x"))

    [_head, row] = table(client.get("/search/export.csv?type=experts"))
    assert not any(cell.startswith((start, "=", "@")) for cell in row)

    content = b"".join(client.get("/search/export.xlsx?type=experts").streaming_content)
    cells = [cell for line in load_workbook(io.BytesIO(content)).active.iter_rows() for cell in line]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}
    assert not any(cell.data_type == "f" for cell in cells)


def test_long_table_is_cut_with_a_clear_line(client, coordinator, monkeypatch):
    monkeypatch.setattr("search.domain.exporting.MAX_ROWS", 4)
    monkeypatch.setattr("search.domain.exporting.MAX_HITS", 2)
    index(*(expert() for _ in range(6)))

    rows = table(client.get("/search/export.csv?type=experts"))

    assert len(rows) == 6
    assert len({row[-1] for row in rows[1:5]}) == 4
    assert rows[-1] == ["Only the first 4 are here. Narrow the search to get the others."]


def test_programmes_and_institutions_have_tables_of_their_own(client, coordinator):
    host = InstitutionFactory(name={"en": "Silk Museum", "ru": "Музей шёлка"})
    index(host, ProgramFactory(institution=host, title={"en": "Silk residency"}))

    programs = table(client.get("/search/export.csv?type=programs&q=silk"))
    places = table(client.get("/search/export.csv?type=institutions&q=silk&lang=ru"))

    assert programs[1][0] == "Silk residency"
    assert programs[1][3] == "Silk Museum"
    assert "Музей шёлка" in places[1][:2][0] + places[1][:2][1]


def test_words_of_the_table_are_in_the_language_of_its_reader(client, coordinator):
    coordinator.language = "ru"
    coordinator.save()
    index(expert())

    [_head, row] = table(client.get("/search/export.csv?type=experts"))

    assert "Узбекистан" in row


def test_other_kinds_of_files_do_not_exist(client, coordinator):
    assert client.get("/search/export.pdf?type=experts").status_code == 404
