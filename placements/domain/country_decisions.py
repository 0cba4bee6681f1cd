"""The decision of one country on a placement, as a reader may see it."""

from dataclasses import dataclass, field
from typing import Any

from exchange.core.transitions import AvailableTransition
from placements.models import Approval
from placements.rules import DueStatus


@dataclass(frozen=True)
class CountryDecision:
    """One country's decision as a reader sees it."""

    approval: Approval
    due_status: DueStatus | None
    """None once the country has decided."""
    transitions: list[AvailableTransition]
    """Transitions this reader may make."""
    conflict: Any
    """Why this reader, who acts for the country, may not decide on this placement."""
    people: list[str] = field(default_factory=list)
    """Who acts for the country now."""
