"""The way from demonstration data to matches."""

from django.utils import timezone

from exchange.core.models import OutboxEvent
from exchange.core.outbox import enqueue_many
from matching.domain.compute import match_everything
from programs.models import Program


def refresh_matches() -> int:
    """Compute all matches now; for as many people as a first look at the platform needs. Returns how many there are."""
    asked = OutboxEvent.objects.filter(kind__in=("match-program", "match-expert"), done_at=None)
    keys = list(asked.values_list("pk", flat=True))
    computed = match_everything()
    # What was asked for until now has been done here: the worker need not do it again.
    OutboxEvent.objects.filter(pk__in=keys).update(done_at=timezone.now())
    return computed


def ask_for_matches() -> None:
    """Have the worker compute every open programme's matches, one job each."""
    enqueue_many("match-program", [{"program_id": pk} for pk in Program.objects.open().values_list("pk", flat=True)])
