"""Suggested duplicate institutions: pairs of one country with similar names in any script. A coordinator decides.

Names of institutions consist of common words (state, museum, institute), so the words that few institutions of the country use
(distinctive words) count as much as the whole name: "museum-reserve of Bukhara" and "museum-reserve of Kokand" are not similar.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.cache import caches
from django.db.models import Q, Value

from exchange.core.versions import version_of_rows
from institutions.domain.institution_merge import distinct_pairs
from institutions.models import Institution
from institutions.states import InstitutionNameKind
from vocabulary.names import likeness, word_keys

SIMILAR_FROM = 1.05
SAME_CITY = 0.1
ONE_SIDED = 0.6
"""The similarity of the distinctive words when only one of the two names has any."""
FEW, MAX_FEW = 0.08, 6
"""A word is distinctive when at most this share of the institutions, and at most this number of them, use it."""
SHARED = 0.5
"""Two names without a common distinctive word are compared when they share at least this part of their words."""
CACHE_SECONDS = 3600
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")  # ʻ and ʼ are letters


@dataclass(frozen=True)
class _Institution:
    """The data of one institution that is compared."""

    pk: int
    city: str
    names: tuple["_Name", ...]


@dataclass(frozen=True)
class _Name:
    """One name: its distinctive words as text, their sounds, and the sounds of all its words."""

    text: str
    distinctive_text: str
    distinctive: frozenset[str]
    sounds: frozenset[str]

    def worth_comparing(self, other: "_Name") -> bool:
        """A cheap filter before the full comparison, so that a register of thousands is compared within one request."""
        shared = len(self.sounds & other.sounds)
        return bool(self.distinctive & other.distinctive) or (shared > 0 and shared >= SHARED * len(self.sounds | other.sounds))


Pairs = list[tuple[int, int, float, str, str]]
"""Ids of the two institutions, similarity, and the two most similar names."""


def similar_pairs(*countries: str) -> Pairs:
    """Similar pairs within each of these countries, most similar first; cached until an institution or a name changes."""
    named = _read(countries)
    keys = {country: f"similar-institutions:{country}:{version_of_rows(rows)}" for country, rows in named.items()}
    known = caches["redis"].get_many(keys.values())
    for country, key in keys.items():
        if key not in known:
            known[key] = _compare(_known(named[country]))
            caches["redis"].set(key, known[key], CACHE_SECONDS)
    return [pair for country in countries for pair in known[keys[country]]]


def suggestion_count(countries: Sequence[str]) -> int:
    """How many pairs have not been declared distinct."""
    return len(open_pairs(countries))


def open_pairs(countries: Sequence[str]) -> Pairs:
    """The pairs of these countries that have not been declared distinct."""
    distinct = distinct_pairs(*countries)
    return [pair for pair in similar_pairs(*countries) if pair[:2] not in distinct]


# ---- comparing -------------------------------------------------------------------------------------------------------


def _read(countries: Sequence[str]) -> dict[str, list[tuple[int, str, list[str]]]]:
    """Id, city and names of the institutions of each country, in one query."""
    further = ArrayAgg(
        "names__text",
        filter=Q(names__isnull=False) & ~Q(names__kind=InstitutionNameKind.SHORT),
        order_by="names__pk",
        default=Value([]),
    )
    rows = Institution.objects.filter(country__in=countries).order_by("pk").annotate(further=further)
    found: dict[str, list[tuple[int, str, list[str]]]] = {country: [] for country in countries}
    for pk, country, city, name, more in rows.values_list("pk", "country", "city", "name", "further"):
        found[country].append((pk, city, list(dict.fromkeys([*name.values(), *more]))))
    return found


def _known(named: list[tuple[int, str, list[str]]]) -> list[_Institution]:
    sounds = {name: _sounds(name) for _pk, _city, names in named for name in names}
    users = Counter(sound for _pk, _city, names in named for sound in {sound for name in names for _word, sound in sounds[name]})
    few = max(2, min(MAX_FEW, int(len(named) * FEW)))
    return [
        _Institution(pk, city.casefold(), tuple(_named(name, sounds[name], users, few) for name in names))
        for pk, city, names in named
    ]


def _named(name: str, sounds: list[tuple[str, str]], users: Counter[str], few: int) -> _Name:
    distinctive_text = [(word, sound) for word, sound in sounds if users[sound] <= few and len(word) > 1]
    return _Name(
        name,
        " ".join(word for word, _sound in distinctive_text),
        frozenset(sound for _word, sound in distinctive_text),
        frozenset(sound for _word, sound in sounds),
    )


def _sounds(name: str) -> list[tuple[str, str]]:
    """The words of a name, each with its most likely sound."""
    keyed = ((word, word_keys(word)) for word in WORD.findall(name))
    return [(word, min(keys[0], key=lambda sound: (len(sound), sound))) for word, keys in keyed if keys]


def _compare(known: list[_Institution]) -> list[tuple[int, int, float, str, str]]:
    found = []
    for one, other in combinations(known, 2):
        scores = [_similar(a, b) for a in one.names for b in other.names if a.worth_comparing(b)]
        score, *names = max(scores, default=(0.0, "", ""))
        score += SAME_CITY if one.city == other.city else 0
        if score >= SIMILAR_FROM:
            found.append((one.pk, other.pk, round(score, 3), str(names[0]), str(names[1])))
    return sorted(found, key=lambda row: -row[2])


def _similar(one: _Name, other: _Name) -> tuple[float, str, str]:
    whole = _both_ways(one.text, other.text)
    distinctive = (
        _both_ways(one.distinctive_text, other.distinctive_text)
        if one.distinctive_text and other.distinctive_text
        else ONE_SIDED
        if one.distinctive_text or other.distinctive_text
        else whole
    )
    return (whole + distinctive) / 2, one.text, other.text


def _both_ways(one: str, other: str) -> float:
    return max(likeness(one, other), likeness(other, one))
