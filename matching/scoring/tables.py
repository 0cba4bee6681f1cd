"""People and programmes as arrays: one row a person or programme, vectors over concepts beside the facts that requirements compare.

Days are numbers of days since 1970. What is not stated is a value that no comparison fails on, beside an array that says so.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from matching.scoring.model import Model
from matching.scoring.values import Call, Person, Window
from matching.scoring.weights import Weights

EPOCH = date(1970, 1, 1)
NONE = -1
UNLIMITED = 2**15 - 1
FRESH_LOSS = 20
"""Percent of freshness lost for each year after the last one."""

Ints = npt.NDArray[np.int32]
Shorts = npt.NDArray[np.int16]
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]


class Codes:
    """Numbers for countries, languages and institutions, given in the order in which they are first seen."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def of(self, key: Hashable) -> int:
        """The number of this key, a new one when it is new."""
        return self._numbers.setdefault(key, len(self._numbers))

    def known(self, key: Hashable) -> int:
        """The number of this key, or NONE."""
        return self._numbers.get(key, NONE)


class Registers:
    """The codes that people and programmes share."""

    def __init__(self) -> None:
        self.countries, self.languages, self.institutions = Codes(), Codes(), Codes()


@dataclass(frozen=True)
class People:
    """Arrays over people. `vectors` is [concept, person], so that a programme reads whole rows; `levels` is [language, person], `starts` and `ends` are [window, person]."""

    vectors: Bytes
    country: Ints
    institution: Ints
    levels: Bytes
    starts: Shorts
    ends: Shorts
    stated: Flags
    lead: Shorts
    longest: Shorts
    years: Shorts
    fresh: Bytes
    silent: Flags

    def __len__(self) -> int:
        return len(self.country)

    def part(self, chosen: "slice | Ints") -> "People":
        """The same arrays for some of the people."""
        return People(
            self.vectors[:, chosen], self.country[chosen], self.institution[chosen], self.levels[:, chosen], self.starts[:, chosen],
            self.ends[:, chosen], self.stated[chosen], self.lead[chosen], self.longest[chosen], self.years[chosen], self.fresh[chosen],
            self.silent[chosen],
        )  # fmt: skip


@dataclass(frozen=True)
class Calls:
    """Arrays over programmes, and the points by concept of each. `needs` are pairs of language number and level."""

    wanted: Sequence[dict[int, int]]
    weights: Sequence[Weights]
    institution: Ints
    open: Flags
    places: Flags
    countries: Sequence[frozenset[int]]
    full: Sequence[frozenset[int]]
    needs: Sequence[tuple[tuple[int, int], ...]]
    starts: Shorts
    ends: Shorts
    until: Shorts
    stay: Shorts
    years: Shorts

    def __len__(self) -> int:
        return len(self.wanted)

    def part(self, chosen: slice) -> "Calls":
        """The same arrays for some of the programmes."""
        return Calls(*(getattr(self, name)[chosen] for name in Calls.__dataclass_fields__))


def day(moment: date) -> int:
    """Days since 1970, until 2059."""
    return min(UNLIMITED - 1, max(0, (moment - EPOCH).days))


def merged(windows: Iterable[Window]) -> list[tuple[int, int]]:
    """Windows as days, in order; those that touch or overlap are one."""
    found: list[tuple[int, int]] = []
    for starts, ends in sorted((day(starts), day(ends)) for starts, ends in windows):
        if found and starts <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((starts, ends))
    return found


def freshness(person: Person, today: date) -> int:
    """Percent by the year of the newest row: 100 for this year and the last, then less; 0 where no year is stated."""
    newest = max((row.year for row in person.rows if row.year is not None), default=None)
    return 0 if newest is None else max(0, 100 - FRESH_LOSS * max(0, today.year - newest - 1))


def people_table(model: Model, people: Sequence[Person], registers: Registers, today: date) -> People:
    """The arrays of these people, in their order."""
    vectors = np.zeros((len(model.hierarchy), len(people)), dtype=np.uint8)
    for place, person in enumerate(people):
        vectors[:, place] = model.vector(model.evidence(person, today))
    return facts_table(vectors, people, registers, [freshness(person, today) for person in people])


def facts_table(vectors: Bytes, people: Sequence[Person], registers: Registers, fresh: Sequence[int]) -> People:
    """The same from vectors that are known."""
    size = len(people)
    windows = [merged(person.windows) for person in people]
    most = max(map(len, windows), default=0) or 1
    starts, ends = np.full((most, size), UNLIMITED, dtype=np.int16), np.full((most, size), NONE, dtype=np.int16)
    for place, own in enumerate(windows):
        for number, (first, last) in enumerate(own):
            starts[number, place], ends[number, place] = first, last
    spoken = [[(registers.languages.of(language), level) for language, level in person.languages.items()] for person in people]
    levels = np.zeros((max(1, len(registers.languages)), size), dtype=np.uint8)
    for place, held in enumerate(spoken):
        for language, level in held:
            levels[language, place] = level
    return People(
        vectors=vectors,
        country=_ints(registers.countries.of(person.country) for person in people),
        institution=_ints(
            NONE if person.institution is None else registers.institutions.of(person.institution) for person in people
        ),
        levels=levels,
        starts=starts,
        ends=ends,
        stated=np.array([bool(own) for own in windows], dtype=np.bool_),
        lead=_shorts(person.lead_days for person in people),
        longest=_shorts(UNLIMITED if person.longest_days is None else person.longest_days for person in people),
        years=_shorts(NONE if person.years is None else person.years for person in people),
        fresh=np.array(fresh, dtype=np.uint8),
        silent=np.array([person.silent for person in people], dtype=np.bool_),
    )


def calls_table(
    model: Model, calls: Sequence[Call], registers: Registers, today: date, wanted: Sequence[dict[int, int]] | None = None
) -> Calls:
    """The arrays of these programmes, in their order. `wanted`: what they ask, where it is known."""
    codes = registers.countries
    return Calls(
        wanted=[model.wanted(call) for call in calls] if wanted is None else wanted,
        weights=[model.weights.for_kind(call.kind) for call in calls],
        institution=_ints(NONE - 1 if call.institution is None else registers.institutions.of(call.institution) for call in calls),
        open=np.array([call.deadline is None or call.deadline >= today for call in calls], dtype=np.bool_),
        places=np.array([call.seats > 0 for call in calls], dtype=np.bool_),
        countries=[frozenset(codes.of(country) for country in call.countries) for call in calls],
        full=[frozenset(codes.of(country) for country, left in call.left.items() if left < 1) for call in calls],
        needs=[
            tuple(sorted((registers.languages.of(language), level) for language, level in call.languages.items())) for call in calls
        ],
        starts=_shorts(day(call.starts) for call in calls),
        ends=_shorts(day(call.ends) for call in calls),
        until=_shorts(day(call.starts) - day(today) if call.away else UNLIMITED for call in calls),
        stay=_shorts((call.ends - call.starts + timedelta(days=1)).days if call.away else 0 for call in calls),
        years=_shorts(call.years for call in calls),
    )


def _shorts(values: Iterable[int]) -> Shorts:
    return np.array([min(UNLIMITED, max(-UNLIMITED, value)) for value in values], dtype=np.int16)


def _ints(values: Iterable[object]) -> Ints:
    return np.array(list(values), dtype=np.int32)
