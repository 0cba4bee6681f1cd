"""Keys that are stored for a name, and the weighted keys of a query. Weights are integers, so that all engines calculate the same score.

Tiers, by the first letter of a key:
`f` strict word · `m` medium word · `k` loose word or two neighbours written as one · `s` stem ·
`n` the whole name as one word · `N` that with one sound left out · `c` an initial beside another word ·
`d` `e` a medium word or a stem with one sound left out, which finds every single typo.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from vocabulary.names.forms import chained, open_syllable
from vocabulary.names.parts import Part, parts

KEY_VERSION = 2  # stored keys of another version must be recomputed

STRICT, MEDIUM, LOOSE, STEM = 16, 14, 12, 10
MEDIUM_NEAR, STEM_NEAR = 8, 6
WHOLE, WHOLE_NEAR = 20, 12
PAIR = 14
INITIAL = 4

NEAR_FROM = 4  # a shorter form with a sound left out is not significant
MAX_JOINED = 6  # readings of a whole name
MAX_WHOLE = 40  # sounds of a whole name
MAX_TYPOS = 2  # number of likeliest readings for which typo keys are made
LONG_NAME = 6  # words; longer names, such as those of institutions, get no initials and no typo keys
MAX_KEYS = 2048  # maximum number of keys of a text; names have 20 to 80

Clause = tuple[tuple[str, int], ...]


def stored_keys(text: str) -> frozenset[str]:
    """All keys of a stored name."""
    return frozenset(key for clause in _clauses(parts(text), asked=False) for key in clause)


def query_clauses(text: str) -> tuple[Clause, ...]:
    """A query as sorted clauses of (key, weight): for each clause a name scores the highest weight among its stored keys."""
    return tuple(tuple(sorted(clause.items())) for clause in _clauses(parts(text), asked=True) if clause)


def best_possible(clauses: Iterable[Clause]) -> int:
    """The highest possible score: the sum of the highest weight of every clause."""
    return sum(max(weight for _key, weight in clause) for clause in clauses)


def _clauses(name: tuple[Part, ...], *, asked: bool) -> Iterator[dict[str, int]]:
    full = [part for part in name if not part.initial]
    typos = MAX_TYPOS if len(name) <= LONG_NAME else 0
    for part in full:
        yield _word(part, typos, asked=asked)
    yield _whole(full)
    for first, second in pairwise(full):
        yield _pair(first, second)
    if len(name) <= LONG_NAME:
        yield _initials(name)


def _word(part: Part, typos: int, *, asked: bool) -> dict[str, int]:
    clause = {f"f:{form}": STRICT for form in part.strict}
    clause |= {f"m:{form}": MEDIUM for form in part.medium}
    for form in part.loose:
        if len(form) > 1:
            clause[f"k:{form}"] = LOOSE
    for form in filter(None, map(open_syllable, part.strict)):
        clause[f"k:{form}"] = LOOSE
    for form in part.stems:
        if len(form) > 1 and asked:
            clause.setdefault(f"k:{form}", STEM)
        if len(form) > 1 and (asked or form not in part.loose):  # stored as `k` already
            clause[f"s:{form}"] = STEM
    for form in part.medium[:typos]:
        for near in _near(form, NEAR_FROM):
            clause.setdefault(f"d:{near}", MEDIUM_NEAR)
    for form in part.stems[:typos]:
        for near in _near(form, NEAR_FROM - 1):
            clause.setdefault(f"e:{near}", STEM_NEAR)
    return clause


def _whole(full: list[Part]) -> dict[str, int]:
    joined = [""]
    for part in full:
        joined = list(dict.fromkeys(chained(before, form)[:MAX_WHOLE] for before in joined for form in part.loose))[:MAX_JOINED]
    joined = [form for form in joined if len(form) > 1]
    near = {f"N:{near}": WHOLE_NEAR for form in joined[:MAX_TYPOS] for near in _near(form, 2)}
    return near | {f"n:{form}": WHOLE for form in joined}


def _pair(first: Part, second: Part) -> dict[str, int]:
    return {f"k:{chained(one, other)}": PAIR for one in first.loose for other in second.loose}


def _initials(name: tuple[Part, ...]) -> dict[str, int]:
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
