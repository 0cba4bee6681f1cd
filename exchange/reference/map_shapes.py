"""Makes `exchange/core/map_shapes.json` from the countries of Natural Earth, as the npm package `world-atlas` has them.

    python -m exchange.reference.map_shapes countries-50m.json

Borders that two countries share are one arc in TopoJSON and are simplified once, so that both sides stay the same line. Of the United
States the conterminous part is kept.
"""

import json
import math
import sys
from pathlib import Path
from typing import Any

NUMBERS = {"398": "KZ", "417": "KG", "762": "TJ", "795": "TM", "860": "UZ", "840": "US"}
"""ISO 3166-1: numeric and two letters."""
TOLERANCE = {"US": 0.35}
TOLERANCE_ELSEWHERE = 0.15
"""How far a simplified line may be from the border, in degrees of latitude."""
SMALLEST = 0.6
"""Islands and enclaves with less area are left out (square degrees)."""
CONTERMINOUS = (-130.0, 23.0, -60.0, 50.0)
"""West, south, east, north (degrees)."""
TARGET = Path(__file__).resolve().parents[1] / "core" / "map_shapes.json"

Point = tuple[float, float]
Line = list[Point]


def map_shapes(topology: dict[str, Any]) -> dict[str, list[list[int]]]:
    """By country, its outlines: longitudes and latitudes in turn, in hundredths of a degree."""
    arcs = _arcs(topology)
    shapes: dict[str, list[list[int]]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        country = NUMBERS.get(str(geometry.get("id")))
        if country is None:
            continue
        polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
        tolerance = TOLERANCE.get(country, TOLERANCE_ELSEWHERE)
        outlines = (_outline(polygon[0], arcs, tolerance) for polygon in polygons)
        kept = [outline for outline in outlines if _area(outline) >= SMALLEST and (country != "US" or _is_conterminous(outline))]
        shapes[country] = [[round(value * 100) for point in outline for value in point] for outline in kept]
    return dict(sorted(shapes.items()))


def _arcs(topology: dict[str, Any]) -> list[Line]:
    """The arcs in degrees: each is stored as differences of whole numbers (TopoJSON specification, 2.1.3)."""
    (width, height), (west, south) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for stored in topology["arcs"]:
        x = y = 0
        line = []
        for across, up in stored:
            x, y = x + across, y + up
            line.append((x * width + west, y * height + south))
        arcs.append(line)
    return arcs


def _outline(numbers: list[int], arcs: list[Line], tolerance: float) -> Line:
    """The arcs of an outline, simplified and joined; a negative number is an arc read backwards."""
    outline: Line = []
    for number in numbers:
        line = simplified(arcs[number if number >= 0 else ~number], tolerance)
        outline += (line if number >= 0 else line[::-1])[:-1]
    return outline


def simplified(line: Line, tolerance: float) -> Line:
    """Douglas and Peucker's algorithm: the ends, and every point that is needed to stay within `tolerance`. A closed line keeps its farthest point too."""
    if len(line) < 3:
        return line
    distances = [_distance(point, line[0], line[-1]) for point in line[1:-1]]
    farthest = max(range(len(distances)), key=distances.__getitem__) + 1
    if distances[farthest - 1] <= tolerance:
        return [line[0], line[-1]]
    return simplified(line[: farthest + 1], tolerance)[:-1] + simplified(line[farthest:], tolerance)


def _distance(point: Point, start: Point, end: Point) -> float:
    """From the line between the two, in degrees of latitude; degrees of longitude are shorter the farther north."""
    narrow = math.cos(math.radians(point[1]))
    x, y = (point[0] - start[0]) * narrow, point[1] - start[1]
    dx, dy = (end[0] - start[0]) * narrow, end[1] - start[1]
    length = math.hypot(dx, dy)
    return math.hypot(x, y) if not length else abs(x * dy - y * dx) / length


def _area(outline: Line) -> float:
    return abs(sum(x * v - u * y for (x, y), (u, v) in zip(outline, outline[1:] + outline[:1], strict=True))) / 2


def _is_conterminous(outline: Line) -> bool:
    west, south, east, north = CONTERMINOUS
    return all(west < x < east and south < y < north for x, y in outline)


if __name__ == "__main__":
    TARGET.write_text(json.dumps(map_shapes(json.loads(Path(sys.argv[1]).read_text())), separators=(",", ":")) + "\n")
