"""What a search returns: hits, counts by facet, suggestions; and the rows from which hits are made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from search.domain.passages import Passage
from search.domain.query import FoundConcept


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
    near: bool = False
    """It has only a part of what was asked."""
    subject: Any = field(default=None, compare=False, repr=False)
    """The profile, programme or institution, as the visibility check read it."""


@dataclass(frozen=True)
class Suggestions:
    """What to try when nothing was found: similar names, and concepts near the words."""

    names: tuple[str, ...] = ()
    concepts: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.names or self.concepts)


@dataclass(frozen=True)
class SearchResult:
    """One page. `facets` are counts by facet name and value; `simpler` means that an engine was away or slow and less was searched."""

    hits: list[Hit]
    total: int = 0
    more_than_total: bool = False
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    cursor: str = ""
    concepts: tuple[FoundConcept, ...] = ()
    suggestions: Suggestions = field(default_factory=Suggestions)
    simpler: bool = False
    near: tuple[Hit, ...] = ()
    """When nothing was found: documents that have some of what was asked. They are not counted."""
    read_as: str = ""
    """The words as they were read, when they were typed on another keyboard layout."""
    passages: Mapping[int, Passage] = field(default_factory=dict)
    """By id, the passages by which hits were found; only where they were asked for."""


@dataclass(frozen=True)
class FoundRow:
    """A row of a stage of the ranking, before the visibility check. `key` is its place; without a document `object_id` is 0."""

    key: tuple[Any, ...]
    object_id: int
    why: str
    score: float
    spelling: str = ""
    partly: bool = False


def without_document(row: FoundRow) -> FoundRow:
    """The same place, at which nothing is shown: its document is shown at another one."""
    return FoundRow(row.key, 0, row.why, row.score)
