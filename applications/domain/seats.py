"""How many places of a programme are taken."""

from collections.abc import Collection, Iterable

from django.db.models import Count

from applications.models import Application
from applications.states import HOLDING_SEAT
from programs.domain.seats import seat_plan
from programs.models import Program
from programs.rules import places_left


def taken_by_country(program_id: int, states: Iterable[str] = HOLDING_SEAT) -> dict[str, int]:
    """Applications in these states by sending country; under the programme's lock the count cannot change."""
    rows = Application.objects.filter(program_id=program_id, state__in=tuple(states)).order_by()
    return dict(rows.values_list("country").annotate(Count("pk")))


def taken_of_many(program_ids: Collection[int], states: Iterable[str] = HOLDING_SEAT) -> dict[int, dict[str, int]]:
    """The same for several programmes, in one query; programmes without taken places are left out."""
    rows = Application.objects.filter(program_id__in=list(program_ids), state__in=tuple(states)).order_by()
    found: dict[int, dict[str, int]] = {}
    for program_id, country, count in rows.values_list("program_id", "country").annotate(Count("pk")):
        found.setdefault(program_id, {})[country] = count
    return found


def places_for(program: Program, country: str, states: Iterable[str] = HOLDING_SEAT) -> int:
    """Places this country's experts may still be given, when every application in `states` takes one."""
    return places_left(country, seats=program.seats, taken=taken_by_country(program.pk, states), quotas=seat_plan(program))
