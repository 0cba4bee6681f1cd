"""A search request as a query: cleaned words with their keys, filters as tags, the reader's level."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from exchange.core.text import MAX_QUERY_LENGTH
from exchange.core.towns import town_key
from profiles.models.experts import audiences_open_to
from search.engines.base import Filter, Scope
from search.models import SearchIndex, SearchKind
from vocabulary.names import MATCH_FLOOR, Clause, Skeletons, best_possible, query_clauses, skeletons
from vocabulary.names.keys import MEDIUM, MEDIUM_NEAR, STEM, STEM_NEAR, STRICT
from vocabulary.subjects.spelling import words as split

PAGE = 20
SORTS = ("relevance", "name", "new", "fresh")

FACETS = frozenset(
    [
        "about",
        "city",
        "country",
        "eligible",
        "field",
        "free",
        "funding",
        "institution",
        "kind",
        "language",
        "material",
        "modality",
        "month",
        "object",
        "open",
        "specialism",
        "state",
        "teaches",
        "technique",
        "verified",
    ]
)
"""What may be filtered by; of these all but `about` are counted."""

MAX_CLAUSES = 24
MIN_SHARE = 0.15
"""Share of the best possible score below which a name of several words is not compared."""
MAX_VALUES, MAX_VALUE = 50, 120


@dataclass(frozen=True)
class SearchRequest:
    """A search request. `filters` are values by facet name; values of one facet are alternatives, facets add up."""

    kind: str
    words: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    open_now: bool = False
    available: str = ""
    """A month, "2027-03": experts who could travel then."""
    sort: str = "relevance"
    limit: int = PAGE
    """Hits of a page; 0 where only their number is asked."""
    cursor: str = ""
    with_facets: bool = False
    with_passages: bool = False
    as_words: frozenset[int] = frozenset()
    """Concepts that the reader excluded although the words resolve to them: there the words are plain words."""
    among: tuple[int, ...] | None = None
    """Only these documents, when given: used to match saved searches against changed documents."""


@dataclass(frozen=True)
class FoundConcept:
    """A concept the words resolved to: where in the query, with its score."""

    concept_id: int
    text: str
    score: float
    meanings: tuple[int, ...] = ()
    """The concept and others that the words mean as well."""


@dataclass(frozen=True)
class Query:
    """A request, read: cleaned words with all that is made of them, filters as tags, the reader's level."""

    request: SearchRequest
    scope: Scope
    now: datetime.datetime
    words: str
    corrected: bool
    """The words were typed on another keyboard layout, and are read as they were meant."""
    clauses: tuple[Clause, ...]
    sure: tuple[Clause, ...]
    """The clauses without the keys of merely similar words: few documents have many of these, but all would be read."""
    floor: int
    least: int
    """The least score at which a name is compared, when no better one is close enough."""
    settled: int
    """The score of a name that has all the words, at least by their sound."""
    wanted: Skeletons

    @classmethod
    def of(cls, user: Any, request: SearchRequest, index: SearchIndex, now: datetime.datetime, meant: str = "") -> "Query":
        """`meant`: the words as they were meant, when they were typed otherwise."""
        level = len(audiences_open_to(user)) - 1
        typed = clean_words(request.words)
        words = meant or typed
        clauses = query_clauses(words)[:MAX_CLAUSES]
        many = len(split(words))
        return cls(
            request=request,
            scope=Scope(index.pk, str(SearchKind(request.kind)), level, _filters(request, now), _among(request.among)),
            now=now,
            words=words,
            corrected=words != typed,
            clauses=clauses,
            sure=_without_near(clauses),
            # One word of a name that goes on: the clause of the whole name cannot be met, and says nothing the word does not.
            floor=min(floor_of(clauses, MATCH_FLOOR), STEM) if many == 1 else floor_of(clauses, MATCH_FLOOR),
            least=STEM_NEAR if many == 1 else floor_of(clauses, MIN_SHARE),
            settled=MEDIUM * many,
            wanted=skeletons(words),
        )


def _without_near(clauses: Sequence[Clause]) -> tuple[Clause, ...]:
    """Words with one sound missing match very many people, so their keys are removed; those of pairs and of whole names match few and stay."""
    kept = (
        tuple((key, weight) for key, weight in clause if weight > MEDIUM_NEAR or max(of for _, of in clause) < STRICT)
        for clause in clauses
    )
    return tuple(clause for clause in kept if clause)


def floor_of(clauses: Sequence[Clause], share: float) -> int:
    """An integer, so that both engines round it the same way."""
    return max(1, -(-best_possible(clauses) * round(share * 100) // 100))


def clean_words(text: str) -> str:
    """The typed text without characters that no database stores, in one line, no longer than a query may be."""
    plain = text[: 4 * MAX_QUERY_LENGTH].encode("utf-8", "ignore").decode()
    return " ".join("".join(char if char.isprintable() else " " for char in plain).split())[:MAX_QUERY_LENGTH]


def _filters(request: SearchRequest, now: datetime.datetime) -> tuple[Filter, ...]:
    """Known facets with something chosen, always in the same order. A value that no database stores finds nothing."""
    chosen = {name: values for name, values in request.filters.items() if name in FACETS and name != "open" and values}
    if request.available:
        chosen["free"] = [request.available]
    filters = [
        Filter(name, tuple(dict.fromkeys(f"{name}:{_value(name, value)}" for value in list(values)[:MAX_VALUES])))
        for name, values in sorted(chosen.items())
    ]
    return (*filters, Filter("open", open_at=now)) if request.open_now else tuple(filters)


def _value(name: str, value: str) -> str:
    plain = clean_words(str(value)[:MAX_VALUE])
    return town_key(plain) if name == "city" else plain


def _among(ids: tuple[int, ...] | None) -> tuple[int, ...] | None:
    return None if ids is None else tuple(pk for pk in ids if 0 < pk < 2**31)
