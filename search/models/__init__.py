"""Tables of the search app. Import models from here."""

from search.models.documents import GenerationState, SearchDocument, SearchIndex, SearchKey, SearchKind, SearchName
from search.models.saved import ChangedDocument, Frequency, KnownResult, SavedSearch

__all__ = [
    "ChangedDocument",
    "Frequency",
    "GenerationState",
    "KnownResult",
    "SavedSearch",
    "SearchDocument",
    "SearchIndex",
    "SearchKey",
    "SearchKind",
    "SearchName",
]
