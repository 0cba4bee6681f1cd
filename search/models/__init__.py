"""Tables of the search room. Import models from here."""

from search.models.documents import GenerationState, SearchDocument, SearchIndex, SearchKey, SearchKind, SearchName

__all__ = ["GenerationState", "SearchDocument", "SearchIndex", "SearchKey", "SearchKind", "SearchName"]
