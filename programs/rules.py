"""Rules of programmes that are only arithmetic or roles: no query, no write."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Quota:
    """`reserved` places kept for a country, `most` the largest number it may take (None: no limit of its own)."""

    reserved: int = 0
    most: int | None = None


def places_left(country: str, *, seats: int, taken: Mapping[str, int], quotas: Mapping[str, Quota]) -> int:
    """How many more experts of `country` may be placed now (0 or more).

    A place is free for a country when the programme has one that is neither taken nor kept for another country, and the country
    has not reached its own limit: min(seats - taken - kept for others, most - taken by this country).
    """
    kept_for_others = sum(max(0, quota.reserved - taken.get(other, 0)) for other, quota in quotas.items() if other != country)
    left = seats - sum(taken.values()) - kept_for_others
    most = quotas.get(country, Quota()).most
    if most is not None:
        left = min(left, most - taken.get(country, 0))
    return max(0, left)
