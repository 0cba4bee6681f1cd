"""The page of a search: sections of results for each kind, tabs, the concepts that were understood, suggestions when nothing was found."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import QueryDict
from django.utils.translation import pgettext_lazy

from exchange.core.paging import Page
from search.domain.cards import Card, cards_of
from search.domain.descriptions import KINDS, TITLES
from search.domain.facets import Text, VisibleFacet, shown_facets
from search.domain.indexing import active_generation
from search.domain.params import TYPE_OF, SearchParams, read_params
from search.domain.ranking import TIMEOUT, search_together
from search.domain.results import SearchResult
from search.models import SearchKind
from vocabulary.domain.concepts import labels
from vocabulary.domain.vocabulary import Term, vocabulary

FIRST_FEW = 4
"""Hits of each kind on the tab of everything."""


@dataclass(frozen=True)
class Section:
    """The results of one kind."""

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
    """A concept the search is about; the address removes it."""

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
    near_sections: list[Section]
    read_as: str
    simpler: bool
    total: int
    more: bool
    pager: Page[Any] = field(default_factory=lambda: Page([], None, first=True))

    @property
    def section(self) -> Section:
        """The section of the requested kind."""
        return self.sections[0]

    @property
    def pager_total(self) -> int:
        """The total below the list: one more than was counted when there are more."""
        return self.total + self.more


def search_page(user: Any, params: QueryDict) -> SearchPage:
    """One page. Queries do not grow with what was found. Raises DomainError (400) on a foreign cursor."""
    search_params = read_params(params)
    if search_params.kind:
        return _page_of_kind(user, search_params, cursor=params.get("cursor", ""))
    return _page_of_everything(user, search_params)


def _page_of_kind(user: Any, search_params: SearchParams, *, cursor: str) -> SearchPage:
    until, index = _page_deadline(), active_generation()
    requests = {
        kind: search_params.request(cursor=cursor, with_facets=True, with_passages=True)
        if kind == search_params.kind
        else search_params.request(kind, limit=0)
        for kind in KINDS
    }
    results = dict(zip(requests, search_together(user, list(requests.values()), until=until, index=index), strict=True))
    result = results[SearchKind(search_params.kind)]
    section = _section(user, search_params, search_params.kind, result)
    page: Page[Any] = Page(list(section.cards), result.cursor or None, first=not cursor)
    return replace(_page(user, search_params, results, [section], result.total, more=result.more_than_total), pager=page)


def _page_of_everything(user: Any, search_params: SearchParams) -> SearchPage:
    """The best few of each kind; without a question only the counts of the tabs."""
    until, index = _page_deadline(), active_generation()
    requests = [search_params.request(kind, limit=FIRST_FEW, with_facets=True, with_passages=True) for kind in KINDS]
    results = dict(zip(KINDS, search_together(user, requests, until=until, index=index), strict=True))
    sections = (
        [_section(user, search_params, kind, result) for kind, result in results.items() if result.hits] if search_params else []
    )
    total = sum(result.total for result in results.values())
    return _page(user, search_params, results, sections, total, more=any(result.more_than_total for result in results.values()))


def _page(
    user: Any,
    search_params: SearchParams,
    results: Mapping[SearchKind, SearchResult],
    sections: list[Section],
    total: int,
    *,
    more: bool,
) -> SearchPage:
    own = [results[SearchKind(search_params.kind)]] if search_params.kind else list(results.values())
    return SearchPage(
        search_params=search_params,
        sections=sections,
        tabs=_tabs(search_params, results),
        facets=shown_facets(search_params, [result.facets for result in own]),
        concepts=_concept_chips(search_params, own),
        names=_names(search_params, own),
        near=_near(search_params, own),
        near_sections=[
            replace(_section(user, search_params, kind, result), cards=cards_of(user, kind, result.near, result.passages))
            for kind, result in results.items()
            if result.near
        ],
        read_as=next((result.read_as for result in own if result.read_as), ""),
        simpler=any(result.simpler for result in results.values()),
        total=total,
        more=more,
    )


def _section(user: Any, search_params: SearchParams, kind: str, result: SearchResult) -> Section:
    return Section(
        kind=kind,
        title=TITLES[SearchKind(kind)],
        cards=cards_of(user, kind, result.hits, result.passages),
        total=result.total,
        more=result.more_than_total,
        address=search_params.of_kind(kind).address(),
    )


# ---- tabs ------------------------------------------------------------------------------------------------------------


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


def _page_deadline() -> float:
    """The deadline of the searches of one page. What a process prepares once does not count."""
    labels()
    return time.monotonic() + TIMEOUT


# ---- concepts and proposals ------------------------------------------------------------------------------------------


def _concept_chips(search_params: SearchParams, results: Sequence[SearchResult]) -> list[ConceptChip]:
    """Concepts that were chosen, and those the words were understood as; each with the link that removes it."""
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
