"""The best people for each programme and the best programmes for each person, out of all pairs, in blocks that bound the memory.

Pairs whose requirements are met come first, then the higher score; of equal ones the earlier row. Pairs without any point are in no list.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.scoring.blocks import ELIGIBLE, Blocks, Keys, Places

BLOCK, CELLS = 512, 512_000
"""People compared at once, at least; more where there are few programmes: arrays of about 2 MB stay in the cache of a processor."""

RANK_BITS, OTHER_BITS = 12, 25
MAX_RANK = (1 << RANK_BITS) - 1


class Pairs(NamedTuple):
    """Pairs as rows of people and of programmes, with points and eligibility, in a fixed order."""

    person: Places
    program: Places
    points: Places
    eligible: npt.NDArray[np.bool_]


def _pieces(blocks: Blocks) -> Iterator[slice]:
    """Consecutive pieces of the people, none where there is no programme."""
    programs, people = len(blocks.calls), len(blocks.people)
    block = max(BLOCK, CELLS // max(1, programs))
    for first in range(0, people if programs else 0, block):
        yield slice(first, min(first + block, people))


def best_pairs(blocks: Blocks, k: int) -> tuple[Pairs, Pairs]:
    """The best k programmes of each person, by person; and the best k people of each programme, by programme."""
    of_programs = _Best(len(blocks.calls), k)
    of_people = []
    for some in _pieces(blocks):
        keys, hundredths = blocks.keys(some)
        chosen = keys >= of_programs.floors(blocks, keys)[:, None]
        chosen |= _may_be_best(blocks, keys, k)
        chosen &= keys > 0
        flat = np.flatnonzero(chosen)
        program, person = np.divmod(flat, keys.shape[1])
        person += some.start
        points = blocks.points(program, person, hundredths.ravel()[flat].astype(np.int64))
        ranked = points + ELIGIBLE * (keys.ravel()[flat] >= ELIGIBLE)
        some_points = points > 0
        program, person, ranked = program[some_points], person[some_points], ranked[some_points]
        of_people.append(_first(person, program, ranked, k))
        of_programs.add(program, person, ranked)
    columns = zip(*of_people, strict=True) if of_people else [[np.zeros(0, dtype=np.int64)]] * 3
    return _pairs(*(np.concatenate(column) for column in columns)), of_programs.pairs()


def all_pairs(blocks: Blocks) -> Places:
    """[programme, person]: points, and ELIGIBLE more for eligible pairs; for few people or few programmes."""
    found = np.zeros((len(blocks.calls), len(blocks.people)), dtype=np.int64)
    for some in _pieces(blocks):
        keys, hundredths = blocks.keys(some)
        program, person = np.nonzero(keys)
        points = blocks.points(program, person + some.start, hundredths[program, person].astype(np.int64))
        found[program, person + some.start] = points + ELIGIBLE * ((keys[program, person] >= ELIGIBLE) & (points > 0))
    return found


def _may_be_best(blocks: Blocks, keys: Keys, k: int) -> npt.NDArray[np.bool_]:
    """[programme, person]: whether the pair may be among the best k of the person, whose k-th best has at least the score that the k-th best key allows."""
    size = len(keys)
    if size <= k:
        return np.ones(keys.shape, dtype=np.bool_)
    kth = np.partition(keys.T.copy(), size - k, axis=1)[:, size - k].astype(np.int64)
    found: npt.NDArray[np.bool_] = keys >= blocks.keys_below(kth)[None, :]
    return found


def _first(group: Places, other: Places, ranked: Places, k: int) -> tuple[Places, Places, Places]:
    """The best k of each group, by group; of equal ones the earlier other. Sorted as one number: 26 bits of group, 12 of rank, 25 of the other."""
    coded = np.sort((group << RANK_BITS + OTHER_BITS) | ((MAX_RANK - ranked) << OTHER_BITS) | other)
    group = coded >> RANK_BITS + OTHER_BITS
    begins = np.flatnonzero(np.diff(group, prepend=-1))
    place = np.arange(len(group)) - np.repeat(begins, np.diff(begins, append=len(group)))
    coded, group = coded[place < k], group[place < k]
    return group, coded & (1 << OTHER_BITS) - 1, MAX_RANK - (coded >> OTHER_BITS & MAX_RANK)


class _Best:
    """The best k people of each programme among the blocks so far."""

    def __init__(self, programs: int, k: int) -> None:
        self._k = k
        self._least = np.zeros(programs, dtype=np.int64)
        self._kept: tuple[Places, Places, Places] = (np.zeros(0, dtype=np.int64),) * 3

    def floors(self, blocks: Blocks, keys: Keys) -> Keys:
        """For each programme the least key of a pair of this block that may be among its best k."""
        found = blocks.keys_reaching(self._least)
        size = keys.shape[1]
        if size > self._k and not self._least.all():
            kth = np.partition(keys, size - self._k, axis=1)[:, size - self._k].astype(np.int64)
            found = np.maximum(found, blocks.keys_below(kth))
        return found

    def add(self, program: Places, person: Places, ranked: Places) -> None:
        """Take over what is better than the k-th best so far; an equal one of a later person is not."""
        better = ranked > self._least[program]
        found = (program[better], person[better], ranked[better])
        if not len(found[0]):
            return
        program, person, ranked = (np.concatenate(both) for both in zip(self._kept, found, strict=True))
        program, person, ranked = _first(program, person, ranked, self._k)
        last = np.flatnonzero(np.diff(program, append=-1))
        full = np.diff(last, prepend=-1) == self._k
        self._least[program[last[full]]] = ranked[last[full]]
        self._kept = (program, person, ranked)

    def pairs(self) -> Pairs:
        """What is kept, by programme, the best first."""
        program, person, ranked = self._kept
        return _pairs(person, program, ranked)


def _pairs(person: Places, program: Places, ranked: Places) -> Pairs:
    eligible = ranked >= ELIGIBLE
    return Pairs(person, program, ranked - ELIGIBLE * eligible, eligible)
