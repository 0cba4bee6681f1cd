"""Receivers: what this app does on the signals of others."""

from typing import Any

from django.dispatch import receiver

from institutions.signals import institutions_merged
from programs.domain.programs import reassign_programs


@receiver(institutions_merged)
def on_institutions_merged(sender: object, *, target_id: int, source_id: int, **kwargs: Any) -> None:
    """Reassign programmes to the target."""
    reassign_programs(target_id, source_id)
