"""The whole search: words and filters in, one page of hits out; the same on either engine."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

PAGE = 20
SORTS = ("relevance", "name", "new", "fresh")


@dataclass(frozen=True)
class SearchRequest:
    """What somebody asks for. `filters` are values by facet name; values of one facet are alternatives, facets add up."""

    kind: str
    words: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    open_now: bool = False
    available: str = ""
    """A month, "2027-03": experts who could travel then."""
    sort: str = "relevance"
    limit: int = PAGE
    cursor: str = ""
    with_facets: bool = False
    as_words: frozenset[int] = frozenset()
    """Concepts not meant, though the words would resolve to them: there the words are plain words."""
    among: tuple[int, ...] | None = None
    """Only these documents, when given: saved searches ask which of the changed ones fit."""


@dataclass(frozen=True)
class Hit:
    """One found document. `also_written` is the spelling that was found when it is not the shown one; `why` is "name" or "subject"."""

    kind: str
    object_id: int
    name: str
    also_written: str
    why: str
    score: float
    concepts: tuple[int, ...] = ()
    """The asked concepts that the document is about."""


@dataclass(frozen=True)
class FoundConcept:
    """A concept the words resolved to: where in the query, and how surely."""

    concept_id: int
    text: str
    score: float


@dataclass(frozen=True)
class Suggestions:
    """What to try when nothing was found: names that look alike, and concepts near the words."""

    names: tuple[str, ...] = ()
    concepts: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.names or self.concepts)


@dataclass(frozen=True)
class SearchResult:
    """One page. `facets` are counts by facet name and value; `simpler` says that an engine was away or slow and less was searched."""

    hits: list[Hit]
    total: int = 0
    more_than_total: bool = False
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    cursor: str = ""
    concepts: tuple[FoundConcept, ...] = ()
    suggestions: Suggestions = field(default_factory=Suggestions)
    simpler: bool = False


def search(user: Any, request: SearchRequest, *, now: datetime.datetime | None = None) -> SearchResult:
    """One page of what this reader may see. Never raises for what somebody typed; a foreign cursor is DomainError (400)."""
    raise NotImplementedError
