"""Scores and eligibility of all pairs, by blocks [programme, person], as exact whole numbers.

The subject of all pairs is one product of a sparse matrix (the points that programmes give to concepts) with a block of the people's vectors. What else is
compared is computed once for each distinct set of languages, countries and years, not once a pair. The products stay below 2**24, so that single
precision is exact.

Two steps. `keys` gives each pair of a block a number below 2048 for the share of what is asked that the person holds, and its eligibility. `points` gives
the score of chosen pairs. A score lies between bounds that follow from the key, so lists of the best need the second step for few pairs, and miss none.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from matching.scoring.tables import NONE, Calls, Flags, Ints, People
from matching.scoring.weights import WHOLE, Weights

Keys = npt.NDArray[np.uint16]
Places = npt.NDArray[np.int64]
ELIGIBLE = 2048
"""Added to the points or the key of an eligible pair, so that it comes first."""
STEPS = 2000
"""Keys of pairs from nothing that is asked to all of it."""
ENOUGH_YEARS = 10
"""Years of practice that are full where a programme asks for none; elsewhere twice what it asks."""
AT_LEVEL, A_LEVEL_ABOVE = 80, 100
"""Percent of the language part at the level that is asked, and from one level above it."""
UNSTATED_DATES = 50


class Prepared:
    """Programmes prepared once for any number of people: what a process keeps while they do not change."""

    def __init__(self, calls: Calls, concepts: int) -> None:
        self.calls = calls
        product = wanted_matrix(calls, concepts)
        self.used = np.unique(product.indices)
        self.product = product[:, self.used] if len(calls) else product
        self.subjects = np.array([weights.subjects for weights in calls.weights], dtype=np.int64)
        self.half = np.array([weights.half for weights in calls.weights], dtype=np.int64)
        self.dates = np.array([weights.dates for weights in calls.weights], dtype=np.int64)
        self.scale = (STEPS / np.maximum(1, 100 * self.subjects)).astype(np.float32)[:, None]
        self.bounds = _Bounds(calls.weights)
        self.languages = _Groups([(needs, weights.languages) for needs, weights in zip(calls.needs, calls.weights, strict=True)])
        self.practice = _Groups(
            [(int(years), weights.practice, weights.freshness) for years, weights in zip(calls.years, calls.weights, strict=True)]
        )
        self.countries = _Groups(list(zip(calls.countries, calls.full, (calls.open & calls.places).tolist(), strict=True)))
        self.hosts: dict[int, list[int]] = {}
        for program, institution in enumerate(calls.institution.tolist()):
            self.hosts.setdefault(institution, []).append(program)


class Blocks:
    """Prepared programmes beside people."""

    def __init__(self, prepared: Prepared, people: People) -> None:
        self.calls, self.people, self._prepared = prepared.calls, people, prepared
        self._small_languages = prepared.languages.rows(lambda key: language_points(people, *key), np.uint16)
        self._small_practice = prepared.practice.rows(lambda key: practice_points(people, *key), np.uint16)
        self._speaks = prepared.languages.rows(lambda key: speaks(people, key[0]), np.bool_)
        self._long_enough = prepared.practice.rows(lambda key: people.years >= key[0] if key[0] else people.years >= NONE, np.bool_)
        self._admitted = prepared.countries.rows(lambda key: admitted(people, *key), np.bool_)
        self._own = _own_institutions(prepared.hosts, people)

    def keys(self, some: slice) -> tuple[Keys, npt.NDArray[np.float32]]:
        """[programme, person of `some`]: the key, 0 where nothing asked is held, ELIGIBLE more where all requirements are met; and the exact hundredths of subject points."""
        hundredths = self._prepared.product @ self.people.vectors[self._prepared.used, some].astype(np.float32)
        found: Keys = np.ceil(hundredths * self._prepared.scale).astype(np.uint16)
        eligible = self._eligible(some)
        eligible &= found > 0
        found += eligible.astype(np.uint16) * np.uint16(ELIGIBLE)
        return found, hundredths

    def points(self, program: Places, person: Places, hundredths: Places) -> Places:
        """The scores of these pairs, from the hundredths of their subject points."""
        prepared = self._prepared
        subjects = subject_points(hundredths, prepared.subjects[program], prepared.half[program])
        small = self._small_languages[prepared.languages.group[program], person].astype(np.int64)
        small += self._small_practice[prepared.practice.group[program], person]
        dates = prepared.dates[program]
        small += np.where(
            self._free(program, person), dates, np.where(self.people.stated[person], 0, dates * UNSTATED_DATES // 100)
        )
        return subjects + small * subjects // np.maximum(1, prepared.subjects[program])

    def keys_below(self, keys: Places) -> Keys:
        """The least keys of pairs whose score may still reach that of a pair with these keys."""
        eligible = keys >= ELIGIBLE
        return (self._prepared.bounds.reaching_key[keys - ELIGIBLE * eligible] + ELIGIBLE * eligible).astype(np.uint16)

    def keys_reaching(self, ranked: Places) -> Keys:
        """The least keys of pairs whose score may reach these points, ELIGIBLE more where the pair is eligible."""
        eligible = ranked >= ELIGIBLE
        return (self._prepared.bounds.reaching_points[ranked - ELIGIBLE * eligible] + ELIGIBLE * eligible).astype(np.uint16)

    def _free(self, program: Places, person: Places) -> Flags:
        starts, ends = self.calls.starts[program], self.calls.ends[program]
        found = np.zeros(len(program), dtype=np.bool_)
        for number in range(self.people.starts.shape[0]):
            found |= (self.people.starts[number, person] <= starts) & (self.people.ends[number, person] >= ends)
        return found

    def _eligible(self, some: slice) -> Flags:
        people, calls = self.people, self.calls
        found: Flags = (~people.stated[some])[None, :].repeat(len(calls), axis=0)
        starts, ends = calls.starts[:, None], calls.ends[:, None]
        for number in range(people.starts.shape[0]):
            free = people.starts[number, some] <= starts
            free &= people.ends[number, some] >= ends
            found |= free
        found &= people.lead[some] <= calls.until[:, None]
        found &= people.longest[some] >= calls.stay[:, None]
        prepared = self._prepared
        for rows, groups in (
            (self._admitted, prepared.countries),
            (self._speaks, prepared.languages),
            (self._long_enough, prepared.practice),
        ):
            found &= rows[:, some][groups.group]
        first, last = np.searchsorted(self._own[1], (some.start, some.stop))
        found[self._own[0][first:last], self._own[1][first:last] - some.start] = False
        return found


class _Bounds:
    """What scores a key allows, for every table of weights in use: at least its subject points alone, at most those with all small parts."""

    def __init__(self, weights: Sequence[Weights]) -> None:
        kinds = dict.fromkeys((one.subjects, one.half) for one in weights)
        keys = np.arange(STEPS + 2, dtype=np.int64)
        least, most = np.full(len(keys), WHOLE, dtype=np.int64), np.zeros(len(keys), dtype=np.int64)
        for subjects, half in kinds:
            below, above = (np.clip((keys + by) * subjects * 100 // STEPS + by, 0, subjects * 100) for by in (-1, 1))
            least = np.minimum(least, subject_points(below, subjects, half))
            highest = subject_points(above, subjects, half)
            most = np.maximum(most, highest + (WHOLE - subjects) * highest // max(1, subjects))
        most[0], least[0] = 0, 0
        self.reaching_points = np.maximum(1, np.searchsorted(most, np.arange(ELIGIBLE), side="left"))
        self.reaching_key = self.reaching_points[least]


def _own_institutions(hosts: Mapping[int, Sequence[int]], people: People) -> tuple[Places, Places]:
    """The pairs in which the person works at the host, as rows of programmes and of people, by person."""
    working = np.flatnonzero(np.isin(people.institution, list(hosts)) & (people.institution != NONE)).tolist()
    pairs = [(program, person) for person in working for program in hosts[int(people.institution[person])]]
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def subject_points(hundredths: Any, subjects: Any, half: Any) -> Any:
    """Points of the subject part, of numbers or arrays: half of what is asked earns `half` percent of them, the other half the rest."""
    first, second = 2 * half, 200 - 2 * half
    whole = subjects * (10_000 - 100 * second)
    return np.minimum(hundredths * first, hundredths * second + whole) // 10_000


def wanted_matrix(calls: Calls, concepts: int) -> csr_array:
    """[programme, concept]: the points that each programme gives to each concept."""
    columns = [concept for wanted in calls.wanted for concept in wanted]
    points = [value for wanted in calls.wanted for value in wanted.values()]
    lengths = np.cumsum([0, *(len(wanted) for wanted in calls.wanted)])
    rows = (np.array(points, dtype=np.float32), np.array(columns, dtype=np.int32), lengths.astype(np.int32))
    return csr_array(rows, shape=(len(calls), concepts))


def language_points(people: People, needs: Sequence[tuple[int, int]], points: int) -> Ints:
    """Points of the languages for each person, before they are taken in proportion to the subject."""
    if not needs:
        return np.full(len(people), points, dtype=np.int32)
    percent = np.zeros(len(people), dtype=np.int32)
    for language, asked in needs:
        held = level_of(people, language)
        percent += np.where(held > asked, A_LEVEL_ABOVE, np.where(held == asked, AT_LEVEL, 0)).astype(np.int32)
    found: Ints = points * percent // (100 * len(needs))
    return found


def practice_points(people: People, asked: int, practice: int, freshness: int) -> Ints:
    """Points of the years of practice and of freshness together."""
    enough = 2 * asked or ENOUGH_YEARS
    years = practice * np.clip(people.years.astype(np.int32), 0, enough) // enough
    found: Ints = years + freshness * people.fresh.astype(np.int32) // 100
    return found


def speaks(people: People, needs: Sequence[tuple[int, int]]) -> Flags:
    """Whether all languages are spoken at the level that is asked."""
    found = np.ones(len(people), dtype=np.bool_)
    for language, asked in needs:
        found &= level_of(people, language) >= max(1, asked)
    return found | people.silent


def admitted(people: People, countries: frozenset[int], full: frozenset[int], takes: bool) -> Flags:
    """Whether the programme takes applications, is for the person's country, and has places left for it."""
    found: Flags = np.isin(people.country, list(countries - full)) if takes else np.zeros(len(people), dtype=np.bool_)
    return found


def level_of(people: People, language: int) -> Ints:
    """The level of each person in a language, 0 for none."""
    if language >= len(people.levels):
        return np.zeros(len(people), dtype=np.int32)
    return people.levels[language].astype(np.int32)


class _Groups:
    """Programmes with the same key are compared once."""

    def __init__(self, keys: Sequence[Hashable]) -> None:
        self._keys = list(dict.fromkeys(keys))
        numbers = {key: number for number, key in enumerate(self._keys)}
        self.group = np.array([numbers[key] for key in keys], dtype=np.intp)

    def rows(self, compute: Callable[..., npt.NDArray], kind: type) -> npt.NDArray:  # type: ignore[type-arg]
        """One row over people for each distinct key."""
        return np.array([compute(key) for key in self._keys], dtype=kind) if self._keys else np.zeros((0, 0), dtype=kind)
