"""The filters beside the results: which are shown for each kind, their titles, their options with counts."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from exchange.core.countries import Country
from exchange.core.date_format import write_month
from exchange.core.spoken_languages import Language, Level
from exchange.core.towns import town_of_key
from institutions.models.institutions import InstitutionKind
from programs.states import ProgramKind
from search.domain.params import CONCEPT_FACETS, SearchParams
from search.models import SearchKind
from vocabulary.domain.vocabulary import vocabulary

MAX_OPTIONS = 40
MAX_MONTHS = 18

Option = tuple[str, str, int | None]
Text = str | Promise

FACET_TITLES = {
    "open": pgettext_lazy("filter", "When"),
    "kind": pgettext_lazy("filter", "Kind"),
    "field": pgettext_lazy("filter", "Field"),
    "material": pgettext_lazy("filter", "Material"),
    "technique": pgettext_lazy("filter", "Technique"),
    "language": pgettext_lazy("filter", "Language"),
    "level": pgettext_lazy("filter", "Level, at least"),
    "available": pgettext_lazy("filter", "Available in"),
    "country": pgettext_lazy("filter", "Country"),
    "city": pgettext_lazy("filter", "City"),
    "verified": pgettext_lazy("filter", "Verification"),
}
SHOWN_FACETS = {
    "": ("field", "material", "technique", "country", "city", "verified"),
    SearchKind.EXPERT: ("field", "material", "technique", "language", "level", "available", "country", "city", "verified"),
    SearchKind.PROGRAM: ("open", "kind", "field", "material", "technique", "language", "country", "city", "verified"),
    SearchKind.INSTITUTION: ("kind", "field", "country", "city", "verified"),
}
ONE_OF = frozenset({"level", "available"})
VERIFIED = {
    "": pgettext_lazy("filter", "Verified"),
    SearchKind.EXPERT: pgettext_lazy("filter", "Works at a verified institution"),
    SearchKind.PROGRAM: pgettext_lazy("filter", "The host is verified"),
    SearchKind.INSTITUTION: pgettext_lazy("filter", "Verified"),
}


@dataclass(frozen=True)
class VisibleFacet:
    """One filter as the page draws it: options are (value, label, count); `single` when they exclude each other."""

    name: str
    title: Text
    options: list[Option]
    single: bool = False


def shown_facets(search_params: SearchParams, counted: Iterable[Mapping[str, Mapping[str, int]]]) -> list[VisibleFacet]:
    """The filters that have an option, in the order of the page; `counted` are the counts of each searched kind, which are added up."""
    counts: dict[str, Counter[str]] = {}
    for facets in counted:
        for name, values in facets.items():
            counts.setdefault(name, Counter()).update(values)
    shown = []
    for name in SHOWN_FACETS[search_params.kind]:
        options = _options(name, search_params, counts)
        if options:
            shown.append(VisibleFacet(name, FACET_TITLES[name], options, single=name in ONE_OF))
    return shown


def _options(name: str, search_params: SearchParams, counts: Mapping[str, Counter[str]]) -> list[Option]:
    found = counts.get(name, Counter())
    chosen = search_params.filters.get(name, ())
    if name in CONCEPT_FACETS:
        return _concept_options(name, found, chosen)
    if name in _OWN_OPTIONS:
        return _OWN_OPTIONS[name](search_params, counts)
    choices = {
        "country": Country.choices,
        "kind": kind_choices(search_params.kind),
        "verified": [("1", VERIFIED[search_params.kind])],
    }[name]
    return _known_options(choices, found, chosen)


def _cities(search_params: SearchParams, counts: Mapping[str, Counter[str]]) -> list[Option]:
    found = counts.get("city", Counter())
    ranked = sorted(found.items(), key=lambda row: (-row[1], row[0]))[:MAX_OPTIONS]
    values = dict(ranked) | {value: found.get(value, 0) for value in search_params.filters.get("city", ())}
    return [(value, town_of_key(value), count) for value, count in values.items()]


def _languages(search_params: SearchParams, counts: Mapping[str, Counter[str]]) -> list[Option]:
    """Counted at the chosen level, if there is one."""
    found = counts.get("language", Counter())
    of_level = {
        value: found.get(f"{value}:{search_params.level}" if search_params.level else value, 0) for value in Language.values
    }
    return _known_options(Language.choices, of_level, search_params.filters.get("language", ()))


def _open(search_params: SearchParams, counts: Mapping[str, Counter[str]]) -> list[Option]:
    count = counts.get("open", Counter()).get("now", 0)
    return [("now", str(pgettext_lazy("programmes", "Open now")), count)] if count or search_params.open_now else []


def kind_choices(kind: str) -> list[tuple[str, Any]]:
    """What the filter "kind" offers: kinds of programmes or of institutions, with their names."""
    return list(ProgramKind.choices if kind == SearchKind.PROGRAM else InstitutionKind.choices)


def _known_options(labels: Iterable[tuple[Any, Any]], counts: Mapping[str, int], chosen: Sequence[str]) -> list[Option]:
    return [(value, str(label), counts.get(value, 0)) for value, label in labels if counts.get(value) or value in chosen]


def _concept_options(name: str, found: Mapping[str, int], chosen: Sequence[str]) -> list[Option]:
    """The most frequent ones; of fields only the broadest, because they include the others."""
    known = vocabulary()
    rows = [(value, count) for value, count in found.items() if value.isdigit() and int(value) in known]
    if name == "field":
        rows = [(value, count) for value, count in rows if known.concept(int(value)).broader_id is None]
    rows.sort(key=lambda row: (-row[1], known.title(int(row[0]))))
    values = dict(rows[:MAX_OPTIONS]) | {value: found.get(value, 0) for value in chosen}
    return [(value, known.title(int(value)), count) for value, count in values.items()]


def _levels(search_params: SearchParams, counts: Mapping[str, Counter[str]]) -> list[Option]:
    """The least level, once a language is chosen; with counts when exactly one is chosen."""
    languages = counts.get("language", Counter())
    chosen = search_params.filters.get("language", ())
    if not chosen:
        return []
    return [
        (str(value), str(label), languages.get(f"{chosen[0]}:{value}", 0) if len(chosen) == 1 else None)
        for value, label in Level.choices
        if value > Level.A1
    ]


def _months(search_params: SearchParams, counts: Mapping[str, Counter[str]]) -> list[Option]:
    found = counts.get("free", Counter())
    now = timezone.now()
    ahead = sorted(month for month in found if month >= f"{now.year}-{now.month:02}")[:MAX_MONTHS]
    if search_params.available and search_params.available not in ahead:
        ahead = sorted([*ahead, search_params.available])
    return [(month, month_title(month), found.get(month, 0)) for month in ahead]


_OWN_OPTIONS = {"city": _cities, "language": _languages, "level": _levels, "available": _months, "open": _open}


def month_title(month: str) -> str:
    """The name of a month given as YYYY-MM, in the active language."""
    year, number = month.split("-")
    return write_month(datetime.date(int(year), int(number), 1))
