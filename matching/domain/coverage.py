"""Coverage: how the shortlist of a programme and the pool of people proposed for it spread over countries, fields, levels and languages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import pgettext

from exchange.core.countries import Country
from exchange.core.spoken_languages import Language
from matching.domain.people import SEEN_BY_HOSTS
from matching.domain.queries import matches_for_program, people_for_program
from matching.states import Choice
from profiles.models import Competence, ProfileField
from profiles.states import SkillLevel
from programs.models import Program
from vocabulary.domain.vocabulary import vocabulary

MAX_ROWS = 12
"""Rows of one chart; the most frequent ones of the pool."""


@dataclass(frozen=True)
class Chart:
    """One subject: rows of (label, people) of the shortlist and of the pool, with the same labels in the same order."""

    title: str
    shortlist: list[tuple[str, int]]
    pool: list[tuple[str, int]]


def coverage_of(program: Program, user: Any) -> list[Chart]:
    """Four charts in eight queries, whatever the number of people. Only what profiles show to members is counted."""
    shortlist = people_for_program(program, user).filter(Q(choice=Choice.SAVED) | Q(invited=True))
    pool = matches_for_program(program, user)
    known = vocabulary()
    labels = {
        "country": dict(Country.choices),
        "field": lambda pk: known.title(pk) if pk in known else "",
        "level": dict(SkillLevel.choices),
        "language": lambda code: str(Language(code).label),
    }
    return [
        _chart(pgettext("coverage", "Country"), _by_country, labels["country"], shortlist, pool),
        _chart(pgettext("coverage", "Field"), _by_field, labels["field"], shortlist, pool),
        _chart(pgettext("coverage", "Highest level"), _by_level, labels["level"], shortlist, pool),
        _chart(pgettext("coverage", "Language"), _by_language, labels["language"], shortlist, pool),
    ]


def _chart(title: str, count: Any, labels: Any, shortlist: "QuerySet[Any]", pool: "QuerySet[Any]") -> Chart:
    few, many = count(shortlist), count(pool)
    word = labels.get if isinstance(labels, dict) else labels
    keys = sorted({*few, *many}, key=lambda key: (-many.get(key, 0), -few.get(key, 0), str(key)))[:MAX_ROWS]
    named = [(str(word(key) or key), key) for key in keys]
    return Chart(title, [(label, few.get(key, 0)) for label, key in named], [(label, many.get(key, 0)) for label, key in named])


def _by_country(rows: "QuerySet[Any]") -> dict[Any, int]:
    return _counted(rows.order_by().values_list("expert__country").annotate(n=Count("pk")))


def _by_field(rows: "QuerySet[Any]") -> dict[Any, int]:
    fields = ProfileField.objects.filter(profile__in=rows.order_by().values("expert"))
    return _counted(fields.order_by().values_list("concept").annotate(n=Count("profile", distinct=True)))


def _by_level(rows: "QuerySet[Any]") -> dict[Any, int]:
    """People by the highest level among the competences they show."""
    shown = rows.filter(shown_competences__in=SEEN_BY_HOSTS).order_by().values("expert")
    best = Competence.objects.filter(profile__in=shown).order_by().values("profile").annotate(best=Max("level"))
    counts: dict[Any, int] = {}
    for row in best:
        counts[row["best"]] = counts.get(row["best"], 0) + 1
    return counts


def _by_language(rows: "QuerySet[Any]") -> dict[Any, int]:
    counts: dict[Any, int] = {}
    for codes in rows.order_by().values_list("spoken", flat=True):
        for code in codes:
            counts[code] = counts.get(code, 0) + 1
    return counts


def _counted(pairs: Iterable[tuple[Any, int]]) -> dict[Any, int]:
    return {key: number for key, number in pairs if key}
