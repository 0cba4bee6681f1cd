"""Maps: the projection, the outlines, points as links, and the list with the same links."""

import re

import pytest
from django.template import Context, Template
from django.utils.translation import override

from exchange.core.maps import SHAPES, SHEETS, WIDTH, MapLink, MapPoint, draw_sheets, grounds


def point(name="Tashkent", country="UZ", place=(41.3, 69.2), count=3, url="/search/?city=tashkent"):
    return MapPoint(name, country, place, (MapLink("", count, url),))


def render(points, label="Programmes by town"):
    return Template("{% map points label %}").render(Context({"points": points, "label": label}))


def test_projection_gives_the_numbers_of_its_source():
    # Snyder 1987, page 291: the numerical example, on a sphere of radius 1
    sheet = type(SHEETS[0])(("US",), (29.5, 45.5), -96)
    x, y = sheet.project(35, -75)
    _, origin = sheet.project(23, -96)

    assert round(x, 7) == 0.2952720
    assert round(origin - y, 7) == 0.2416774


def test_outlines_are_a_few_kilobytes_and_fit_their_drawing():
    assert SHAPES.stat().st_size < 6000
    for ground in grounds():
        assert sum(map(len, ground.paths)) < 3000
        for path in ground.paths:
            assert re.fullmatch(r"M\d+ \d+l[-\d ]+z", path)
        assert 200 < ground.height < WIDTH


@pytest.mark.parametrize(
    ("place", "country", "west", "north"),
    [
        ((51.2, 71.4), "KZ", 0.6, 0.25),
        ((37.9, 58.4), "TM", 0.26, 0.84),
        ((40.7, -74), "US", 0.93, 0.33),
        ((34, -118.2), "US", 0.07, 0.6),
    ],
)
def test_towns_are_where_they_should_be(place, country, west, north):
    (sheet,) = draw_sheets([point(country=country, place=place)])
    (drawn,) = sheet.points

    assert abs(drawn.x / WIDTH - west) < 0.06
    assert abs(drawn.y / sheet.height - north) < 0.06


def test_every_point_is_a_link_with_a_name_and_so_is_every_line_of_the_list():
    page = render([point(), point("Almaty", "KZ", (43.2, 76.9), 12, "/a"), point("Nowhere", "KZ", None, 1, "/n")])

    links = re.findall(r'<a href="([^"]+)" aria-label="([^"]+)">', page)
    assert links == [("/a", "Almaty: 12"), ("/search/?city=tashkent", "Tashkent: 3")]
    assert re.findall(r'<a href="([^"]+)">(\w+)</a>', page) == [
        ("/a", "Almaty"),
        ("/search/?city=tashkent", "Tashkent"),
        ("/n", "Nowhere"),
    ]
    assert 'aria-label="Programmes by town"' in page
    assert "style=" not in page
    assert "<script" not in page
    # a link is reached by keyboard unless somebody takes it out
    assert "tabindex" not in page


def test_larger_towns_have_larger_circles_and_are_drawn_first():
    small, large = point(count=1), point("Almaty", "KZ", (43.2, 76.9), 40)
    (sheet,) = draw_sheets([small, large])

    assert [drawn.point.name for drawn in sheet.points] == ["Almaty", "Tashkent"]
    assert sheet.points[0].radius > sheet.points[1].radius >= 5


def test_names_on_the_map_do_not_cover_each_other():
    towns = [point(f"Town number {n}", place=(41.3 + n / 50, 69.2), count=9 - n) for n in range(6)]
    (sheet,) = draw_sheets(towns)

    assert [bool(drawn.anchor) for drawn in sheet.points].count(True) == 2  # one to each side


def test_sheet_without_points_is_left_out():
    assert len(draw_sheets([point(), point("Boston", "US", (42.4, -71.1))])) == 2
    assert len(draw_sheets([point("Boston", "US", (42.4, -71.1))])) == 1
    assert draw_sheets([point("Anchorage", "US", (61.2, -149.9))]) == []
    assert "Anchorage" in render([point("Anchorage", "US", (61.2, -149.9))])


def test_numbers_of_the_drawing_are_written_for_machines():
    with override("ru"):
        assert "," not in "".join(re.findall(r'c[xy]="([^"]*)"', render([point(place=(41.31, 69.27))])))


def test_hostile_names_stay_text():
    page = render([point('<img src=x onerror="1">', url="/?a=1&b=2")])

    assert "<img" not in page
    assert 'href="/?a=1&amp;b=2"' in page


def test_a_town_with_several_things_names_each():
    links = (MapLink("Institutions", 4, "/i"), MapLink("Open programmes", 2, "/p"))
    page = render([MapPoint("Tashkent", "UZ", (41.3, 69.2), links)])

    assert 'aria-label="Tashkent: 6"' in page
    assert re.findall(r'<a href="(/[ip])"><span class="sr">Tashkent, </span>([\w ]+):', page) == [
        ("/i", "Institutions"),
        ("/p", "Open programmes"),
    ]
