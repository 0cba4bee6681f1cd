"""The map of a search: its hits by town, from the counts of the filter "City"."""

from dataclasses import replace

from exchange.core.maps import MapLink, MapPoint
from institutions.domain.towns import town_places, town_points
from search.domain.pages import SearchPage
from search.models import SearchKind

MAPPED = (SearchKind.PROGRAM, SearchKind.INSTITUTION)


def search_points(page: SearchPage) -> list[MapPoint]:
    """A point for each of the most frequent towns of the hits; each leads to the same search in that town alone.

    None for other kinds. The search counts by town, whatever the country: of two towns with one name the first is meant.
    """
    params = page.search_params
    if params.kind not in MAPPED:
        return []
    counts = {value: count for facet in page.facets if facet.name == "city" for value, _name, count in facet.options if count}
    countries = {key: country for country, key in sorted(town_places(), reverse=True)}
    links = {}
    for key, count in counts.items():
        there = replace(params, filters={**params.filters, "city": (key,)})
        links[countries.get(key, ""), key] = [MapLink("", count, f"?{there.address()}")]
    return town_points(links)
