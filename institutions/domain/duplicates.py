"""Institutions that may be one: of the same country, with like names in any script. Only suggested; a coordinator decides.

Names of institutions are made of common words (state, museum, institute), so the words that few of the country use count as much
as the whole name: "museum-reserve of Bukhara" and "museum-reserve of Kokand" are not alike.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from django.core.cache import cache

from exchange.core.versions import version_of_rows
from institutions.domain.institution_merge import distinct_pairs
from institutions.models import Institution
from vocabulary.names import likeness, word_keys

SIMILAR_FROM = 1.05
SAME_CITY = 0.1
ONE_SIDED = 0.6
"""What the telling words count when only one of the two names has any."""
FEW, MAX_FEW = 0.08, 6
"""A word tells something when at most this share of the institutions, and no more than so many of them, use it."""
SHARED = 0.5
"""The share of words that two names without a telling word in common must have in common to be compared."""
KEPT_SECONDS = 3600
WORD = re.compile(r"[^\W_]+(?:['ʻʼ’-][^\W_]+)*")


@dataclass(frozen=True)
class _Known:
    """What is compared of one institution."""

    pk: int
    city: str
    names: tuple["_Named", ...]


@dataclass(frozen=True)
class _Named:
    """One name: its telling words, the sounds of these, and those of all its words."""

    text: str
    told: str
    telling: frozenset[str]
    sounds: frozenset[str]

    def worth_comparing(self, other: "_Named") -> bool:
        """Quick to tell, so that a register of thousands is compared while somebody waits."""
        shared = len(self.sounds & other.sounds)
        return bool(self.telling & other.telling) or (shared > 0 and shared >= SHARED * len(self.sounds | other.sounds))


Pairs = list[tuple[int, int, float, str, str]]
"""Ids of the two, likeness, and the two names that are alike."""


def alike_in(*countries: str) -> Pairs:
    """Pairs within each of these countries by likeness, best first in each; computed anew when an institution or a name changes."""
    named = _read(countries)
    keys = {country: f"alike-institutions:{country}:{version_of_rows(rows)}" for country, rows in named.items()}
    known = cache.get_many(keys.values())
    for country, key in keys.items():
        if key not in known:
            known[key] = _compare(_known(named[country]))
            cache.set(key, known[key], KEPT_SECONDS)
    return [pair for country in countries for pair in known[keys[country]]]


def suggestion_count(countries: Sequence[str]) -> int:
    """How many pairs nobody has told apart yet."""
    return len(open_pairs(countries))


def open_pairs(countries: Sequence[str]) -> Pairs:
    """The pairs of these countries that nobody has told apart yet."""
    told_apart = distinct_pairs(*countries)
    return [pair for pair in alike_in(*countries) if pair[:2] not in told_apart]


# ---- comparing -------------------------------------------------------------------------------------------------------


def _read(countries: Sequence[str]) -> dict[str, list[tuple[int, str, list[str]]]]:
    """Id, town and names of the institutions, by country."""
    rows = Institution.objects.filter(country__in=countries).only("country", "name", "short_name", "city").prefetch_related("names")
    named: dict[str, list[tuple[int, str, list[str]]]] = {country: [] for country in countries}
    for row in rows.order_by("pk"):
        named[row.country].append((row.pk, row.city, _names(row)))
    return named


def _known(named: list[tuple[int, str, list[str]]]) -> list[_Known]:
    sounds = {name: _sounds(name) for _pk, _city, names in named for name in names}
    users = Counter(sound for _pk, _city, names in named for sound in {sound for name in names for _word, sound in sounds[name]})
    few = max(2, min(MAX_FEW, int(len(named) * FEW)))
    return [
        _Known(pk, city.casefold(), tuple(_named(name, sounds[name], users, few) for name in names)) for pk, city, names in named
    ]


def _named(name: str, sounds: list[tuple[str, str]], users: Counter[str], few: int) -> _Named:
    told = [(word, sound) for word, sound in sounds if users[sound] <= few and len(word) > 1]
    return _Named(
        name,
        " ".join(word for word, _sound in told),
        frozenset(sound for _word, sound in told),
        frozenset(sound for _word, sound in sounds),
    )


def _names(row: Institution) -> list[str]:
    return list(dict.fromkeys([*row.name.values(), *(name.text for name in row.names.all() if name.kind != "short")]))


def _sounds(name: str) -> list[tuple[str, str]]:
    """The words of a name, each with its likeliest sound."""
    heard = ((word, word_keys(word)) for word in WORD.findall(name))
    return [(word, min(keys[0], key=lambda sound: (len(sound), sound))) for word, keys in heard if keys]


def _compare(known: list[_Known]) -> list[tuple[int, int, float, str, str]]:
    found = []
    for one, other in combinations(known, 2):
        scores = [_similar(a, b) for a in one.names for b in other.names if a.worth_comparing(b)]
        score, *names = max(scores, default=(0.0, "", ""))
        score += SAME_CITY if one.city == other.city else 0
        if score >= SIMILAR_FROM:
            found.append((one.pk, other.pk, round(score, 3), str(names[0]), str(names[1])))
    return sorted(found, key=lambda row: -row[2])


def _similar(one: _Named, other: _Named) -> tuple[float, str, str]:
    whole = _both_ways(one.text, other.text)
    telling = _both_ways(one.told, other.told) if one.told and other.told else ONE_SIDED if one.told or other.told else whole
    return (whole + telling) / 2, one.text, other.text


def _both_ways(one: str, other: str) -> float:
    return max(likeness(one, other), likeness(other, one))
