"""What this room does when it hears news from others."""

from typing import Any

from django.dispatch import receiver

from applications import notices, privacy  # noqa: F401 -- privacy registers what is handed out, erased and ended here
from applications.domain import usage, waiting  # noqa: F401 -- tell the rooms below what they ask for
from applications.domain.cancellations import tell_of_cancellation
from applications.domain.conversations import follow_team
from applications.domain.merging import lead_applications, lead_back
from exchange.core.outbox import emit, handles
from profiles.signals import membership_changed, profiles_merged, profiles_parted
from programs.signals import program_cancelled

TELL = "applications.program_cancelled"

notices.register()


@receiver(membership_changed)
def on_membership_changed(sender: object, *, institution_id: int, user_id: int, **kwargs: Any) -> None:
    """Who joins the host's team joins its conversations; who leaves it is out of them in the same transaction."""
    follow_team(institution_id, user_id)


@receiver(profiles_merged)
def on_profiles_merged(sender: object, *, kept_id: int, gone_id: int, **kwargs: Any) -> dict[str, list[int]]:
    """Applications follow their person; what was led over is handed back for undoing."""
    return {"applications": lead_applications(kept_id, gone_id)}


@receiver(profiles_parted)
def on_profiles_parted(sender: object, *, kept_id: int, gone_id: int, moved: dict[str, Any], **kwargs: Any) -> None:
    lead_back(moved.get("applications", []), kept_id, gone_id)


@receiver(program_cancelled)
def on_program_cancelled(sender: object, *, program_id: int, **kwargs: Any) -> None:
    """Those who applied are told, by a worker: there may be a thousand of them."""
    emit(TELL, program_id=program_id)


@handles(TELL)
def tell(program_id: int) -> None:
    tell_of_cancellation(program_id)
