"""Receivers of signals about profiles and programmes: they enqueue the job that computes matches again."""

from datetime import timedelta
from typing import Any

from django.dispatch import receiver

from exchange.core.jobs.broker import LOW_PRIORITY
from exchange.core.jobs.outbox import enqueue, outbox_handler
from matching.domain.compute import match_everything, match_expert, match_experts, match_program
from matching.models import Invitation, Match
from profiles.signals import profile_changed, profiles_imported, profiles_merged, profiles_unmerged
from programs.signals import program_changed, program_published

SETTLE = timedelta(seconds=1)
"""A short delay, so that several changes in a row are computed once."""


@receiver(profile_changed)
def on_profile_changed(sender: Any, profile_id: int, **kwargs: Any) -> None:
    """A single edit does not wait for bulk work."""
    enqueue("match-expert", delay=SETTLE, expert_id=profile_id)


@receiver(profiles_imported)
def on_profiles_imported(sender: Any, profile_ids: list[int], **kwargs: Any) -> None:
    """One job for all of them, which reads the open programmes once."""
    enqueue("match-experts", delay=SETTLE, bulk=True, expert_ids=profile_ids)


@receiver(program_changed)
@receiver(program_published)
def on_program_changed(sender: Any, program_id: int, **kwargs: Any) -> None:
    enqueue("match-program", delay=SETTLE, program_id=program_id)


@receiver(profiles_merged)
def on_profiles_merged(sender: Any, target_id: int, source_id: int, **kwargs: Any) -> dict[str, list[int]]:
    """Reassign the invitations of the source profile to the target, and compute the matches again."""
    Match.objects.filter(expert_id=source_id).delete()
    twice = Invitation.objects.filter(expert_id=target_id).values("program")
    ids = list(Invitation.objects.filter(expert_id=source_id).exclude(program__in=twice).values_list("pk", flat=True))
    Invitation.objects.filter(pk__in=ids).update(expert_id=target_id)
    return {"invitations": ids}


@receiver(profiles_unmerged)
def on_profiles_unmerged(sender: Any, target_id: int, source_id: int, moved: dict[str, Any], **kwargs: Any) -> None:
    Invitation.objects.filter(pk__in=moved.get("invitations", []), expert_id=target_id).update(expert_id=source_id)


outbox_handler("match-expert", long=True)(match_expert)
outbox_handler("match-experts", long=True, priority=LOW_PRIORITY)(match_experts)
outbox_handler("match-program", long=True)(match_program)
outbox_handler("match-everything", long=True, priority=LOW_PRIORITY)(match_everything)
