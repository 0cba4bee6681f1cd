"""Outlines for the maps, made from TopoJSON."""

from exchange.reference.map_shapes import map_shapes, simplified


def topology(arcs, **countries):
    geometries = [
        {"type": "Polygon" if number != "840" else "MultiPolygon", "id": number, "arcs": own} for number, own in countries.items()
    ]
    return {
        "transform": {"scale": [0.01, 0.01], "translate": [60, 40]},
        "arcs": arcs,
        "objects": {"countries": {"geometries": geometries}},
    }


# A border of two countries from (60, 40) to (60, 44) with a small bulge, and a way around on either side; TopoJSON stores differences.
BORDER = [[0, 0], [5, 200], [-5, 200]]
WEST = [[0, 400], [-300, 0], [0, -400], [300, 0]]
EAST = [[0, 400], [300, 0], [0, -400], [-300, 0]]


def test_countries_share_the_border_that_they_share():
    shapes = map_shapes(topology([BORDER, WEST, EAST], **{"860": [[0, 1]], "795": [[0, 2]], "999": [[0, 1]]}))

    assert shapes == {
        "TM": [[6000, 4000, 6000, 4400, 6300, 4400, 6300, 4000]],
        "UZ": [[6000, 4000, 6000, 4400, 5700, 4400, 5700, 4000]],
    }


def test_an_arc_is_read_backwards_and_islands_and_far_parts_are_left_out():
    island = [[0, 0], [10, 0], [0, 10], [-10, -10]]
    backwards = map_shapes(topology([BORDER, WEST], **{"860": [[~1, ~0]]}))
    far = map_shapes(topology([BORDER, WEST, island], **{"840": [[[0, 1]], [[2]]]}))

    assert backwards == {"UZ": [[6000, 4000, 5700, 4000, 5700, 4400, 6000, 4400]]}
    assert far == {"US": []}


def test_simplified_line_keeps_what_is_far_from_it():
    line = [(0.0, 0.0), (1.0, 0.01), (2.0, 1.0), (3.0, 0.01), (4.0, 0.0)]

    assert simplified(line, 0.1) == [(0.0, 0.0), (1.0, 0.01), (2.0, 1.0), (3.0, 0.01), (4.0, 0.0)]
    assert simplified(line, 0.6) == [(0.0, 0.0), (2.0, 1.0), (4.0, 0.0)]
    assert simplified(line, 2) == [(0.0, 0.0), (4.0, 0.0)]
    assert simplified([(0.0, 0.0), (1.0, 1.0), (0.0, 0.0)], 0.1) == [(0.0, 0.0), (1.0, 1.0), (0.0, 0.0)]
