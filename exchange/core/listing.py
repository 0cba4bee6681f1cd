"""One page of a list with the counts of its facets."""

from dataclasses import dataclass
from typing import Any

from exchange.core.facets import Counted
from exchange.core.paging import Page


@dataclass(frozen=True)
class Listing:
    """One page of a list with its counts."""

    page: Page[Any]
    counted: Counted
    filters: int
