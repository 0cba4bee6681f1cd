"""Matches of the demonstration data."""

from django.utils import timezone

from exchange.core.jobs.outbox import enqueue
from exchange.core.models import OutboxEvent
from matching.domain.compute import match_everything


def refresh_matches() -> int:
    """Compute all matches now, for a small demonstration. Returns their number."""
    asked = OutboxEvent.objects.filter(
        kind__in=("match-program", "match-expert", "match-experts", "match-everything"), done_at=None
    )
    keys = list(asked.values_list("pk", flat=True))
    computed = match_everything()
    # Mark the queued computations as done, because they have just been done here.
    OutboxEvent.objects.filter(pk__in=keys).update(done_at=timezone.now())
    return computed


def ask_for_matches() -> None:
    """Have the worker compute all matches, in one job."""
    enqueue("match-everything", bulk=True)
