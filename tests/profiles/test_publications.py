"""Publications: by hand, from BibTeX, from ORCID; never twice, never unseen, and names only when the person says so."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from exchange.core.bibliography.bibtex import author_name, parse_bibtex
from exchange.core.bibliography.orcid import clean_orcid, fetch_works
from exchange.core.bibliography.works import Work, clean_doi
from exchange.core.errors import DomainError
from profiles.domain.profiles import own_profile
from profiles.domain.publications import proposed_spellings, save_publication
from profiles.models import Publication
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
IRON = "0000-0002-1825-0097"


@pytest.fixture
def me(client, profile):
    profile.publications.all().delete()
    client.force_login(profile.user)
    return profile


def titles(profile):
    return sorted(profile.publications.values_list("title", flat=True))


def take(client, page, numbers):
    return client.post(reverse("publications_take"), {"works": page.context["works"], "take": [str(n) for n in numbers]})


BIB = r"""@article{silk, title={The {Silk} of {\"O}ten & others}, author={Rahimova, D. and Ali K{\"a}rimov and van der Berg, Bo},
  year=2019, journal={Heritage 50% off}, doi={https://doi.org/10.1000/ABC}}

@article{broken, title={Never closed
@book{wood, title = "Wood", author = "Ann Lee", date = {2020-05},}
@book{nameless, author = {X}, year = 2001}
"""


def test_bibtex_reads_what_is_whole_and_names_the_lines_of_the_rest():
    parsed = parse_bibtex(BIB)

    silk, wood = parsed.works
    assert (silk.title, silk.authors, silk.year, silk.doi) == (
        "The Silk of Öten & others",
        "Rahimova, D.; Kärimov, Ali; van der Berg, Bo",
        2019,
        "10.1000/abc",
    )
    assert (silk.container, wood.authors, wood.year) == ("Heritage 50% off", "Lee, Ann", 2020)
    assert [problem.line for problem in parsed.problems] == [4, 6]


@pytest.mark.parametrize(
    "text",
    ["", "no entry", "@", "@article{", "@article{a,title={" + "{" * 5000, "\x00@book{a}", "%%%\\\\", "@" * 20_000, "= , } " * 9000],
)
def test_bibtex_bears_any_text_in_little_time(text):
    started = time.monotonic()

    parsed = parse_bibtex(text)

    assert parsed.works == []
    assert parsed.problems
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("written", "turned"),
    [
        ("Ann Lee", "Lee, Ann"),
        ("Bo van der Berg", "van der Berg, Bo"),
        ("Lee, Ann", "Lee, Ann"),
        ("UNESCO", "UNESCO"),
        ("Lee, Jr., Ann", "Lee, Ann, Jr."),
        ("van der Berg,  Jr, Bo", "van der Berg, Bo, Jr"),
        ("Ludwig {van der Berg}", "{van der Berg}, Ludwig"),
        ("{Ministry of Culture and Sport}", "{Ministry of Culture and Sport}"),
        ("{Silk, Ltd}, Bukhara", "{Silk, Ltd}, Bukhara"),
        ("Lee, ", "Lee"),
        ("", ""),
    ],
)
def test_author_by_last_name(written, turned):
    assert author_name(written) == turned


def works_of(text):
    parsed = parse_bibtex(text)
    assert [str(problem.text) for problem in parsed.problems] == []
    return parsed.works


def test_bibtex_joins_strings_in_any_case_and_keeps_unknown_names():
    work, month = works_of(
        r"""@string{jcs = "Journal of " # field} @STRING{Field = {Silk}} @string{both = JCS # { # } # field}
        @article{a, title = "The \"{o}" # { {#} 7}, journal = both # ", " # vol, year = 2020, month = jan}
        @misc{b, title = {T}, howpublished = mar # "~4"}"""
    )

    assert (work.title, work.container, work.year) == ("The ö # 7", "Journal of Silk # Silk, vol", 2020)
    assert month.container == "Mar 4"


def test_a_string_that_doubles_itself_stays_short():
    doubled = "".join(f"@string{{s{n} = s{n - 1} # s{n - 1}}}\n" for n in range(1, 200))

    (work,) = works_of('@string{s0 = "silk"}\n' + doubled + "@book{a, title = s199}")

    assert work.title.startswith("silksilk")


def test_bibtex_authors_are_people_institutions_and_others():
    (work,) = works_of(
        "@book{a, title={T}, author={{Ministry of Culture and Sport} AND van der Berg, Jr, Jan\n   and {\\c S}irin Öz and others}}"
    )
    assert work.authors == "Ministry of Culture and Sport; van der Berg, Jan, Jr; Öz, Şirin; et al."


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"Silk \&amp; felt", "Silk & felt"),
        (r"Silk \& felt & wool &amp; 5\% or 7%", "Silk & felt & wool & 5% or 7%"),
        (r"H$_2$O, $^{14}$C and $\alpha$ at $x^2 = 4$", "H₂O, ¹⁴C and α at x² = 4"),
        (r"At \$5, not $6", "At $5, not $6"),
        (r"\emph{Suzani} --- \textbf{silk}, 1900--1950", "Suzani — silk, 1900–1950"),
        (r"{\v{S}}ukur Ko{\v c}i Gro\ss{} \'{\i} \o re \unknown{x}", "Šukur Koči Groß í øre x"),
        ("``Шёлк''~и войлок", "“Шёлк” и войлок"),
        ("a_b^c", "a_b^c"),
    ],
)
def test_latex_of_a_title_is_read_as_text(written, read):
    (work,) = works_of(f"@book{{a, title = {{{written}}}}}")
    assert work.title == read


def test_an_entry_without_its_sign_is_named():
    parsed = parse_bibtex(
        "Notes (2020)\n\narticle{c, title={Lost}, year=2000}\n  Book(d,\n title={x})\n@book{a, title={Found}}\nbook {of, x=1}"
    )

    assert [work.title for work in parsed.works] == ["Found"]
    assert [(problem.line, problem.key) for problem in parsed.problems] == [(3, "article"), (4, "Book"), (7, "book")]


def test_bibtex_is_shown_before_it_is_kept_and_kept_once(client, me):
    page = client.post(reverse("publications_bibtex"), {"text": BIB})
    assert (page.status_code, titles(me)) == (200, [])
    assert "Line 4" in page.content.decode()

    take(client, page, [0, 1])
    take(client, page, [0, 1])
    assert titles(me) == ["The Silk of Öten & others", "Wood"]

    again = client.post(reverse("publications_bibtex"), {"text": "@misc{x, title={the SILK of öten, & others!}, year={2019}}"})
    assert [each.known for each in again.context["found_works"]] == [True]


def test_bibtex_comes_as_a_file(client, me):
    def send(content, name="a.bib"):
        return client.post(reverse("publications_bibtex"), {"file": SimpleUploadedFile(name, content)})

    assert len(send("\ufeff@book{a, title={Шёлк}}".encode()).context["found_works"]) == 1
    assert send("@book{a, title={Шёлк}}".encode("cp1251")).status_code == 422
    assert send(b"MZ", "a.exe").status_code == 422
    assert client.post(reverse("publications_bibtex"), {}).status_code == 422


def test_what_is_taken_cannot_be_written_by_the_reader(client, me):
    assert client.post(reverse("publications_take"), {"works": "forged", "take": "0"}).status_code in {302, 422}
    assert titles(me) == []


def test_publication_by_hand_is_added_changed_and_removed(client, me):
    data = {"title": "Silk", "authors": "Rahimova, D.", "year": 2021, "doi": "doi:10.1000/X", "url": "https://example.org/a"}
    client.post(reverse("publication_new"), data)
    row = me.publications.get()
    assert (row.doi, row.link, row.source) == ("10.1000/x", "https://doi.org/10.1000/x", "hand")

    again = client.post(reverse("publication_new"), {"title": "Other", "doi": "10.1000/x"})
    assert again.status_code == 422
    client.post(reverse("publication_edit", args=[row.pk]), {"title": "Silk II"})
    assert titles(me) == ["Silk II"]
    client.post(reverse("publication_remove", args=[row.pk]))
    assert titles(me) == []
    assert own_profile(me.user).filled_sections.count("publications") == 0


@pytest.mark.parametrize(
    "data",
    [
        {"title": ""},
        {"title": "a", "doi": "nonsense"},
        {"title": "a", "url": "javascript:alert(1)"},
        {"title": "a", "year": "99999"},
    ],
)
def test_publication_says_what_is_wrong(client, me, data):
    assert client.post(reverse("publication_new"), data).status_code == 422
    assert titles(me) == []


def test_publications_of_others_are_out_of_reach(client, profile, member):
    row = profile.publications.get()
    for reader in (None, member, UserFactory()):
        if reader:
            client.force_login(reader)
        for name in ("publication_edit", "publication_remove"):
            client.post(reverse(name, args=[row.pk]), {"title": "stolen"})
    assert titles(profile) == ["Secret paper"]


def test_publications_are_capped(profile, monkeypatch):
    monkeypatch.setattr("profiles.domain.publications.MAX_PUBLICATIONS", 1)
    work = Work(title="b", authors="", year=None, container="", doi="", url="", source="hand").cleaned()

    with pytest.raises(DomainError):
        save_publication(profile, work, by=profile.user)


def test_doi_is_found_in_an_address():
    assert clean_doi("https://doi.org/10.1000/ABC.") == "10.1000/abc"
    assert clean_doi("10.1/short") == ""


def test_spelling_in_publications_joins_the_names_only_when_confirmed(client, me):
    Publication.objects.create(
        profile=me, title="a", authors="Rahimova, D. A.; Karimov, A.; Рахимова, Д.; Rahimova, Z.; Раҳимова, Дилноза"
    )

    page = client.get(reverse("profile_publications"))
    assert [spelling.text for spelling in page.context["spellings"]] == ["Rahimova, D. A.", "Рахимова, Д."]
    assert not me.names.filter(kind="publication").exists()

    client.post(reverse("publication_spelling"), {"family": "Karimov", "given": "A."})
    client.post(reverse("publication_spelling"), {"family": "Rahimova", "given": "D. A."})
    assert [name.full for name in me.names.filter(kind="publication")] == ["D. A. Rahimova"]
    assert [spelling.text for spelling in proposed_spellings(own_profile(me.user))] == ["Рахимова, Д."]


# ---- ORCID, as it answers ------------------------------------------------------------------------------------------

SUMMARY = {
    "put-code": 7,
    "title": {"title": {"value": "Felt of the steppe"}},
    "journal-title": {"value": "Heritage"},
    "publication-date": {"year": {"value": "2018"}},
    "external-ids": {"external-id": [{"external-id-type": "doi", "external-id-value": "10.1000/felt"}]},
    "url": None,
}
BULK = {
    "bulk": [
        {
            "work": {
                "put-code": 7,
                "contributors": {"contributor": [{"credit-name": {"value": "Dilnoza Rahimova"}}, {"credit-name": None}]},
            }
        }
    ]
}


@pytest.fixture
def orcid(settings):
    """A server in its place: `answers` maps what an address ends with to what it says, `asked` is what was asked for."""

    class Server(ThreadingHTTPServer):
        answers = {"/works": (200, {"group": [{"work-summary": [SUMMARY]}, {}, None]}), "/works/7": (200, BULK)}
        asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.asked.append(self.path)
            status, body = next((self.server.answers[end] for end in self.server.answers if self.path.endswith(end)), (404, {}))
            if status == 0:
                time.sleep(1.5)
            self.send_response(status or 200)
            self.end_headers()
            self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

        def log_message(self, *args):
            pass

    server = Server(("127.0.0.1", 0), Handler)
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.ORCID_API_URL = f"http://127.0.0.1:{server.server_port}/v3.0"
    settings.ORCID_TIMEOUT = 1
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (IRON, IRON),
        ("https://orcid.org/0000-0002-1694-233x", "0000-0002-1694-233X"),
        (" 0000000218250097 ", IRON),
        ("https://orcid.org/0000-0001-5109-3700/", "0000-0001-5109-3700"),
    ],
)
def test_orcid_is_read_out_of_what_people_paste(typed, kept):
    assert clean_orcid(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "0000-0002-1825-0098",
        "0000",
        "abc",
        "0000-0002-1825-009X",
        "0000-0002-1825-00977",
        "https://evil.example/?0000-0002-1825-0097x",
        "٠٠٠٠-0002-1825-0097",
    ],
)
def test_orcid_with_a_wrong_digit_is_refused(client, me, typed):
    with pytest.raises(DomainError):
        clean_orcid(typed)
    assert client.post(reverse("profile_publications"), {"orcid": typed}).status_code == 422


def test_orcid_works_are_shown_then_kept(client, me, orcid):
    page = client.post(reverse("profile_publications"), {"orcid": f"https://orcid.org/{IRON}", "fetch": "1"})

    assert [each.work.title for each in page.context["found_works"]] == ["Felt of the steppe"]
    assert orcid.asked == [f"/v3.0/{IRON}/works", f"/v3.0/{IRON}/works/7"]
    take(client, page, [0])
    row = own_profile(me.user).publications.get()
    assert (row.authors, row.year, row.doi, row.source) == ("Rahimova, Dilnoza", 2018, "10.1000/felt", "orcid")
    assert own_profile(me.user).orcid == IRON


def test_orcid_without_authors_still_gives_works(orcid):
    orcid.answers["/works/7"] = (500, {})

    assert [(work.title, work.authors) for work in fetch_works(IRON)] == [("Felt of the steppe", "")]


@pytest.mark.parametrize("body", [(500, {}), (200, b"<html>"), (0, {}), (302, {}), (200, b"[" * 200_000), (429, {})])
def test_orcid_away_is_said_and_nothing_is_lost(client, me, orcid, body):
    orcid.answers["/works"] = body
    Publication.objects.create(profile=me, title="Kept")

    page = client.post(reverse("profile_publications"), {"orcid": IRON, "fetch": "1"}, follow=True)

    assert "ORCID does not answer now." in page.content.decode()
    assert titles(me) == ["Kept"]


@pytest.mark.parametrize(
    "body",
    [
        {"group": "x"},
        {"group": [{"work-summary": [{"title": []}]}]},
        [],
        None,
        {"group": [{"work-summary": [{"put-code": "../x", "title": {"title": {"value": "T"}}}]}]},
    ],
)
def test_orcid_may_answer_anything(orcid, body):
    orcid.answers = {"/works": (200, body)}

    assert {work.title for work in fetch_works(IRON)} <= {"T"}
    assert all(".." not in path for path in orcid.asked)


def test_orcid_unknown_is_said(client, me, orcid):
    orcid.answers = {}

    page = client.post(reverse("profile_publications"), {"orcid": IRON, "fetch": "1"}, follow=True)

    assert "ORCID knows no public record with this iD." in page.content.decode()
