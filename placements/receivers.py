"""Receivers of signals of other apps."""

from typing import Any

from django.dispatch import receiver

from accounts.models import User
from accounts.signals import standing_changed
from applications.models import Application
from applications.signals import offer_accepted
from exchange.core.jobs.outbox import emit, handles
from placements.domain.conversations import follow_standing
from placements.domain.creation import create_placement
from placements.domain.revisions import cancel_placement
from placements.models import Placement
from placements.states import PROGRAM_CANCELLED
from profiles.signals import profiles_merged, profiles_parted
from programs.signals import program_cancelled

FOLLOW = "placements.follow_standing"


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
def on_profiles_merged(sender: object, *, kept_id: int, gone_id: int, **kwargs: Any) -> dict[str, list[int]]:
    """Placements follow their person."""
    ids = list(Placement.objects.select_for_update(of=("self",)).filter(expert_id=gone_id).values_list("pk", flat=True))
    Placement.objects.filter(pk__in=ids).update(expert_id=kept_id)
    return {"placements": ids}


@receiver(profiles_parted)
def on_profiles_parted(sender: object, *, kept_id: int, gone_id: int, moved: dict[str, Any], **kwargs: Any) -> None:
    Placement.objects.filter(pk__in=moved.get("placements", []), expert_id=kept_id).update(expert_id=gone_id)


@receiver(standing_changed)
def on_standing_changed(sender: object, *, user_id: int, **kwargs: Any) -> None:
    """Users who begin or cease to act for a country are added to or removed from the conversations of its placements, by a worker."""
    emit(FOLLOW, user_id=user_id)


@handles(FOLLOW)
def follow(user_id: int) -> None:
    follow_standing(user_id)
