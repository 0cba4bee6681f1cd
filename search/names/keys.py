"""What is stored of a name, and what a query asks for: exact keys with integer weights, so every engine counts alike.

Tiers, by the first letter of a key:
`f` strict word · `m` medium word · `k` loose word or two neighbours written as one · `s` stem ·
`n` the whole name as one word · `N` that with one sound left out · `c` an initial beside another word ·
`d` `e` a medium or loose word with one sound left out (only in the full set).
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from search.names.forms import chained
from search.names.parts import Part, parts
from search.names.tokens import MAX_INITIALS_OF

KEY_VERSION = 1  # stored keys of another version must be made anew

STRICT, MEDIUM, LOOSE, STEM = 16, 14, 12, 10
MEDIUM_NEAR, LOOSE_NEAR = 8, 6
WHOLE, WHOLE_NEAR = 20, 12
PAIR, PAIR_NEAR = 14, 6
INITIAL = 4

NEAR_FROM = 4  # a shorter form with a sound left out says nothing
MAX_JOINED = 6
FULL = True  # delete-one neighbours of words: twice the keys

Clause = tuple[tuple[str, int], ...]


def stored_keys(text: str) -> frozenset[str]:
    """Every key of one stored name."""
    return frozenset(key for clause in _clauses(parts(text), asked=False) for key in clause)


def query_clauses(text: str) -> tuple[Clause, ...]:
    """A query as clauses of (key, weight): a name scores, for each clause, its heaviest key that is stored; sorted."""
    return tuple(tuple(sorted(clause.items())) for clause in _clauses(parts(text), asked=True) if clause)


def best_possible(clauses: Iterable[Clause]) -> int:
    """What a name scores that has the heaviest key of every clause: each name does for its own clauses."""
    return sum(max(weight for _key, weight in clause) for clause in clauses)


def _clauses(name: tuple[Part, ...], *, asked: bool) -> Iterator[dict[str, int]]:
    full = [part for part in name if not part.initial]
    for part in full:
        yield _word(part, asked=asked)
    yield _whole(full)
    for first, second in pairwise(full):
        yield _pair(first, second)
    yield _initials(name)


def _word(part: Part, *, asked: bool) -> dict[str, int]:
    clause = {f"f:{form}": STRICT for form in part.strict}
    clause |= {f"m:{form}": MEDIUM for form in part.medium}
    for form in part.loose:
        if len(form) > 1:
            clause[f"k:{form}"] = LOOSE
    for form in part.stems:
        if len(form) > 1:
            clause[f"s:{form}"] = STEM
            if asked:
                clause.setdefault(f"k:{form}", STEM)
    if FULL:
        for form in part.medium:
            for near in _near(form, 4):
                clause.setdefault(f"d:{near}", MEDIUM_NEAR)
        for form in {*part.loose, *part.stems}:
            for near in _near(form, 3):
                clause.setdefault(f"e:{near}", LOOSE_NEAR)
    return clause


def _whole(full: list[Part]) -> dict[str, int]:
    joined = {""}
    for part in full:
        joined = {chained(before, form) for before in joined for form in part.loose}
        joined = set(sorted(joined)[:MAX_JOINED])
    clause = {}
    for form in joined:
        if len(form) > 1:
            clause[f"n:{form}"] = WHOLE
            for near in _near(form, 2):
                clause[f"N:{near}"] = WHOLE_NEAR
    return clause


def _pair(first: Part, second: Part) -> dict[str, int]:
    clause = {}
    for form in {chained(one, other) for one in first.loose for other in second.loose}:
        clause[f"k:{form}"] = PAIR
        if FULL and len(form) >= NEAR_FROM:
            for near in _near(form, NEAR_FROM):
                clause.setdefault(f"e:{near}", PAIR_NEAR)
    return clause


def _initials(name: tuple[Part, ...]) -> dict[str, int]:
    if len(name) > MAX_INITIALS_OF:
        return {}
    return {
        f"c:{letter}{form}": INITIAL
        for one in name
        for other in name
        if one is not other and not other.initial
        for letter in one.classes
        for form in other.loose
        if len(form) > 1
    }


def _near(form: str, shortest: int) -> set[str]:
    """The form, and each form with one sound left out."""
    if len(form) < shortest:
        return set()
    return {form, *(form[:gap] + form[gap + 1 :] for gap in range(len(form)))} if len(form) >= NEAR_FROM else {form}
