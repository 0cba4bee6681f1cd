"""Receivers: what this app does on the signals of others."""

from typing import Any

from django.dispatch import receiver

from applications.models import Application
from applications.signals import offer_accepted
from exchange.core.outbox import enqueue, outbox_handler
from placements import notification_types, privacy  # noqa: F401 -- privacy registers what is handed out and erased here
from placements.domain import my_tasks  # noqa: F401 -- registers what waits for people here
from placements.domain.conversations import follow_access
from placements.domain.creation import create_placement
from placements.domain.revisions import cancel_placement
from placements.models import Placement
from placements.states import PROGRAM_CANCELLED
from profiles.models import User
from profiles.signals import access_changed, profiles_merged, profiles_unmerged
from programs.signals import program_cancelled

FOLLOW = "placements.follow_access"

notification_types.register()


@receiver(offer_accepted)
def on_offer_accepted(sender: object, *, application: Application, by: User, **kwargs: Any) -> None:
    """Accepting an offer creates the placement in the same transaction: there is never one without the other."""
    create_placement(application, by=by)


@receiver(program_cancelled)
def on_program_cancelled(sender: object, *, program_id: int, **kwargs: Any) -> None:
    """No placement outlives its programme."""
    for placement in Placement.objects.alive().filter(program_id=program_id).order_by("pk"):
        cancel_placement(placement, by=None, reason=PROGRAM_CANCELLED)


@receiver(profiles_merged)
def on_profiles_merged(sender: object, *, target_id: int, source_id: int, **kwargs: Any) -> dict[str, list[int]]:
    """Placements follow their person."""
    ids = list(Placement.objects.select_for_update(of=("self",)).filter(expert_id=source_id).values_list("pk", flat=True))
    Placement.objects.filter(pk__in=ids).update(expert_id=target_id)
    return {"placements": ids}


@receiver(profiles_unmerged)
def on_profiles_unmerged(sender: object, *, target_id: int, source_id: int, moved: dict[str, Any], **kwargs: Any) -> None:
    Placement.objects.filter(pk__in=moved.get("placements", []), expert_id=target_id).update(expert_id=source_id)


@receiver(access_changed)
def on_access_changed(sender: object, *, user_id: int, **kwargs: Any) -> None:
    """Who begins or ceases to act for a country joins or leaves the conversations of its placements, a moment later in a worker."""
    enqueue(FOLLOW, user_id=user_id)


@outbox_handler(FOLLOW)
def follow(user_id: int) -> None:
    follow_access(user_id)
