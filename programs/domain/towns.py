"""Open programmes by town."""

from typing import Any

from django.db.models import Count
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import pgettext

from exchange.core.maps import MapLink, MapPoint
from institutions.domain.towns import Town, count_towns, town_points
from programs.models import Program


def open_by_town(user: Any) -> dict[Town, int]:
    """How many open programmes this reader sees in each town. One query."""
    rows = Program.objects.visible_to(user).open().order_by().values("country", "city")
    return count_towns(rows.annotate(n=Count("pk")).values_list("country", "city", "n"))


def open_programs_link(town: Town, count: int) -> MapLink:
    """The open programmes of a town, as a search."""
    return MapLink(pgettext("on a map", "Open programmes"), count, in_town("programs", town, open="now"))


def open_points(counts: "dict[Town, int]") -> list[MapPoint]:
    """The points of a map of open programmes."""
    return town_points({town: [open_programs_link(town, count)] for town, count in counts.items()})


def in_town(type: str, town: Town, **more: str) -> str:  # noqa: A002 -- the name in the address
    """The address of the search of this type in a town."""
    country, key = town
    params = QueryDict(mutable=True)
    params.update({"type": type, **more, "country": country, "city": key})
    return f"{reverse('search')}?{params.urlencode()}"
