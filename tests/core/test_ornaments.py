"""Ornaments: small, well-formed, the same every time, different enough to tell cards apart."""

import csv
from pathlib import Path
from xml.etree import ElementTree

import pytest

from exchange.core.countries import Country
from exchange.core.ornaments import NO_FIELD, ornament, ornament_address

VOCABULARY = Path(__file__).resolve().parents[2] / "exchange" / "reference" / "data" / "vocabulary.csv"
MOST = 3000


def fields():
    with VOCABULARY.open(encoding="utf-8") as table:
        return [NO_FIELD, *(row["id"] for row in csv.DictReader(table) if row["scheme"] == "field")]


@pytest.mark.parametrize("country", Country.values)
def test_every_ornament_is_small_and_well_formed(country):
    for field in fields():
        drawn = ornament(country, field)

        assert len(drawn.encode()) <= MOST, field
        root = ElementTree.fromstring(drawn)
        assert (root.tag, root.get("aria-hidden")) == ("{http://www.w3.org/2000/svg}svg", "true")
        # nothing that a content security policy refuses when the file is opened by itself
        assert not any(mark in drawn for mark in ("<style", "style=", "<script", "href", "nan"))


def test_an_ornament_is_the_same_every_time():
    before = ornament("UZ", "museology")
    ornament.cache_clear()

    assert ornament("UZ", "museology") == before


def test_fields_and_countries_differ():
    names = fields()

    assert len({ornament("KG", field) for field in names}) >= 0.8 * len(names)
    assert len({ornament(country, NO_FIELD) for country in Country.values}) == len(Country.values)


def test_ornament_is_served_to_everybody_without_a_query_and_kept_long(client):
    address = ornament_address("TJ", "traditional-music")
    answer = client.get(address)

    assert (address, answer.status_code, answer.headers["Content-Type"]) == (
        "/ornaments/tj-traditional-music.svg",
        200,
        "image/svg+xml",
    )
    assert "max-age=2592000" in answer.headers["Cache-Control"]
    assert answer.content.decode() == ornament("TJ", "traditional-music")


@pytest.mark.parametrize("name", ["xx-museology", "uz-", "uz-Museology", "uz-" + "x" * 61, "uz-../x", "uz-<svg>"])
def test_unknown_ornaments_are_not_found(client, name):
    assert client.get(f"/ornaments/{name}.svg").status_code == 404


def test_without_a_field_the_country_has_one():
    assert ornament_address("UZ", None) == ornament_address("UZ", "") == "/ornaments/uz-heritage.svg"
