"""The map of towns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from exchange.core.components.registry import register
from exchange.core.maps import WIDTH, MapPoint, draw_sheets


@register.inclusion_tag("components/map.html", name="map")
def town_map(points: Iterable[MapPoint], label: object) -> dict[str, Any]:
    """A map named `label` on which every town is a link, its circle as large as its count; the same links as a list.

    Towns without known coordinates, and what lies outside the two sheets, are in the list only.
    """
    known = sorted(points, key=lambda point: (-point.count, point.name))
    return {
        "sheets": draw_sheets(known),
        "points": known,
        "label": label,
        "width": WIDTH,
        "wide": any(len(point.links) > 1 for point in known),
    }
