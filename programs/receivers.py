"""Receivers: what this app does on the signals of others; what it can tell."""

from typing import Any

from django.dispatch import receiver

from institutions.signals import institutions_merged
from programs.domain.programs import reassign_programs


@receiver(institutions_merged)
def on_institutions_merged(sender: object, *, target_id: int, source_id: int, **kwargs: Any) -> None:
    """Programmes stay, at the institution that stays."""
    reassign_programs(target_id, source_id)
