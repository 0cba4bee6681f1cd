"""The way from demonstration data to matches."""

from exchange.core.outbox import emit_many
from matching.domain.compute import match_everything
from programs.models import Program


def refresh_matches() -> int:
    """Compute all matches now; for as many people as a first look at the platform needs. Returns how many there are."""
    return match_everything()


def ask_for_matches() -> None:
    """Have the worker compute every open programme's matches, one job each."""
    emit_many("match-program", [{"program_id": pk} for pk in Program.objects.open().values_list("pk", flat=True)])
