"""Trigrams exactly as PostgreSQL's pg_trgm cuts and compares them, and the three skeletons of a name they are cut from."""

import re
from functools import lru_cache
from typing import NamedTuple

from search.names.forms import loose, medium
from search.names.parts import parts

_WORD = re.compile(r"[^\W_]+")


class Skeletons(NamedTuple):
    """The stored strings of a name: every word by its likeliest reading, in three forms."""

    strict: str
    medium: str
    loose: str


@lru_cache(8192)
def skeletons(text: str) -> Skeletons:
    """The three stored strings of a name."""
    first = [part.strict[0] for part in parts(text)]
    return Skeletons(" ".join(first), " ".join(map(medium, first)), " ".join(map(loose, first)))


def trigrams(text: str) -> frozenset[str]:
    """pg_trgm's set: of each word with two blanks before and one after."""
    return frozenset(
        padded[start : start + 3]
        for padded in (f"  {word} " for word in _WORD.findall(text.lower()))
        for start in range(len(padded) - 2)
    )


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """pg_trgm's similarity: shared over all, 0 when there is none."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0


def grams(text: str) -> frozenset[str]:
    """What the rescue looks up: the trigrams of the medium and loose skeletons as one string."""
    strings = skeletons(text)
    return trigrams(f"{strings.medium} {strings.loose}")


@lru_cache(8192)
def three_sets(text: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The trigrams of each skeleton."""
    strings = skeletons(text)
    return trigrams(strings.strict), trigrams(strings.medium), trigrams(strings.loose)


def tri3(one: str, other: str) -> float:
    """The mean of the trigram similarities of the three skeletons, 0 to 1, the same both ways."""
    pairs = zip(three_sets(one), three_sets(other), strict=True)
    return sum(similarity(left, right) for left, right in pairs) / 3
