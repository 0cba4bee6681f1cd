"""What this room does when it hears news from others."""

from typing import Any

from django.dispatch import receiver

from institutions.signals import institutions_merged
from partnerships.domain.agreements import lead_agreements


@receiver(institutions_merged)
def on_institutions_merged(sender: object, *, kept_id: int, gone_id: int, **kwargs: Any) -> None:
    """Agreements bind the institution that stays; one between the two stands in the way."""
    lead_agreements(kept_id, gone_id)
