"""The whole page of a search: what was found of each kind with the rows to draw it, filters with their counts, tabs, what to try next."""

import datetime
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.core.countries import Country
from exchange.core.date_format import write_month
from exchange.core.paging import Page
from exchange.core.spoken_languages import Language, Level
from exchange.core.towns import town_of_key
from profiles.domain.visibility import can_see_part
from profiles.domain.vocabulary import Term, vocabulary
from profiles.models import ExpertProfile, Institution
from profiles.models.institutions import InstitutionKind
from profiles.states import Part
from programs.models import Program
from programs.states import ProgramKind
from search.domain.concepts import labels
from search.domain.params import CONCEPT_FACETS, TYPE_OF, SearchParams, read_params
from search.domain.ranking import PATIENCE, Hit, SearchResult, search
from search.models import SearchKind

KINDS = (SearchKind.EXPERT, SearchKind.PROGRAM, SearchKind.INSTITUTION)
TITLES = {SearchKind.EXPERT: _("Experts"), SearchKind.PROGRAM: _("Programmes"), SearchKind.INSTITUTION: _("Institutions")}
FIRST_FEW = 4
"""Hits of each kind on the tab of everything."""
MAX_OPTIONS = 40
MAX_MONTHS = 18

Option = tuple[str, str, int | None]
Text = str | Promise
NOT_DRAWN = {
    SearchKind.EXPERT: ("biography", "search"),
    SearchKind.PROGRAM: (
        "description",
        "search",
        "institution__description",
        "institution__facilities",
        "institution__source",
        "institution__search",
    ),
    SearchKind.INSTITUTION: ("description", "facilities", "source", "search"),
}

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


@dataclass(frozen=True)
class Card:
    """One hit with the row it is drawn from."""

    hit: Hit
    subject: Any


@dataclass(frozen=True)
class Section:
    """What was found of one kind."""

    kind: str
    title: Text
    cards: list[Card]
    total: int
    more: bool
    address: str

    @property
    def type(self) -> str:
        return TYPE_OF[SearchKind(self.kind)]


@dataclass(frozen=True)
class ConceptChip:
    """A concept the search is about; the address takes it out again."""

    term: Term
    address: str
    narrower: bool


@dataclass(frozen=True)
class Proposal:
    """Something to try when nothing was found."""

    label: str
    address: str


@dataclass(frozen=True)
class SearchPage:
    """Everything /search/ shows."""

    search_params: SearchParams
    sections: list[Section]
    tabs: list[dict[str, Any]]
    facets: list[VisibleFacet]
    concepts: list[ConceptChip]
    names: list[Proposal]
    near: list[Proposal]
    simpler: bool
    total: int
    more: bool
    pager: Page[Any] = field(default_factory=lambda: Page([], None, first=True))

    @property
    def section(self) -> Section:
        """Of the one kind that is asked for."""
        return self.sections[0]

    @property
    def pager_total(self) -> int:
        """For the line under the list: one more than is counted when there are more."""
        return self.total + self.more


def search_page(user: Any, params: QueryDict) -> SearchPage:
    """One page. Queries do not grow with what was found. Raises DomainError (400) on a foreign cursor."""
    search_params = read_params(params)
    if search_params.kind:
        return _page_of_kind(user, search_params, cursor=params.get("cursor", ""))
    return _page_of_everything(user, search_params)


def _page_of_kind(user: Any, search_params: SearchParams, *, cursor: str) -> SearchPage:
    until = _end_of_patience()
    result = search(user, search_params.request(cursor=cursor, with_facets=True), until=until)
    totals = {kind: search(user, search_params.request(kind, limit=1), until=until) for kind in KINDS if kind != search_params.kind}
    results = totals | {SearchKind(search_params.kind): result}
    section = _section(user, search_params, search_params.kind, result)
    page: Page[Any] = Page(list(section.cards), result.cursor or None, first=not cursor)
    return replace(_page(search_params, results, [section], result.total, more=result.more_than_total), pager=page)


def _page_of_everything(user: Any, search_params: SearchParams) -> SearchPage:
    """The best few of each kind; without a question only the counts of the tabs."""
    until = _end_of_patience()
    results = {kind: search(user, search_params.request(kind, limit=FIRST_FEW, with_facets=True), until=until) for kind in KINDS}
    sections = (
        [_section(user, search_params, kind, result) for kind, result in results.items() if result.hits] if search_params else []
    )
    total = sum(result.total for result in results.values())
    return _page(search_params, results, sections, total, more=any(result.more_than_total for result in results.values()))


def _page(
    search_params: SearchParams, results: Mapping[SearchKind, SearchResult], sections: list[Section], total: int, *, more: bool
) -> SearchPage:
    own = [results[SearchKind(search_params.kind)]] if search_params.kind else list(results.values())
    return SearchPage(
        search_params=search_params,
        sections=sections,
        tabs=_tabs(search_params, results),
        facets=_facets(search_params, [result.facets for result in own]),
        concepts=_concept_chips(search_params, own),
        names=_names(search_params, own),
        near=_near(search_params, own),
        simpler=any(result.simpler for result in results.values()),
        total=total,
        more=more,
    )


def _section(user: Any, search_params: SearchParams, kind: str, result: SearchResult) -> Section:
    return Section(
        kind=kind,
        title=TITLES[SearchKind(kind)],
        cards=cards_of(user, kind, result.hits),
        total=result.total,
        more=result.more_than_total,
        address=search_params.of_kind(kind).address(),
    )


# ---- the rows --------------------------------------------------------------------------------------------------------


def cards_of(user: Any, kind: str, hits: Sequence[Hit]) -> list[Card]:
    """The hits with their rows, in their order; what the reader may no longer see is left out."""
    if not hits:
        return []
    rows = _rows(user, SearchKind(kind)).in_bulk([hit.object_id for hit in hits])
    if kind == SearchKind.EXPERT:
        for profile in rows.values():
            profile.free = _next_stretch(profile, user)
    return [Card(hit, rows[hit.object_id]) for hit in hits if hit.object_id in rows]


def _rows(user: Any, kind: SearchKind) -> Any:
    model: Any = {SearchKind.EXPERT: ExpertProfile, SearchKind.PROGRAM: Program, SearchKind.INSTITUTION: Institution}[kind]
    rows = model.objects.visible_to(user).defer(*NOT_DRAWN[kind])
    if kind == SearchKind.PROGRAM:
        return rows.select_related("institution")
    return rows.prefetch_related("windows") if kind == SearchKind.EXPERT else rows


def _next_stretch(profile: ExpertProfile, user: Any) -> tuple[datetime.date, datetime.date] | None:
    """When the person could travel next, where the reader may know it."""
    today = timezone.now().date()
    ahead = [(window.starts, window.ends) for window in profile.windows.all() if window.ends >= today]
    return min(ahead) if ahead and can_see_part(profile, Part.AVAILABILITY, user) else None


# ---- tabs and filters ------------------------------------------------------------------------------------------------


def _tabs(search_params: SearchParams, results: Mapping[SearchKind, SearchResult]) -> list[dict[str, Any]]:
    rows: list[tuple[str, Text, int, bool]] = [
        (kind, TITLES[kind], results[kind].total, results[kind].more_than_total) for kind in KINDS
    ]
    everything = (
        "",
        pgettext_lazy("tab of a search: of every kind", "All"),
        sum(row[2] for row in rows),
        any(row[3] for row in rows),
    )
    return [
        {
            "label": label,
            "url": f"?{search_params.of_kind(kind).address()}",
            "count": f"{intcomma(count)}+" if more else intcomma(count),
            "current": kind == search_params.kind,
        }
        for kind, label, count, more in [everything, *rows]
    ]


def _facets(search_params: SearchParams, counted: Iterable[Mapping[str, Mapping[str, int]]]) -> list[VisibleFacet]:
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
    choices = {"country": Country.choices, "kind": _kinds(search_params.kind), "verified": [("1", VERIFIED[search_params.kind])]}[
        name
    ]
    return _known_options(choices, found, chosen)


def _cities(search_params: SearchParams, counts: Mapping[str, Counter[str]]) -> list[Option]:
    found = counts.get("city", Counter())
    ranked = sorted(found.items(), key=lambda row: (-row[1], row[0]))[:MAX_OPTIONS]
    values = dict(ranked) | {value: found.get(value, 0) for value in search_params.filters.get("city", ())}
    return [(value, town_of_key(value), count) for value, count in values.items()]


def _languages(search_params: SearchParams, counts: Mapping[str, Counter[str]]) -> list[Option]:
    """Of the chosen level, if one is."""
    found = counts.get("language", Counter())
    of_level = {
        value: found.get(f"{value}:{search_params.level}" if search_params.level else value, 0) for value in Language.values
    }
    return _known_options(Language.choices, of_level, search_params.filters.get("language", ()))


def _open(search_params: SearchParams, counts: Mapping[str, Counter[str]]) -> list[Option]:
    count = counts.get("open", Counter()).get("now", 0)
    return [("now", str(pgettext_lazy("programmes", "Open now")), count)] if count or search_params.open_now else []


def _kinds(kind: str) -> list[tuple[str, Any]]:
    return list(ProgramKind.choices if kind == SearchKind.PROGRAM else InstitutionKind.choices)


def _end_of_patience() -> float:
    """When the searches of one page have to be done. What a process prepares once does not count."""
    labels()
    return time.monotonic() + PATIENCE


def _known_options(labels: Iterable[tuple[Any, Any]], counts: Mapping[str, int], chosen: Sequence[str]) -> list[Option]:
    return [(value, str(label), counts.get(value, 0)) for value, label in labels if counts.get(value) or value in chosen]


def _concept_options(name: str, found: Mapping[str, int], chosen: Sequence[str]) -> list[Option]:
    """Those found most often; of fields the broadest ones, because the others are inside them."""
    known = vocabulary()
    rows = [(value, count) for value, count in found.items() if value.isdigit() and int(value) in known]
    if name == "field":
        rows = [(value, count) for value, count in rows if known.concept(int(value)).broader_id is None]
    rows.sort(key=lambda row: (-row[1], known.title(int(row[0]))))
    values = dict(rows[:MAX_OPTIONS]) | {value: found.get(value, 0) for value in chosen}
    return [(value, known.title(int(value)), count) for value, count in values.items()]


def _levels(search_params: SearchParams, counts: Mapping[str, Counter[str]]) -> list[Option]:
    """How well at least, once a language is chosen; a count where it is one."""
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
    return [(month, _month_title(month), found.get(month, 0)) for month in ahead]


_OWN_OPTIONS = {"city": _cities, "language": _languages, "level": _levels, "available": _months, "open": _open}


def _month_title(month: str) -> str:
    year, number = month.split("-")
    return write_month(datetime.date(int(year), int(number), 1))


# ---- concepts and proposals ------------------------------------------------------------------------------------------


def _concept_chips(search_params: SearchParams, results: Sequence[SearchResult]) -> list[ConceptChip]:
    """Concepts that were chosen, and those the words were understood as; each with the way to take it out."""
    known = vocabulary()
    chips: dict[int, ConceptChip] = {}
    for value in search_params.filters.get("concept", ()):
        others = tuple(other for other in search_params.filters["concept"] if other != value)
        without = replace(search_params, filters={**search_params.filters, "concept": others})
        chips[int(value)] = ConceptChip(known.concept(int(value)), f"?{without.address()}", bool(known.descendants(int(value))))
    for result in results:
        for found in result.concepts:
            if found.concept_id in known and found.concept_id not in chips:
                without = replace(search_params, as_words=search_params.as_words | {found.concept_id})
                narrower = bool(known.descendants(found.concept_id))
                chips[found.concept_id] = ConceptChip(known.concept(found.concept_id), f"?{without.address()}", narrower)
    return list(chips.values())


def _names(search_params: SearchParams, results: Sequence[SearchResult]) -> list[Proposal]:
    names = dict.fromkeys(name for result in results for name in result.suggestions.names)
    return [
        Proposal(name, f"?{replace(search_params, words=name, filters={}).of_kind(search_params.kind).address()}")
        for name in list(names)[:5]
    ]


def _near(search_params: SearchParams, results: Sequence[SearchResult]) -> list[Proposal]:
    known = vocabulary()
    found = dict.fromkeys(pk for result in results for pk in result.suggestions.concepts if pk in known)
    return [
        Proposal(known.title(pk), f"?{SearchParams(kind=search_params.kind, filters={'concept': (str(pk),)}).address()}")
        for pk in list(found)[:5]
    ]


# ---- in words --------------------------------------------------------------------------------------------------------


def describe(search_params: SearchParams) -> list[str]:
    """What a search asks for as short labels, in the reader's language: its words first."""
    known = vocabulary()
    said = [f"“{search_params.words}”"] if search_params.words else []
    said.append(
        str(
            TITLES[SearchKind(search_params.kind)] if search_params.kind else pgettext_lazy("tab of a search: of every kind", "All")
        )
    )
    if search_params.open_now:
        said.append(str(pgettext_lazy("programmes", "Open now")))
    choices = {
        "country": Country.choices,
        "language": Language.choices,
        "kind": _kinds(search_params.kind),
        "verified": [("1", VERIFIED[search_params.kind])],
    }
    for name, values in search_params.filters.items():
        if name in {"concept", *CONCEPT_FACETS}:
            said += [known.title(int(value)) for value in values]
        elif name == "city":
            said += [town_of_key(value) for value in values]
        else:
            titles = dict(choices[name])
            said += [str(titles[value]) for value in values]
    if search_params.level:
        said.append(str(Level(search_params.level).label))
    if search_params.available:
        said.append(_month_title(search_params.available))
    return said


def proposed_name(search_params: SearchParams) -> str:
    """What a search may be called."""
    return " · ".join(label.strip("“”") for label in describe(search_params))
