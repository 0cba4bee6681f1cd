"""Receivers of signals of other apps."""

from typing import Any

from django.dispatch import receiver

from accounts.models import User
from accounts.signals import access_changed
from applications.models import Application
from applications.rules import acceptance_acted_on
from applications.signals import acceptance_taken_back, offer_accepted
from exchange.core.jobs.outbox import enqueue, outbox_handler
from partnerships.models import Agreement
from partnerships.signals import agreement_registered
from placements.domain.agreements import attach_agreement
from placements.domain.conversations import follow_access
from placements.domain.creation import create_placement
from placements.domain.revisions import cancel_placement
from placements.domain.take_backs import close_after_take_back, country_has_decided
from placements.models import Placement
from placements.states import PROGRAM_CANCELLED
from profiles.signals import profiles_merged, profiles_unmerged
from programs.signals import program_cancelled

FOLLOW = "placements.follow_access"

acceptance_acted_on.add(country_has_decided)


@receiver(offer_accepted)
def on_offer_accepted(sender: object, *, application: Application, by: User, **kwargs: Any) -> None:
    """Create the placement in the transaction that accepts the offer: there is never one without the other."""
    create_placement(application, by=by)


@receiver(acceptance_taken_back)
def on_acceptance_taken_back(sender: object, *, application: Application, by: User, **kwargs: Any) -> None:
    """Close the placement in the transaction that takes the acceptance back, or refuse when a country has decided."""
    close_after_take_back(application, by=by)


@receiver(program_cancelled)
def on_program_cancelled(sender: object, *, program_id: int, **kwargs: Any) -> None:
    """Cancel the placements of a cancelled programme."""
    for placement in Placement.objects.alive().filter(program_id=program_id).order_by("pk"):
        cancel_placement(placement, by=None, reason=PROGRAM_CANCELLED)


@receiver(agreement_registered)
def on_agreement_registered(sender: object, *, agreement: Agreement, **kwargs: Any) -> None:
    """Attach an agreement that was registered later to the placements it covers, in the same transaction."""
    attach_agreement(agreement)


@receiver(profiles_merged)
def on_profiles_merged(sender: object, *, target_id: int, source_id: int, **kwargs: Any) -> dict[str, list[int]]:
    """Reassign the placements of the source profile to the target."""
    ids = list(Placement.objects.select_for_update(of=("self",)).filter(expert_id=source_id).values_list("pk", flat=True))
    Placement.objects.filter(pk__in=ids).update(expert_id=target_id)
    return {"placements": ids}


@receiver(profiles_unmerged)
def on_profiles_unmerged(sender: object, *, target_id: int, source_id: int, moved: dict[str, Any], **kwargs: Any) -> None:
    Placement.objects.filter(pk__in=moved.get("placements", []), expert_id=target_id).update(expert_id=source_id)


@receiver(access_changed)
def on_access_changed(sender: object, *, user_id: int, **kwargs: Any) -> None:
    """Add users who begin to act for a country to the threads of its placements, and remove those who cease to, in a worker."""
    enqueue(FOLLOW, user_id=user_id)


@outbox_handler(FOLLOW)
def follow(user_id: int) -> None:
    follow_access(user_id)
