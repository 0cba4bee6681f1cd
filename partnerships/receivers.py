"""Receivers: what this app does on the signals of others."""

from typing import Any

from django.dispatch import receiver

from institutions.signals import institutions_merged
from partnerships.domain.agreements import reassign_agreements


@receiver(institutions_merged)
def on_institutions_merged(sender: object, *, target_id: int, source_id: int, **kwargs: Any) -> None:
    """Reassign agreements to the target; an agreement between the two blocks the merge."""
    reassign_agreements(target_id, source_id)
