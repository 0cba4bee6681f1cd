"""The decision of one country on a placement, as a reader may see it."""

from dataclasses import dataclass, field
from typing import Any

from exchange.core.moves import LegalMove
from placements.models import Approval
from placements.rules import Clock


@dataclass(frozen=True)
class Word:
    """One country's word as a reader sees it."""

    approval: Approval
    clock: Clock | None
    """Runs while the word is waited for."""
    moves: list[LegalMove]
    """What this reader may do about it."""
    conflict: Any
    """Why this reader, who acts for the country, may not decide here."""
    people: list[str] = field(default_factory=list)
    """Who acts for the country now."""
