"""The parameters of a search in its address: read from a query string, turned into requests, written back as a query string.

The page, saved searches and the export all go through here, so that the same address always means the same search. Unknown
values are ignored: an address may be old, or written by hand.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict

from exchange.core.countries import Country
from exchange.core.spoken_languages import Language, Level
from exchange.core.towns import town_key
from institutions.models.institutions import InstitutionKind
from programs.states import ProgramKind
from search.domain.query import SORTS, SearchRequest, clean_words
from search.models import SearchKind
from vocabulary.domain.vocabulary import vocabulary

TYPES = {"experts": SearchKind.EXPERT, "programs": SearchKind.PROGRAM, "institutions": SearchKind.INSTITUTION}
TYPE_OF = {kind: name for name, kind in TYPES.items()}

CONCEPT_FACETS = ("field", "material", "technique")
EVERYWHERE = ("concept", *CONCEPT_FACETS, "country", "city", "verified")
FACETS = {
    "": EVERYWHERE,
    SearchKind.EXPERT: (*EVERYWHERE, "language"),
    SearchKind.PROGRAM: (*EVERYWHERE, "language", "kind"),
    SearchKind.INSTITUTION: (*EVERYWHERE, "kind"),
}
"""What may be chosen by kind of document; an open call and a month of availability are separate parameters."""
TAG_OF = {"concept": "about"}
"""Names of parameters that differ from those of the index."""

MAX_CITY_LENGTH = 80
MAX_VALUES = 20
MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
LANGUAGES, COUNTRIES = frozenset(Language.values), frozenset(Country.values)
KINDS = {SearchKind.PROGRAM: frozenset(ProgramKind.values), SearchKind.INSTITUTION: frozenset(InstitutionKind.values)}


@dataclass(frozen=True)
class SearchParams:
    """The parameters of a search; `kind` is empty for everything at once. `filters` hold known values alone."""

    kind: str = ""
    words: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    level: int = 0
    """The least level of the chosen languages."""
    open_now: bool = False
    available: str = ""
    sort: str = ""
    as_words: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        """Whether there are words or filters."""
        return bool(self.words or self.chosen)

    @property
    def chosen(self) -> int:
        """The number of filters."""
        return sum(map(len, self.filters.values())) + sum(map(bool, (self.level, self.open_now, self.available)))

    @property
    def type(self) -> str:
        return TYPE_OF[SearchKind(self.kind)] if self.kind else ""

    def of_kind(self, kind: str) -> "SearchParams":
        """The same search for another kind, without the filters that do not apply to it."""
        filters = {name: values for name, values in self.filters.items() if name in FACETS[kind]}
        if kind != self.kind:
            filters.pop("kind", None)
        return replace(
            self,
            kind=kind,
            filters=filters,
            level=self.level if kind == SearchKind.EXPERT and "language" in filters else 0,
            open_now=self.open_now and kind == SearchKind.PROGRAM,
            available=self.available if kind == SearchKind.EXPERT else "",
            sort=self.sort if self.sort in sorts_of(kind) else "",
        )

    def request(self, kind: str = "", **more: Any) -> SearchRequest:
        """The search request, for its own kind or another one."""
        asked = self.of_kind(kind or self.kind)
        return SearchRequest(
            kind=str(asked.kind),
            words=asked.words,
            filters={TAG_OF.get(name, name): asked.tag_values(name) for name in asked.filters},
            open_now=asked.open_now,
            available=asked.available,
            sort=asked.sort or SORTS[0],
            as_words=asked.as_words,
            **more,
        )

    def tag_values(self, name: str) -> tuple[str, ...]:
        """The chosen values as the index writes them: a language goes with its level."""
        values = self.filters.get(name, ())
        return tuple(f"{value}:{self.level}" for value in values) if name == "language" and self.level else tuple(values)

    def params(self, **changed: str) -> QueryDict:
        """As parameters of an address, always in the same order; an empty change removes one."""
        params = QueryDict(mutable=True)
        plain = {
            "q": self.words,
            "type": self.type,
            "level": str(self.level or ""),
            "open": "now" if self.open_now else "",
            "available": self.available,
            "sort": self.sort,
        }
        for name, value in (plain | changed).items():
            if value:
                params[name] = value
        for name in FACETS[self.kind]:
            if self.filters.get(name) and name not in changed:
                params.setlist(name, list(self.filters[name]))
        if self.as_words and "plain" not in changed:
            params.setlist("plain", [str(pk) for pk in sorted(self.as_words)])
        return params

    def address(self, **changed: str) -> str:
        """As a query string."""
        return self.params(**changed).urlencode()


def read_params(params: QueryDict) -> SearchParams:
    """What these parameters ask for. Never raises: unknown values are ignored."""
    kind = str(TYPES.get(params.get("type", ""), ""))
    filters = {}
    for name in FACETS[kind]:
        if values := _known(name, kind, params.getlist(name)):
            filters[name] = values
    level = params.get("level", "")
    month = params.get("available", "")
    sort = params.get("sort", "")
    asked = SearchParams(
        kind=kind,
        words=clean_words(params.get("q", "")),
        filters=filters,
        level=int(level) if level in {str(value) for value in Level.values} else 0,
        open_now=params.get("open") == "now",
        available=month if MONTH.fullmatch(month) else "",
        sort=sort if sort in sorts_of(kind) else "",
        as_words=frozenset(map(int, _known("concept", kind, params.getlist("plain")))),
    )
    return asked.of_kind(kind)


def sorts_of(kind: str) -> tuple[str, ...]:
    """The orders available for a kind, without the default."""
    return {"": (), SearchKind.EXPERT: ("name", "new", "fresh")}.get(kind, ("name", "new"))


def _known(name: str, kind: str, values: Iterable[str]) -> tuple[str, ...]:
    found = (read_value(name, kind, value) for value in dict.fromkeys(list(values)[: 4 * MAX_VALUES]))
    return tuple(dict.fromkeys(value for value in found if value))[:MAX_VALUES]


def read_value(name: str, kind: str, value: str) -> str:
    """A value as the index writes it, or nothing. Concepts may be given by their number or by their id in the vocabulary file."""
    if name in {"concept", *CONCEPT_FACETS}:
        return _concept(value[:100])
    if name == "city":
        return town_key(clean_words(value[:MAX_CITY_LENGTH]))
    known: Mapping[str, Iterable[str]] = {
        "country": COUNTRIES,
        "language": LANGUAGES,
        "kind": KINDS.get(SearchKind(kind), ()) if kind else (),
    }
    return value if value in known.get(name, ("1",)) else ""


def _concept(value: str) -> str:
    known = vocabulary()
    if value.isascii() and value.isdigit():
        return str(int(value)) if int(value) in known else ""
    return str(known.slugs[value].pk) if value in known.slugs else ""
