"""Receivers: what this app does on the signals of others."""

from typing import Any

from django.dispatch import receiver

from applications import notification_types, privacy  # noqa: F401 -- privacy registers what is handed out, erased and ended here
from applications.domain import my_tasks, usage  # noqa: F401 -- tell the apps below what they ask for
from applications.domain.cancellations import notify_of_cancellation
from applications.domain.conversations import follow_team
from applications.domain.profile_merge import reassign_applications, reassign_back
from exchange.core.outbox import enqueue, outbox_handler
from profiles.signals import membership_changed, profiles_merged, profiles_unmerged
from programs.signals import program_cancelled

NOTIFY_CANCELLED = "applications.program_cancelled"

notification_types.register()


@receiver(membership_changed)
def on_membership_changed(sender: object, *, institution_id: int, user_id: int, **kwargs: Any) -> None:
    """Who joins the host's team joins its conversations; who leaves it is out of them in the same transaction."""
    follow_team(institution_id, user_id)


@receiver(profiles_merged)
def on_profiles_merged(sender: object, *, target_id: int, source_id: int, **kwargs: Any) -> dict[str, list[int]]:
    """Applications follow their person; what was reassigned is handed back for undoing."""
    return {"applications": reassign_applications(target_id, source_id)}


@receiver(profiles_unmerged)
def on_profiles_unmerged(sender: object, *, target_id: int, source_id: int, moved: dict[str, Any], **kwargs: Any) -> None:
    reassign_back(moved.get("applications", []), target_id, source_id)


@receiver(program_cancelled)
def on_program_cancelled(sender: object, *, program_id: int, **kwargs: Any) -> None:
    """Those who applied are told, by a worker: there may be a thousand of them."""
    enqueue(NOTIFY_CANCELLED, program_id=program_id)


@outbox_handler(NOTIFY_CANCELLED)
def notify_cancelled(program_id: int) -> None:
    notify_of_cancellation(program_id)
