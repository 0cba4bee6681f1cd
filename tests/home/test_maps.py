"""Maps on the front page, in the search and on the coordinator's desk: what they count, for whom, where they lead; how heavy the pages are."""

import gzip
import re
from html import unescape

import pytest
from django.conf import settings
from django.core.cache import caches

from bench.pages import FIRST_LOAD, assets_of, file_of
from institutions.domain.towns import CACHE_KEY
from programs.states import ProgramState
from search.domain.indexing import refresh_documents
from tests.factories import ConceptFactory, CoordinatorFactory, InstitutionFactory, MembershipFactory, ProgramFactory

pytestmark = pytest.mark.django_db

PLACES = {
    "Tashkent": (41.3, 69.24),
    "Ташкент": (41.32, 69.25),
    "Khiva": (41.38, 60.36),
    "Samarkand": (39.65, 66.97),
    "Newark": (40.74, -74.17),
}


@pytest.fixture(autouse=True)
def fresh_places():
    caches["redis"].delete(CACHE_KEY)
    yield
    caches["redis"].delete(CACHE_KEY)


def museum(city, country="UZ", **facts):
    latitude, longitude = PLACES.get(city, (None, None))
    return InstitutionFactory(**{"city": city, "country": country, "latitude": latitude, "longitude": longitude} | facts)


def program(host, **facts):
    return ProgramFactory(institution=host, city=facts.pop("city", host.city), **facts)


def index(*programs):
    refresh_documents("program", [row.pk for row in programs])
    refresh_documents("institution", [row.institution_id for row in programs])


def links(page):
    """The points on the map: name with count, and address."""
    return {name: unescape(url) for url, name in re.findall(r'<a href="([^"]+)" aria-label="([^"]+: \d+)">', page.content.decode())}


def total(client, address):
    """The number of hits behind an address of the search."""
    return client.get(address).context["page"].total


def test_front_page_shows_open_programmes_by_town_and_leads_to_them(client):
    rows = [program(museum("Tashkent")), program(museum("Ташкент")), program(museum("Khiva")), program(museum("Newark", "US"))]
    closed = program(rows[0].institution, state=ProgramState.CLOSED)
    draft = program(rows[0].institution, state=ProgramState.DRAFT, was_published=False)
    index(*rows, closed, draft)

    page = client.get("/")

    found = links(page)
    assert found.keys() == {"Tashkent: 2", "Khiva: 1", "Newark: 1"}
    assert page.context["open_count"] == 4
    assert {total(client, address) for name, address in found.items() if name == "Tashkent: 2"} == {2}
    assert total(client, found["Khiva: 1"]) == 1
    # the list beside the map has the same links
    for address in found.values():
        assert page.content.decode().count(f'href="{address.replace("&", "&amp;")}"') == 2


def test_town_that_nobody_can_place_is_in_the_list(client):
    index(program(museum("Nowhere")))

    page = client.get("/")

    assert links(page) == {}
    assert re.search(r'<a href="/search/\?type=programs[^"]+city=nowhere">Nowhere</a>', page.content.decode())


def test_front_page_without_programmes_has_no_map(client):
    assert 'class="map"' not in client.get("/").content.decode()


def test_host_sees_drafts_on_no_map(client):
    host = museum("Khiva")
    program(host, state=ProgramState.DRAFT, was_published=False)
    client.force_login(MembershipFactory(institution=host, role="owner").user)

    assert links(client.get("/")) == {}


@pytest.mark.parametrize(("type_", "words"), [("programs", ""), ("institutions", ""), ("institutions", "museum")])
def test_search_shows_its_hits_by_town_and_narrows_to_one(client, type_, words):
    index(*(program(museum(city)) for city in ("Tashkent", "Tashkent", "Khiva")), program(museum("Newark", "US")))
    address = f"/search/?type={type_}&q={words}&country=UZ"

    found = links(client.get(address))

    assert found.keys() == {"Tashkent: 2", "Khiva: 1"}
    for name, url in found.items():
        assert "country=UZ" in url
        assert total(client, f"/search/{url}") == int(name.partition(": ")[2])
    # the other town stays on the map when one is chosen
    assert links(client.get(f"/search/{found['Khiva: 1']}")).keys() == found.keys()


@pytest.mark.parametrize("address", ["/search/", "/search/?q=museum", "/search/?type=experts", "/search/?type=programs&q=zzzz"])
def test_other_searches_have_no_map(client, address):
    index(program(museum("Tashkent")))

    assert 'class="map"' not in client.get(address).content.decode()


def test_desk_shows_what_is_in_the_country(client):
    host = museum("Tashkent")
    museum("Khiva", state="unverified")
    museum("Tashkent", state="suspended")
    rows = [program(host), program(host), program(museum("Newark", "US"))]
    index(*rows)
    refresh_documents("institution", [row.pk for row in type(host).objects.all()])
    client.force_login(CoordinatorFactory(country="UZ").user)

    page = client.get("/desk/coordinator/")

    assert links(page).keys() == {"Tashkent: 3", "Khiva: 1"}
    named = {
        (town, what): (unescape(url), int(count))
        for url, town, what, count in re.findall(
            r'<a href="([^"]+)"><span class="sr">(\w+), </span>([\w ]+): <span class="num">(\d+)</span>', page.content.decode()
        )
    }
    assert named.keys() == {("Tashkent", "Institutions"), ("Tashkent", "Open programmes")}
    programs_address, programs = named["Tashkent", "Open programmes"]
    assert (programs, total(client, programs_address)) == (2, 2)
    assert total(client, links(page)["Khiva: 1"]) == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_maps_cost_the_same_for_one_town_and_three(client, rows, django_assert_num_queries):
    ConceptFactory()
    index(*(program(museum(city)) for city in ("Tashkent", "Khiva", "Samarkand")[:rows]))
    client.get("/")

    with django_assert_num_queries(2):
        page = client.get("/")

    assert len(links(page)) == rows


@pytest.mark.parametrize("address", ["/", "/search/?type=programs", "/search/?type=institutions", "/search/?q=textile"])
def test_first_load_stays_light_without_pictures(client, address, monkeypatch):
    monkeypatch.setattr(settings, "STATIC_ROOT", settings.BASE_DIR / "static")
    for n in range(24):
        title = {language: f"{language} textile conservation and documentation exchange {n}" for language in ("en", "ru", "uz")}
        index(program(museum(f"Town {n}", latitude=40 + n / 4, longitude=60 + n / 2) if n > 3 else museum("Tashkent"), title=title))

    page = client.get(address)

    assert 'class="band' in page.content.decode()
    packed = [
        gzip.compress(page.content),
        *(gzip.compress(file_of(asset).read_bytes()) for asset in assets_of(page.content.decode())),
    ]
    assert len(packed) > 5
    assert sum(map(len, packed)) <= FIRST_LOAD
