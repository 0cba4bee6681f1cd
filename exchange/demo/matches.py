"""Matches of the demonstration data."""

from django.utils import timezone

from exchange.core.jobs.outbox import enqueue_many
from exchange.core.models import OutboxEvent
from matching.domain.compute import match_everything
from programs.models import Program


def refresh_matches() -> int:
    """Compute all matches now, for a small demonstration. Returns their number."""
    asked = OutboxEvent.objects.filter(kind__in=("match-program", "match-expert"), done_at=None)
    keys = list(asked.values_list("pk", flat=True))
    computed = match_everything()
    # Mark the queued computations as done, because they have just been done here.
    OutboxEvent.objects.filter(pk__in=keys).update(done_at=timezone.now())
    return computed


def ask_for_matches() -> None:
    """Have the worker compute every open programme's matches, one job each."""
    enqueue_many("match-program", [{"program_id": pk} for pk in Program.objects.open().values_list("pk", flat=True)])
