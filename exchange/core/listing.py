"""Parts of the lists of programmes, experts and institutions: one page with the counts of its facets, and the way to the search."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.urls import reverse

from exchange.core.facets import Counted
from exchange.core.paging import Page
from exchange.core.text import MAX_QUERY_LENGTH, has_words

SEARCH_FILTERS = ("field", "country", "kind", "language")
"""Filters of the lists that the search has too, under the same names."""


@dataclass(frozen=True)
class Listing:
    """One page of a list with its counts."""

    page: Page[Any]
    counted: Counted
    filters: int


def search_instead(request: HttpRequest, type: str) -> HttpResponseRedirect | None:  # noqa: A002 -- the name in the address
    """A redirect to the search on the tab `type`, with its filters, when the address of a list has words in `q`; None without words."""
    words = request.GET.get("q", "")
    if not has_words(words):
        return None
    params = QueryDict(mutable=True)
    params["type"], params["q"] = type, " ".join(words.split())[:MAX_QUERY_LENGTH]
    for name in SEARCH_FILTERS:
        if name in request.GET:
            params.setlist(name, request.GET.getlist(name))
    return HttpResponseRedirect(f"{reverse('search')}?{params.urlencode()}")
