"""Quiet drawings of objects for the portfolios of the demonstration: plainly drawn, so that nobody takes them for photographs."""

import io
import math
from collections.abc import Callable
from functools import cache

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1920, 1440
SCALE = 3
PAPER, LINE = "#f3ead7", "#5b4636"
Pen = ImageDraw.ImageDraw


@cache
def drawing(name: str) -> bytes:
    """The drawing of this name, as PNG with few colours."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    DRAWINGS[name](ImageDraw.Draw(image))
    out = io.BytesIO()
    # Drawn larger and reduced, because Pillow's shapes have hard edges.
    image.reduce(SCALE).quantize(64).save(out, "PNG")
    return out.getvalue()


def _suzani(pen: Pen) -> None:
    """Round flowers in rows, with leaves between them."""
    for row in range(3):
        for column in range(4):
            x, y = 240 + column * 480, 240 + row * 480
            _flower(pen, x, y, 165, ("#a12b3b", "#1f4b8f")[(row + column) % 2])
    for row in range(2):
        for column in range(3):
            _flower(pen, 480 + column * 480, 480 + row * 480, 60, "#6c7a3a")


def _flower(pen: Pen, x: float, y: float, reach: float, color: str) -> None:
    for petal in range(12):
        angle = math.tau * petal / 12
        _dot(pen, x + reach * 0.75 * math.cos(angle), y + reach * 0.75 * math.sin(angle), reach / 4, color)
    _dot(pen, x, y, reach / 2, "#7a2231")
    _dot(pen, x, y, reach / 3, "#e0b04b")
    _dot(pen, x, y, reach / 5, "#7a2231")


def _dot(pen: Pen, x: float, y: float, radius: float, color: str) -> None:
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=color)


def _ikat(pen: Pen) -> None:
    """Vertical bands of lozenges with feathered edges."""
    for column in range(4):
        x, ground = 240 + column * 480, ("#7b2d4e", "#2f5d62")[column % 2]
        pen.rectangle((x - 240, 0, x + 240, HEIGHT), fill=ground)
        for row in range(-1, 3):
            y = 360 + row * 600 + (column % 2) * 300
            for size, color in ((260, "#f0dcb0"), (200, "#c9762b"), (130, "#f0dcb0"), (70, ground)):
                for step in range(-size, size + 1, 12):
                    half = (size - abs(step)) * 0.78 + (8 if step // 12 % 2 else 0)
                    pen.rectangle((x - half, y + step, x + half, y + step + 11), fill=color)


def _carpet(pen: Pen) -> None:
    """Octagonal guls on red, with a border."""
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill="#efe3c8")
    pen.rectangle((60, 60, WIDTH - 60, HEIGHT - 60), fill="#7d1f25")
    for place in range(18):
        for y in (80, HEIGHT - 140):
            pen.polygon(_ring(130 + place * 98, y + 30, 36, 4), fill=("#e9d9b4", "#26365c")[place % 2])
    for row in range(3):
        for column in range(4):
            x, y = 300 + column * 440, 330 + row * 390
            for radius, color in ((165, "#26365c"), (145, "#efe3c8"), (105, "#b5482f"), (60, "#26365c"), (25, "#efe3c8")):
                pen.polygon(_ring(x, y, radius, 8, turn=math.pi / 8), fill=color)


def _ring(x: float, y: float, radius: float, corners: int, turn: float = 0) -> list[tuple[float, float]]:
    """The corners of a regular polygon."""
    angles = [turn + math.tau * corner / corners for corner in range(corners)]
    return [(x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles]


def _felt(pen: Pen) -> None:
    """Ram's horns in two colours of felt, as on a shyrdak."""
    for row in range(2):
        for column in range(3):
            x, y = column * 640, row * 720
            ground, horn = ("#8c3b2e", "#e6c88f") if (row + column) % 2 else ("#e6c88f", "#8c3b2e")
            pen.rectangle((x, y, x + 639, y + 719), fill=ground)
            for side in (-1, 1):
                for end in (-1, 1):
                    cx, cy = x + 320 + side * 130, y + 360 + end * 150
                    pen.arc((cx - 120, cy - 120, cx + 120, cy + 120), 0, 360, fill=horn, width=54)
                    _dot(pen, cx + side * 30, cy, 34, horn)
            pen.rectangle((x + 292, y + 100, x + 348, y + 620), fill=horn)


def _wall(pen: Pen) -> None:
    """A fragment of painted plaster with a scale: a row of pearls, drapery, losses."""
    pen.polygon(
        [(200, 260), (760, 150), (1400, 220), (1730, 520), (1600, 1130), (1060, 1260), (420, 1180), (240, 760)], fill="#d8bd95"
    )
    for step in range(13):
        _dot(pen, 380 + step * 96, 420 + 26 * math.sin(step / 2), 34, "#f4ead2")
        _dot(pen, 380 + step * 96, 420 + 26 * math.sin(step / 2), 14, "#9c4a34")
    for fold in range(7):
        x = 470 + fold * 150
        pen.line([(x, 540), (x - 40, 760), (x + 30, 1100)], fill=("#31577c", "#9c4a34")[fold % 2], width=34, joint="curve")
    for x, y, radius in ((620, 900, 90), (1240, 700, 120), (1400, 980, 70), (900, 620, 50)):
        pen.polygon(_ring(x, y, radius, 7, turn=x), fill=PAPER)
    for part in range(6):
        pen.rectangle((660 + part * 100, 1330, 760 + part * 100, 1360), fill=(LINE, "#ffffff")[part % 2], outline=LINE)


def _bowl(pen: Pen) -> None:
    """The section and the view of a glazed bowl, as on an archaeological drawing."""
    _dot(pen, 560, 640, 420, "#e9d8ae")
    for radius, color in ((390, "#2e6f6b"), (350, "#e9d8ae"), (220, "#2e6f6b"), (195, "#e9d8ae")):
        _dot(pen, 560, 640, radius, color)
    for leaf in range(8):
        angle = math.tau * leaf / 8
        pen.polygon(_ring(560 + 285 * math.cos(angle), 640 + 285 * math.sin(angle), 58, 3, turn=angle), fill="#8d5a2b")
    pen.polygon(_ring(560, 640, 130, 6), fill="#8d5a2b")
    for crack in ((560, 220, 640, 520, 500, 640), (500, 640, 300, 900), (500, 640, 900, 880)):
        pen.line(crack, fill=LINE, width=7, joint="curve")
    pen.line([(1150, 420), (1240, 760), (1400, 900), (1560, 900), (1720, 760), (1810, 420)], fill=LINE, width=16, joint="curve")
    pen.line([(1480, 380), (1480, 960)], fill=LINE, width=5)
    pen.line([(1150, 420), (1810, 420)], fill=LINE, width=5)


def _manuscript(pen: Pen) -> None:
    """An open page: a frame, lines of writing that nobody can read, a torn corner."""
    pen.polygon([(420, 120), (1500, 120), (1500, 1160), (1360, 1320), (420, 1320)], fill="#fbf4e0", outline=LINE)
    pen.rectangle((520, 220, 1400, 1220), outline="#b08a3c", width=14)
    pen.rectangle((560, 260, 1360, 430), fill="#2f5d86")
    for star in range(6):
        pen.polygon(_ring(640 + star * 128, 345, 50, 8), fill="#d9b45a")
    for line in range(10):
        y = 500 + line * 70
        points = [
            (600 + step * 12, y + 10 * math.sin(step * 1.7) + 6 * math.sin(step * 0.6 + line)) for step in range(60 - line % 3 * 6)
        ]
        pen.line(points, fill=LINE, width=7, joint="curve")


def _tiles(pen: Pen) -> None:
    """Eight-pointed stars and crosses, as on a tiled wall."""
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill="#3f8f98")
    for row in range(5):
        for column in range(6):
            x, y = column * 360 + 60, row * 360
            for turn in (0, math.pi / 4):
                pen.polygon(_ring(x, y, 150, 4, turn=turn), fill="#1f4f7a")
            pen.polygon(_ring(x, y, 90, 8, turn=math.pi / 8), fill="#efe6d0")
            _dot(pen, x, y, 40, "#c58b2e")


DRAWINGS: dict[str, Callable[[Pen], None]] = {
    "suzani": _suzani,
    "ikat": _ikat,
    "carpet": _carpet,
    "felt": _felt,
    "wall": _wall,
    "bowl": _bowl,
    "manuscript": _manuscript,
    "tiles": _tiles,
}
