"""Rules of programmes that are only arithmetic or roles: no query, no write."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from profiles.access import access_of

OPEN_ENDED = 10_000
"""More places than any programme has."""


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


# ---- who may --------------------------------------------------------------------------------------------------------


def may_edit(user: Any, institution_id: int) -> bool:
    """Whether this person posts and edits for the institution."""
    return institution_id in access_of(user).edited_institutions


# ---- who fits: the gates, over plain values -------------------------------------------------------------------------

Window = tuple[datetime.date, datetime.date]


@dataclass(frozen=True)
class Criteria:
    """What a programme asks of a participant. `languages` are pairs of code and CEFR level; `left` is places left by country."""

    countries: frozenset[str]
    starts: datetime.date
    ends: datetime.date
    languages: tuple[tuple[str, int], ...] = ()
    experience: int = 0
    left: Mapping[str, int] = field(default_factory=dict)
    open: bool = True
    away: bool = True
    """Whether one has to leave home for it."""


@dataclass(frozen=True)
class Candidate:
    """What a person brings. No windows means that nothing was said about availability, not that there is none."""

    country: str
    languages: Mapping[str, int] = field(default_factory=dict)
    experience: int | None = None
    windows: tuple[Window, ...] = ()
    lead_days: int = 0
    longest_weeks: int | None = None


@dataclass(frozen=True)
class Finding:
    """One thing in the way (or, as a hint, one thing to think of): a code, and the values its words need."""

    code: str
    data: Mapping[str, Any] = field(default_factory=dict)


def requirements(ask: Criteria, person: Candidate) -> list[Finding]:
    """Everything that keeps this person out of this programme; empty when they are eligible. Pure, so it may run over thousands."""
    found = []
    if not ask.open:
        found.append(Finding("closed"))
    if person.country not in ask.countries:
        found.append(Finding("country", {"country": person.country}))
    elif ask.left.get(person.country, OPEN_ENDED) < 1:
        found.append(Finding("places", {"country": person.country}))
    for language, asked in ask.languages:
        held = person.languages.get(language)
        if held is None:
            found.append(Finding("language", {"language": language, "asked": asked}))
        elif held < asked:
            found.append(Finding("level", {"language": language, "asked": asked, "held": held}))
    if ask.experience and person.experience is None:
        found.append(Finding("experience_unknown", {"asked": ask.experience}))
    elif ask.experience > (person.experience or 0):
        found.append(Finding("experience", {"asked": ask.experience, "held": person.experience}))
    if person.windows and not covered(ask.starts, ask.ends, person.windows):
        found.append(Finding("dates", {"starts": ask.starts, "ends": ask.ends}))
    weeks = -(-((ask.ends - ask.starts).days + 1) // 7)
    if ask.away and person.longest_weeks is not None and weeks > person.longest_weeks:
        found.append(Finding("stay", {"weeks": weeks, "longest": person.longest_weeks}))
    return found


def warnings(ask: Criteria, person: Candidate, today: datetime.date) -> list[Finding]:
    """What does not keep anybody out but deserves a thought: nothing said about availability, less notice than they wish."""
    found = []
    if not person.windows:
        found.append(Finding("no_windows"))
    days = (ask.starts - today).days
    if ask.away and 0 <= days < person.lead_days:
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
