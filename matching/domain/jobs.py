"""Asks for the jobs that compute matches of people again."""

from collections.abc import Sequence
from datetime import timedelta

from exchange.core.jobs.outbox import enqueue
from matching.models import Need

SETTLE = timedelta(seconds=1)
"""A short delay, so that several changes in a row are computed once."""


def match_soon(expert_id: int, *, with_needs: bool = True) -> None:
    """Compute this person against all programmes again, without waiting for bulk work; and against all needs, unless only one pair changed."""
    enqueue("match-expert", delay=SETTLE, expert_id=expert_id)
    if with_needs:
        match_needs_soon([expert_id])


def match_needs_soon(expert_ids: Sequence[int]) -> None:
    """Compute these people against all needs again, in one job."""
    if Need.objects.exists():
        enqueue("match-needs-with", delay=SETTLE, bulk=True, expert_ids=list(expert_ids))
