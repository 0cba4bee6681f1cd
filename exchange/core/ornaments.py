"""Ornaments for cards without a picture: an SVG drawn from a motif of the country, varied by the field. No query, no randomness.

The motifs are drawn for this project, of plain geometry: the ram's horn of Kazakh felts, the Kyrgyz tunduk, the rosette of a Tajik suzani,
the octagon of a Turkmen carpet, the eight-pointed star of Uzbek tiles, the star of an American quilt. The ground is transparent and the
tones are of middle lightness, so that one drawing suits light and dark pages.
"""

import math
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse

WIDTH, HEIGHT = 480, 150
"""The size of an ornament (px)."""
CELL = 60
TONES = ("#4a78bd", "#2f938b", "#b07d2c", "#bf5550")
"""Lapis, turquoise, ochre, pomegranate, between the tones of the light and the dark scheme (`static/css/tokens.css`)."""
TURNS = (0, 45, 90, 30)
SCALES = (0.7, 1, 1.4)
NO_FIELD = "heritage"


@dataclass(frozen=True)
class Variation:
    """How a field varies the motif: two tones, the turn (degrees) and scale of the pattern, and whether small figures fill the gaps."""

    first: str
    second: str
    turn: int
    scale: float
    filled: bool


def variation_of(field: str) -> Variation:
    """Always the same for a field (the slug of a concept). Fields differ in one of 288 ways; two may share one."""
    rest = zlib.crc32(field.encode())
    rest, first = divmod(rest, len(TONES))
    rest, step = divmod(rest, len(TONES) - 1)
    rest, turn = divmod(rest, len(TURNS))
    rest, scale = divmod(rest, len(SCALES))
    second = TONES[(first + step + 1) % len(TONES)]
    return Variation(TONES[first], second, TURNS[turn], SCALES[scale], bool(rest % 2))


def ornament_address(country: str, field: str | None) -> str:
    """The address of the ornament of a country and a field; without a field that of the country alone."""
    return reverse("ornament", args=[country.lower(), field or NO_FIELD])


@lru_cache(maxsize=512)
def ornament(country: str, field: str) -> str:
    """The SVG document, at most 3 kB. Raises KeyError for a country that is none of ours."""
    kind = variation_of(field)
    motif = MOTIFS[country](kind)
    filler = FILLERS[country](kind.second) if kind.filled else ""
    corners = "".join(f'<g transform="translate({x} {y})">{filler}</g>' for x in (0, CELL) for y in (0, CELL)) if filler else ""
    middle = CELL // 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">'
        f'<pattern id="p" width="{CELL}" height="{CELL}" patternUnits="userSpaceOnUse" '
        f'patternTransform="translate({WIDTH // 2} {HEIGHT // 2}) rotate({kind.turn}) scale({kind.scale}) translate(-{middle} -{middle})">'
        f'<g transform="translate({middle} {middle})">{motif}</g>{corners}</pattern>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="url(#p)" opacity=".6"/></svg>'
    )


# ---- drawing ---------------------------------------------------------------------------------------------------------


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0").replace("-0.0", "0")


def _corners(radius: float, corners: int, turn: float = 0) -> Iterator[tuple[float, float]]:
    """The corners of a regular polygon around the middle of the cell; `turn` in degrees."""
    for corner in range(corners):
        angle = math.radians(turn + 360 * corner / corners)
        yield radius * math.cos(angle), radius * math.sin(angle)


def _polygon(points: Iterator[tuple[float, float]], *, fill: str = "none", stroke: str = "", width: float = 2) -> str:
    at = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
    line = f' stroke="{stroke}" stroke-width="{width}"' if stroke else ""
    return f'<polygon points="{at}" fill="{fill}"{line}/>'


def _circle(radius: float, *, fill: str = "none", stroke: str = "", width: float = 2, at: tuple[float, float] = (0, 0)) -> str:
    line = f' stroke="{stroke}" stroke-width="{width}"' if stroke else ""
    return f'<circle cx="{_number(at[0])}" cy="{_number(at[1])}" r="{_number(radius)}" fill="{fill}"{line}/>'


def _lines(path: str, stroke: str, width: float = 3) -> str:
    return f'<path d="{path}" fill="none" stroke="{stroke}" stroke-width="{width}" stroke-linecap="round"/>'


def _turned(piece: str, angles: tuple[int, ...]) -> str:
    return "".join(f'<g transform="rotate({angle})">{piece}</g>' for angle in angles)


def _horns(kind: Variation) -> str:
    """A pair of ram's horns above and below a stem."""
    pair = "".join(_lines(f"M0 2C{s}2-16 {s}20-24 {s}22-13C{s}23-5 {s}12-4 {s}13-11", kind.first, 4) for s in ("", "-"))
    return _turned(pair, (0, 180)) + _polygon(_corners(5, 4), fill=kind.second)


def _tunduk(kind: Variation) -> str:
    """The crown of a yurt: a ring and two crossing bundles of three laths."""
    bundle = "".join(_lines(f"M{x}-20C{x // 2}-8 {x // 2} 8 {x} 20", kind.second, 2) for x in (-8, 0, 8))
    return _circle(23, stroke=kind.first, width=5) + _turned(bundle, (0, 90))


def _rosette(kind: Variation) -> str:
    """A flower of a suzani: eight petals around two rings."""
    petals = "".join(_circle(6.5, fill=kind.first, at=point) for point in _corners(18, 8))
    return petals + _circle(11, fill=kind.second) + _circle(5, fill=kind.first)


def _gul(kind: Variation) -> str:
    """An octagon in quarters, as on a carpet, with a cross."""
    quarters = "".join(
        f'<path d="M0 0V-22H9L22-9V0Z" fill="{tone}" transform="rotate({angle})"/>'
        for angle, tone in ((0, kind.first), (90, kind.second), (180, kind.first), (270, kind.second))
    )
    frame = _polygon(_corners(27.5, 8, 22.5), stroke=kind.first, width=2)
    return frame + quarters + _polygon(_corners(8, 4), fill="none", stroke="#fff", width=2)


def _khatam(kind: Variation) -> str:
    """An eight-pointed star of two squares; lines join it to its neighbours."""
    star = "".join(_polygon(_corners(22, 4, turn), stroke=kind.first, width=3) for turn in (0, 45))
    return _lines("M-30 0H-22M22 0H30M0-30V-22M0 22V30", kind.first, 3) + star + _polygon(_corners(10, 8, 22.5), fill=kind.second)


def _quilt(kind: Variation) -> str:
    """A star of eight diamonds in a square block."""
    diamonds = "".join(
        f'<path d="M0 0L10.6-10.6 10.6-25.6 0-15Z" fill="{kind.second if angle % 90 else kind.first}" transform="rotate({angle})"/>'
        for angle in range(0, 360, 45)
    )
    return f'<path d="M-29-29H29V29H-29Z" fill="none" stroke="{kind.second}" stroke-width="1.5"/>{diamonds}'


MOTIFS: dict[str, Callable[[Variation], str]] = {
    "KZ": _horns,
    "KG": _tunduk,
    "TJ": _rosette,
    "TM": _gul,
    "UZ": _khatam,
    "US": _quilt,
}
FILLERS: dict[str, Callable[[str], str]] = {
    "KZ": lambda tone: _polygon(_corners(6, 4), stroke=tone),
    "KG": lambda tone: _circle(4, fill=tone),
    "TJ": lambda tone: _polygon(_corners(7, 4), fill=tone),
    "TM": lambda tone: _lines("M-6 0H6M0-6V6", tone, 2.5),
    "UZ": lambda tone: _polygon(_corners(7, 8, 22.5), stroke=tone),
    "US": lambda tone: _polygon(_corners(6, 4, 45), fill=tone),
}
