"""Where towns are: the mean place of the institutions there. Points for maps."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.core.cache import caches
from django.db.models import Avg, Count

from exchange.core.maps import MapLink, MapPoint
from exchange.core.towns import town_key, town_of_key
from institutions.models import Institution

CACHE_KEY, CACHE_SECONDS = "town-places", 600

Town = tuple[str, str]
"""Country and `town_key`."""
Place = tuple[float, float]
"""Latitude and longitude (degrees)."""


def town_places() -> Mapping[Town, Place]:
    """Every town with an institution whose coordinates are known. One query, at most every ten minutes."""
    known: Mapping[Town, Place] | None = caches["redis"].get(CACHE_KEY)
    if known is None:
        rows = Institution.objects.filter(latitude__isnull=False, longitude__isnull=False).order_by().values("country", "city")
        counted = rows.annotate(n=Count("pk"), north=Avg("latitude"), east=Avg("longitude"))
        spelt: dict[Town, list[tuple[int, float, float]]] = defaultdict(list)
        for row in counted:
            spelt[row["country"], town_key(row["city"])].append((row["n"], row["north"], row["east"]))
        known = {town: _mean(places) for town, places in spelt.items()}
        caches["redis"].set(CACHE_KEY, known, CACHE_SECONDS)
    return known


def _mean(places: Iterable[tuple[int, float, float]]) -> Place:
    """The mean over the spellings of one town."""
    rows = list(places)
    number = sum(n for n, _north, _east in rows)
    return sum(n * north for n, north, _east in rows) / number, sum(n * east for n, _north, east in rows) / number


def town_points(links: Mapping[Town, Iterable[MapLink]]) -> list[MapPoint]:
    """A point for each town, named in the reader's language."""
    places = town_places()
    return [MapPoint(town_of_key(key), country, places.get((country, key)), tuple(own)) for (country, key), own in links.items()]


def count_towns(rows: Iterable[tuple[str, str, int]]) -> dict[Town, int]:
    """Numbers by town, from rows of country, town as it is spelt, and number."""
    counts: dict[Town, int] = defaultdict(int)
    for country, city, number in rows:
        counts[country, town_key(city)] += number
    return dict(counts)
