"""Rules of programmes: places, permissions and requirements. No query, no write."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.access import access_of

OPEN_ENDED = 10_000
"""An upper limit of places, more than any programme has."""


@dataclass(frozen=True)
class Quota:
    """`reserved` places for a country alone, `most` its maximum (None: no limit of its own)."""

    reserved: int = 0
    most: int | None = None


def places_left(country: str, *, seats: int, taken: Mapping[str, int], quotas: Mapping[str, Quota]) -> int:
    """How many more experts of `country` may be placed now (0 or more).

    A place is free for a country when the programme has one that is neither taken nor reserved for another country, and the country
    has not reached its own limit: min(seats - taken - reserved for others, most - taken by this country).
    """
    kept_for_others = sum(max(0, quota.reserved - taken.get(other, 0)) for other, quota in quotas.items() if other != country)
    left = seats - sum(taken.values()) - kept_for_others
    most = quotas.get(country, Quota()).most
    if most is not None:
        left = min(left, most - taken.get(country, 0))
    return max(0, left)


# ---- permissions --------------------------------------------------------------------------------------------------------


def may_edit(user: Any, institution_id: int) -> bool:
    """Whether this user may post and edit programmes of the institution."""
    return institution_id in access_of(user).edited_institutions


# ---- requirements, over plain values -------------------------------------------------------------------------

Window = tuple[datetime.date, datetime.date]


@dataclass(frozen=True)
class Criteria:
    """The criteria of a programme. `languages` are pairs of code and CEFR level; `left` is places left by country."""

    countries: frozenset[str]
    starts: datetime.date
    ends: datetime.date
    languages: tuple[tuple[str, int], ...] = ()
    experience: int = 0
    left: Mapping[str, int] = field(default_factory=dict)
    open: bool = True
    away: bool = True
    """Whether participants have to travel."""


@dataclass(frozen=True)
class Candidate:
    """The facts of a person. No windows means that no availability was entered, not that there is none."""

    country: str
    languages: Mapping[str, int] = field(default_factory=dict)
    experience: int | None = None
    windows: tuple[Window, ...] = ()
    lead_days: int = 0
    longest_days: int | None = None


@dataclass(frozen=True)
class Finding:
    """An unmet requirement (or a warning): a code, and the values of its text."""

    code: str
    data: Mapping[str, Any] = field(default_factory=dict)


def requirements(criteria: Criteria, person: Candidate) -> list[Finding]:
    """The unmet requirements of this person; empty when they are eligible. No query, so it can run over thousands."""
    found = []
    if not criteria.open:
        found.append(Finding("closed"))
    if person.country not in criteria.countries:
        found.append(Finding("country", {"country": person.country}))
    elif criteria.left.get(person.country, OPEN_ENDED) < 1:
        found.append(Finding("places", {"country": person.country}))
    for language, asked in criteria.languages:
        held = person.languages.get(language)
        if held is None:
            found.append(Finding("language", {"language": language, "asked": asked}))
        elif held < asked:
            found.append(Finding("level", {"language": language, "asked": asked, "held": held}))
    if criteria.experience and person.experience is None:
        found.append(Finding("experience_unknown", {"asked": criteria.experience}))
    elif criteria.experience > (person.experience or 0):
        found.append(Finding("experience", {"asked": criteria.experience, "held": person.experience}))
    if person.windows and not covered(criteria.starts, criteria.ends, person.windows):
        found.append(Finding("dates", {"starts": criteria.starts, "ends": criteria.ends}))
    days = (criteria.ends - criteria.starts).days + 1
    if criteria.away and person.longest_days is not None and days > person.longest_days:
        found.append(Finding("stay", {"days": days, "longest": person.longest_days}))
    return found


def warnings(criteria: Criteria, person: Candidate, today: datetime.date) -> list[Finding]:
    """Warnings that do not block: no availability entered, less notice than the person asks for."""
    found = []
    if not person.windows:
        found.append(Finding("no_windows"))
    days = (criteria.starts - today).days
    if criteria.away and 0 <= days < person.lead_days:
        found.append(Finding("notice", {"days": days, "lead": person.lead_days}))
    return found


def covered(starts: datetime.date, ends: datetime.date, windows: Iterable[Window]) -> bool:
    """Whether every day from `starts` to `ends` lies in a window; windows that touch count as one."""
    reached = starts
    for first, last in sorted(windows):
        if first > reached:
            break
        reached = max(reached, last + datetime.timedelta(days=1))
        if reached > ends:
            return True
    return False
