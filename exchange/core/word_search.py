"""Searching by words in the lists of apps below the search: the app asks through a hook, and shows what is found in the order of the search."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from exchange.core.hooks import Hook
from exchange.core.paging import ModelT, Page


@dataclass(frozen=True)
class WordQuery:
    """What to search for. `kind` is "expert", "program" or "institution"; `filters` are values by the name of a filter of the search.

    Values of one filter are alternatives; filters add up. `open_now` finds programmes that take applications now.
    """

    kind: str
    words: str
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    open_now: bool = False
    cursor: str = ""
    limit: int = 20


@dataclass(frozen=True)
class FoundPage:
    """Primary keys, best first; `next` is the cursor of the following page, or None."""

    ids: Sequence[int]
    next: str | None


word_search: Hook[Callable[[Any, WordQuery], FoundPage]] = Hook("word search", single=True)
"""Called with the reader and the query; returns what this reader may see. Raises DomainError (400) for a cursor of another search."""


def page_by_words(rows: "QuerySet[ModelT]", query: WordQuery, *, reader: Any) -> Page[ModelT]:
    """One page of what the search finds, in its order; `rows` are those the reader may see. One query for the rows, beside those of the search.

    Raises DomainError (400) for a cursor of another search. Finds nothing where no search is installed.
    """
    found = FoundPage((), None)
    for find in word_search.all():
        found = find(reader, query)
    known = {row.pk: row for row in rows.filter(pk__in=found.ids)}
    return Page([known[pk] for pk in found.ids if pk in known], found.next, first=not query.cursor)
