"""The map of the coordinator's desk: institutions and open programmes of its countries."""

from collections import defaultdict

from django.db.models import Count, Value
from django.utils.translation import pgettext

from exchange.core.maps import MapLink, MapPoint
from institutions.domain.towns import Town, count_towns, town_points
from institutions.models import Institution
from institutions.states import InstitutionState
from placements.domain.desk import DeskScope
from programs.domain.towns import in_town, open_programs_link
from programs.models import Program

INSTITUTIONS, PROGRAMS = "institutions", "programs"


def desk_points(scope: DeskScope) -> list[MapPoint]:
    """The towns of the countries shown, as far as the reader sees what is there; suspended institutions are not counted. One query."""
    institutions = Institution.objects.visible_to(scope.user).exclude(state=InstitutionState.SUSPENDED)
    programs = Program.objects.visible_to(scope.user).open()
    asked = [
        rows.filter(country__in=scope.shown)
        .order_by()
        .values("country", "city")
        .annotate(n=Count("pk"), what=Value(what))
        .values_list("country", "city", "n", "what")
        for what, rows in ((INSTITUTIONS, institutions), (PROGRAMS, programs))
    ]
    rows = list(asked[0].union(asked[1], all=True))
    links: dict[Town, list[MapLink]] = defaultdict(list)
    for town, count in count_towns(row[:3] for row in rows if row[3] == INSTITUTIONS).items():
        links[town].append(MapLink(pgettext("on a map", "Institutions"), count, in_town(INSTITUTIONS, town)))
    for town, count in count_towns(row[:3] for row in rows if row[3] == PROGRAMS).items():
        links[town].append(open_programs_link(town, count))
    return town_points(links)
