"""Institutions that may be one: of the same country, with like names in any script. Only suggested; a coordinator decides.

Names of institutions are made of common words (state, museum, institute), so the words that few of the country use count as much
as the whole name: "museum-reserve of Bukhara" and "museum-reserve of Kokand" are not alike.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, QuerySet

from exchange.core.stamps import rows_stamp
from partnerships.models import Agreement
from placements.models import Placement
from profiles.domain.institution_merge import distinct_pairs, merge_blocked_reason
from profiles.domain.queries import TeamMember, team_of
from profiles.models import Institution
from search.names import likeness, word_keys

SIMILAR_FROM = 1.05
SAME_CITY = 0.1
ONE_SIDED = 0.6
"""What the telling words count when only one of the two names has any."""
FEW, MAX_FEW = 0.08, 6
"""A word tells something when at most this share of the institutions, and no more than so many of them, use it."""
SHARED = 0.5
"""The share of words that two names without a telling word in common must have in common to be compared."""
MAX_SHOWN = 30
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


@dataclass(frozen=True)
class SimilarPair:
    """Two institutions that may be one, and the two names that say so."""

    first: Institution
    second: Institution
    score: float
    names: tuple[str, str]

    @property
    def institutions(self) -> tuple[Institution, Institution]:
        return self.first, self.second


def similar_pairs(country: str) -> list[tuple[int, int, float, str, str]]:
    """Pairs of a country by likeness, best first; computed anew when one of its institutions or names changes."""
    key = f"alike-institutions:{country}:{_stamp(country)}"
    known: list[tuple[int, int, float, str, str]] | None = cache.get(key)
    if known is None:
        known = _compare(_read(country))
        cache.set(key, known, KEPT_SECONDS)
    return known


def suggestion_count(countries: Sequence[str]) -> int:
    """How many pairs nobody has told apart yet."""
    return sum(len(_open(country)) for country in countries)


def _open(country: str) -> list[tuple[int, int, float, str, str]]:
    told_apart = distinct_pairs(country)
    return [row for row in similar_pairs(country) if row[:2] not in told_apart]


def suggestions(countries: Sequence[str]) -> list[SimilarPair]:
    """The pairs of these countries that nobody has told apart yet, best first, at most `MAX_SHOWN`; with their rows."""
    found = sorted((row for country in countries for row in _open(country)), key=lambda row: -row[2])[:MAX_SHOWN]
    rows = _with_counts(Institution.objects.filter(pk__in={pk for row in found for pk in row[:2]})).in_bulk()
    return [
        SimilarPair(rows[first], rows[second], score, (one, other))
        for first, second, score, one, other in found
        if first in rows and second in rows
    ]


def _with_counts(rows: "QuerySet[Institution]") -> "QuerySet[Institution]":
    return rows.defer("search", "description", "facilities").annotate(
        program_count=Count("programs", distinct=True),
        expert_count=Count("experts", distinct=True),
        team_count=Count("memberships__user", distinct=True),
    )


@dataclass(frozen=True)
class Side:
    """One of two institutions on the page that compares them."""

    institution: Institution
    team: list[TeamMember]
    agreements: int
    placements: int
    blocked_reason: Any
    """Why this one cannot be the one that is kept."""


def compared(first: Institution, second: Institution, user: Any) -> list[Side]:
    """Both, with everything that would join, for somebody who may merge them."""
    rows = _with_counts(Institution.objects.filter(pk__in=(first.pk, second.pk))).prefetch_related("names").in_bulk()
    pairs = ((rows[first.pk], rows[second.pk]), (rows[second.pk], rows[first.pk]))
    return [
        Side(
            institution=target,
            team=team_of(target),
            agreements=Agreement.objects.filter(first=target).count() + Agreement.objects.filter(second=target).count(),
            placements=Placement.objects.filter(program__institution=target).count(),
            blocked_reason=merge_blocked_reason(target, source, user),
        )
        for target, source in pairs
    ]


# ---- comparing -------------------------------------------------------------------------------------------------------


def _stamp(country: str) -> str:
    rows = rows_stamp("profiles_institution", "country = %(country)s")
    names = rows_stamp(
        "profiles_institutionname", "institution_id IN (SELECT id FROM profiles_institution WHERE country = %(country)s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ({rows}) || '.' || ({names})", {"country": country})
        return str(cursor.fetchone()[0])


def _read(country: str) -> list[_Known]:
    rows = Institution.objects.filter(country=country).only("name", "short_name", "city").prefetch_related("names")
    named = [(row.pk, row.city, _names(row)) for row in rows.order_by("pk")]
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
