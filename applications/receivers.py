"""Receivers of signals of other apps."""

from typing import Any

from django.dispatch import receiver

from applications.domain.cancellations import tell_of_cancellation
from applications.domain.conversations import follow_team
from applications.domain.merging import lead_applications, lead_back
from applications.domain.seats import taken_by_country, taken_of_many
from applications.domain.usage import usage_of
from exchange.core.jobs.outbox import emit, handles
from institutions.signals import membership_changed
from profiles.signals import profiles_merged, profiles_parted
from programs.domain.usage import places_taken, places_taken_of_many, program_usage
from programs.signals import program_cancelled

TELL = "applications.program_cancelled"

places_taken.add(taken_by_country)
places_taken_of_many.add(taken_of_many)
program_usage.add(usage_of)


@receiver(membership_changed)
def on_membership_changed(sender: object, *, institution_id: int, user_id: int, **kwargs: Any) -> None:
    """Who joins the host's team joins its conversations; who leaves it is out of them in the same transaction."""
    follow_team(institution_id, user_id)


@receiver(profiles_merged)
def on_profiles_merged(sender: object, *, kept_id: int, gone_id: int, **kwargs: Any) -> dict[str, list[int]]:
    """Applications move with the profile; the ids of what was moved are returned, so that it can be undone."""
    return {"applications": lead_applications(kept_id, gone_id)}


@receiver(profiles_parted)
def on_profiles_parted(sender: object, *, kept_id: int, gone_id: int, moved: dict[str, Any], **kwargs: Any) -> None:
    lead_back(moved.get("applications", []), kept_id, gone_id)


@receiver(program_cancelled)
def on_program_cancelled(sender: object, *, program_id: int, **kwargs: Any) -> None:
    """Applicants are notified by a worker: there may be a thousand of them."""
    emit(TELL, program_id=program_id)


@handles(TELL)
def tell(program_id: int) -> None:
    tell_of_cancellation(program_id)
