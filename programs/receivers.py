"""Receivers: what this app does on the signals of others; what it can tell."""

from typing import Any

from django.dispatch import receiver

from profiles.signals import institutions_merged
from programs import notification_types
from programs.domain.programs import reassign_programs

notification_types.register()


@receiver(institutions_merged)
def on_institutions_merged(sender: object, *, target_id: int, source_id: int, **kwargs: Any) -> None:
    """Programmes stay, at the institution that stays."""
    reassign_programs(target_id, source_id)
