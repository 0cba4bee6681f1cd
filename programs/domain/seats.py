"""Seats: the lock for everything that changes places, and the places left by country."""

from collections.abc import Mapping

from programs.domain.usage import taken_by_country
from programs.models import Program
from programs.rules import Quota, places_left


def lock_program(program_id: int) -> Program:
    """The programme with its row locked until the transaction ends: the seat lock.

    Offering, accepting, confirming and editing take it first; the lock order is programme, application, placement, thread.
    """
    locked: Program = Program.objects.select_for_update(of=("self",)).select_related("institution").get(pk=program_id)
    return locked


def seat_plan(program: Program) -> dict[str, Quota]:
    """Quotas by country; one query, or none when `quotas` were prefetched."""
    return {quota.country: Quota(quota.reserved, quota.most) for quota in program.quotas.all()}


def left_by_country(program: Program, taken: Mapping[str, int] | None = None) -> dict[str, int]:
    """Places left for each eligible country. Pass `taken` to avoid counting again."""
    if taken is None:
        taken = taken_by_country(program.pk)
    quotas = seat_plan(program)
    return {
        country: places_left(country, seats=program.seats, taken=taken, quotas=quotas) for country in program.eligible_countries
    }
