"""Receivers: what this app does on the signals of others."""

from typing import Any

from django.dispatch import receiver

from partnerships import notification_types
from partnerships.domain.agreements import reassign_agreements
from profiles.signals import institutions_merged

notification_types.register()


@receiver(institutions_merged)
def on_institutions_merged(sender: object, *, target_id: int, source_id: int, **kwargs: Any) -> None:
    """Agreements bind the institution that stays; one between the two stands in the way."""
    reassign_agreements(target_id, source_id)
