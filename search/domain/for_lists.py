"""The search for the lists of other apps (`exchange.core.word_search`): the same answers in the same order as on the page of the search."""

from typing import Any

from exchange.core.word_search import FoundPage, WordQuery
from search.domain.query import SearchRequest
from search.domain.ranking import search


def find_for_list(reader: Any, query: WordQuery) -> FoundPage:
    """One page of what this reader may see, best first. Raises DomainError (400) for a cursor of another search."""
    request = SearchRequest(query.kind, query.words, query.filters, open_now=query.open_now, cursor=query.cursor, limit=query.limit)
    result = search(reader, request)
    return FoundPage([hit.object_id for hit in result.hits], result.cursor or None)
