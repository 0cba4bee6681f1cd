"""Maps of the six countries, drawn on the server: outlines, projection, points of towns. No tiles, no script.

There are two sheets, Central Asia and the conterminous United States, each in Albers' equal-area conic projection (J. P. Snyder, Map Projections:
A Working Manual, U.S. Geological Survey Professional Paper 1395, 1987, equations 14-1 to 14-6, on a sphere). `map_shapes.json` holds the
outlines; `exchange/reference/data/README.md` says where they come from.
"""

import itertools
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from exchange.core.errors import Text

SHAPES = Path(__file__).with_name("map_shapes.json")
WIDTH, MARGIN = 400, 8
"""Of a sheet, in units of its view box."""
MIN_RADIUS, MAX_RADIUS = 5, 13
LABELS, LETTER, LABEL_HEIGHT = 4, 7, 14
"""Towns of a sheet that are named on it at most; about how wide a letter and high a line is (units)."""


@dataclass(frozen=True)
class MapLink:
    """Where a point leads: what is there, how many, the address."""

    text: Text
    count: int
    url: str


@dataclass(frozen=True)
class MapPoint:
    """A town with what is there. Without a `place` (latitude and longitude) it is in the list beside the map only."""

    name: str
    country: str
    place: tuple[float, float] | None
    links: tuple[MapLink, ...]

    @property
    def count(self) -> int:
        """Everything that is there."""
        return sum(link.count for link in self.links)


@dataclass(frozen=True)
class DrawnPoint:
    """A point on its sheet: middle and radius in units of the view box; `label_x` and `anchor` when its name is written there."""

    point: MapPoint
    x: float
    y: float
    radius: float
    label_x: float = 0
    anchor: str = ""

    @property
    def label_y(self) -> float:
        return round(self.y + LETTER / 2, 1)


@dataclass(frozen=True)
class DrawnSheet:
    """One sheet: its height, the outlines of its countries as SVG paths, its points, the smallest last so that none is covered."""

    height: int
    paths: list[str]
    points: list[DrawnPoint]


@dataclass(frozen=True)
class Sheet:
    """A part of the world: its countries, and the standard parallels and central meridian of its projection (degrees)."""

    countries: tuple[str, ...]
    parallels: tuple[float, float]
    meridian: float

    def project(self, latitude: float, longitude: float) -> tuple[float, float]:
        """East and south of the origin, on a sphere of radius 1."""
        first, second = (math.radians(parallel) for parallel in self.parallels)
        n = (math.sin(first) + math.sin(second)) / 2
        c = math.cos(first) ** 2 + 2 * n * math.sin(first)
        distance = math.sqrt(c - 2 * n * math.sin(math.radians(latitude))) / n
        angle = n * math.radians(longitude - self.meridian)
        return distance * math.sin(angle), distance * math.cos(angle)


SHEETS = (Sheet(("KZ", "KG", "TJ", "TM", "UZ"), (38, 52), 67), Sheet(("US",), (29.5, 45.5), -96))


@dataclass(frozen=True)
class Ground:
    """A sheet with its outlines fitted into the view box."""

    sheet: Sheet
    scale: float
    left: float
    top: float
    height: int
    paths: list[str]

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        """A place in units of the view box."""
        x, y = self.sheet.project(latitude, longitude)
        return round((x - self.left) * self.scale + MARGIN, 1), round((y - self.top) * self.scale + MARGIN, 1)

    def holds(self, x: float, y: float) -> bool:
        return 0 <= x <= WIDTH and 0 <= y <= self.height


@cache
def grounds() -> tuple[Ground, ...]:
    """All sheets with their outlines; computed once."""
    shapes = json.loads(SHAPES.read_text())
    return tuple(_ground(sheet, [outline for country in sheet.countries for outline in shapes[country]]) for sheet in SHEETS)


def _ground(sheet: Sheet, outlines: list[list[int]]) -> Ground:
    lines = [
        [sheet.project(north / 100, east / 100) for east, north in zip(outline[::2], outline[1::2], strict=True)]
        for outline in outlines
    ]
    across, down = [x for line in lines for x, _y in line], [y for line in lines for _x, y in line]
    scale = (WIDTH - 2 * MARGIN) / (max(across) - min(across))
    height = math.ceil((max(down) - min(down)) * scale) + 2 * MARGIN
    ground = Ground(sheet, scale, min(across), min(down), height, [])
    for outline in outlines:
        points = [ground.at(north / 100, east / 100) for east, north in zip(outline[::2], outline[1::2], strict=True)]
        ground.paths.append(_path([(round(x), round(y)) for x, y in points]))
    return ground


def _path(points: Sequence[tuple[int, int]]) -> str:
    """A closed path of whole units: the first point, then the steps from each to the next."""
    steps = (f"{x - u} {y - v}" for (u, v), (x, y) in itertools.pairwise(points) if (u, v) != (x, y))
    return f"M{points[0][0]} {points[0][1]}l{' '.join(steps)}z".replace(" -", "-")


def draw_sheets(points: Iterable[MapPoint]) -> list[DrawnSheet]:
    """The sheets that have a point, with their points. The area of a circle grows with its count, up to a largest one."""
    known = sorted(points, key=lambda point: (-point.count, point.name))
    most = max((point.count for point in known), default=1)
    sheets = []
    for ground in grounds():
        drawn = []
        for point in known:
            if point.place is not None and point.country in ground.sheet.countries:
                x, y = ground.at(*point.place)
                radius = round(MIN_RADIUS + (MAX_RADIUS - MIN_RADIUS) * math.sqrt(point.count / most), 1)
                if ground.holds(x, y):
                    drawn.append(DrawnPoint(point, x, y, radius))
        if drawn:
            sheets.append(DrawnSheet(ground.height, ground.paths, _labelled(drawn)))
    return sheets


def _labelled(points: list[DrawnPoint]) -> list[DrawnPoint]:
    """The points, the largest of them with their names where no other name or larger point is."""
    taken = [(point.x - point.radius, point.y, point.x + point.radius) for point in points[: 2 * LABELS]]
    labelled, named = [], 0
    for rank, point in enumerate(points):
        length = LETTER * len(point.point.name)
        beside = {"start": point.x + point.radius + 3, "end": point.x - point.radius - 3}
        for anchor, x in beside.items():
            left, right = (x, x + length) if anchor == "start" else (x - length, x)
            free = all(right < west or left > east or abs(point.y - y) > LABEL_HEIGHT for west, y, east in taken)
            if rank < 2 * LABELS and named < LABELS and free and left >= 0 and right <= WIDTH:
                taken.append((left, point.y, right))
                named += 1
                labelled.append(DrawnPoint(point.point, point.x, point.y, point.radius, round(x, 1), anchor))
                break
        else:
            labelled.append(point)
    return labelled
