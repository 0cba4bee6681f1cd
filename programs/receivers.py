"""What this room does when it hears news from others; what it can tell."""

from typing import Any

from django.dispatch import receiver

from institutions.signals import institutions_merged
from programs.domain.programs import lead_programs


@receiver(institutions_merged)
def on_institutions_merged(sender: object, *, kept_id: int, gone_id: int, **kwargs: Any) -> None:
    """Programmes stay, at the institution that stays."""
    lead_programs(kept_id, gone_id)
