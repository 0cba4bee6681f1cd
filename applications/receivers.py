"""Receivers of signals of other apps."""

from typing import Any

from django.dispatch import receiver

from applications.domain.cancellations import notify_of_cancellation
from applications.domain.conversations import follow_team
from applications.domain.profile_merge import reassign_applications, reassign_back
from applications.domain.seats import taken_by_country, taken_of_many
from applications.domain.usage import applications_of, usage_of
from exchange.core.jobs.outbox import enqueue, outbox_handler
from institutions.signals import membership_changed
from profiles.signals import profiles_merged, profiles_unmerged
from programs.domain.usage import own_applications, places_taken, places_taken_of_many, program_usage
from programs.signals import program_cancelled

NOTIFY_CANCELLED = "applications.program_cancelled"

places_taken.add(taken_by_country)
places_taken_of_many.add(taken_of_many)
program_usage.add(usage_of)
own_applications.add(applications_of)


@receiver(membership_changed)
def on_membership_changed(sender: object, *, institution_id: int, user_id: int, **kwargs: Any) -> None:
    """Add a new team member to the threads of the host, or remove a former one, in the same transaction."""
    follow_team(institution_id, user_id)


@receiver(profiles_merged)
def on_profiles_merged(sender: object, *, target_id: int, source_id: int, **kwargs: Any) -> dict[str, list[int]]:
    """Reassign the applications of the source profile to the target; returns their ids, so that it can be undone."""
    return {"applications": reassign_applications(target_id, source_id)}


@receiver(profiles_unmerged)
def on_profiles_unmerged(sender: object, *, target_id: int, source_id: int, moved: dict[str, Any], **kwargs: Any) -> None:
    reassign_back(moved.get("applications", []), target_id, source_id)


@receiver(program_cancelled)
def on_program_cancelled(sender: object, *, program_id: int, **kwargs: Any) -> None:
    """Applicants are notified by a worker: there may be a thousand."""
    enqueue(NOTIFY_CANCELLED, program_id=program_id)


@outbox_handler(NOTIFY_CANCELLED)
def notify_cancelled(program_id: int) -> None:
    notify_of_cancellation(program_id)
