"""Trigrams computed exactly as by PostgreSQL's pg_trgm, and the three skeletons of a name they are computed from."""

import re
from functools import lru_cache
from typing import NamedTuple

from vocabulary.names.forms import loose, medium
from vocabulary.names.parts import parts

_WORD = re.compile(r"[^\W_]+")


class Skeletons(NamedTuple):
    """The stored strings of a name: the likeliest reading of every word, in three forms."""

    strict: str
    medium: str
    loose: str


@lru_cache(8192)
def skeletons(text: str) -> Skeletons:
    """The three stored strings of a name."""
    first = [part.strict[0] for part in parts(text)]
    return Skeletons(" ".join(first), " ".join(map(medium, first)), " ".join(map(loose, first)))


def trigrams(text: str) -> frozenset[str]:
    """The trigrams of each word with two blanks before and one after, as in pg_trgm."""
    found: set[str] = set()
    for word in _WORD.findall(text.lower()):
        padded = f"  {word} "
        found.update([padded[start : start + 3] for start in range(len(word) + 1)])
    return frozenset(found)


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """pg_trgm's similarity: shared trigrams over all, 0 when there are none."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0


def grams(text: str) -> frozenset[str]:
    """What the fuzzy match searches: the trigrams of the medium and loose skeletons as one string."""
    strings = skeletons(text)
    return trigrams(f"{strings.medium} {strings.loose}")


Sets = tuple[frozenset[str], frozenset[str], frozenset[str]]


@lru_cache(8192)
def sets_of_name(text: str) -> Sets:
    """The trigrams of each skeleton of a name: those of its words, which names share."""
    strict, medium_, loose_ = frozenset[str](), frozenset[str](), frozenset[str]()
    for part in parts(text):
        one, two, three = sets_of_reading(part.strict[0])
        strict, medium_, loose_ = strict | one, medium_ | two, loose_ | three
    return strict, medium_, loose_


@lru_cache(16384)
def sets_of_reading(strict: str) -> Sets:
    """The trigrams of one reading of one word."""
    return trigrams(strict), trigrams(medium(strict)), trigrams(loose(strict))


def tri3(one: Sets, other: Sets) -> float:
    """The mean similarity of the three sets, 0 to 1, symmetric."""
    return sum(map(similarity, one, other)) / 3
