"""Receivers of signals about profiles and programmes: they enqueue the job that computes matches again."""

from typing import Any

from django.dispatch import receiver

from exchange.core.jobs.broker import LOW_PRIORITY
from exchange.core.jobs.outbox import enqueue, outbox_handler
from matching.domain.compute import match_everything, match_expert, match_experts, match_program
from matching.domain.jobs import SETTLE, match_needs_soon, match_soon
from matching.domain.need_matching import match_all_needs, match_need, match_needs_with
from matching.domain.reassigning import reassign_choices, take_back_choices
from matching.models import Match
from profiles.signals import profile_changed, profiles_imported, profiles_merged, profiles_unmerged
from programs.signals import program_changed, program_published


@receiver(profile_changed)
def on_profile_changed(sender: Any, profile_id: int, **kwargs: Any) -> None:
    """A single edit does not wait for bulk work."""
    match_soon(profile_id)


@receiver(profiles_imported)
def on_profiles_imported(sender: Any, profile_ids: list[int], **kwargs: Any) -> None:
    """One job for all of them, which reads the open programmes once."""
    enqueue("match-experts", delay=SETTLE, bulk=True, expert_ids=profile_ids)
    match_needs_soon(profile_ids)


@receiver(program_changed)
@receiver(program_published)
def on_program_changed(sender: Any, program_id: int, **kwargs: Any) -> None:
    enqueue("match-program", delay=SETTLE, program_id=program_id)


@receiver(profiles_merged)
def on_profiles_merged(sender: Any, target_id: int, source_id: int, **kwargs: Any) -> dict[str, list[int]]:
    """Reassign the invitations and choices of the source profile to the target, and compute the matches again."""
    Match.objects.filter(expert_id=source_id).delete()
    return reassign_choices(source_id, target_id)


@receiver(profiles_unmerged)
def on_profiles_unmerged(sender: Any, target_id: int, source_id: int, moved: dict[str, Any], **kwargs: Any) -> None:
    take_back_choices(source_id, target_id, moved)


outbox_handler("match-expert", long=True)(match_expert)
outbox_handler("match-experts", long=True, priority=LOW_PRIORITY)(match_experts)
outbox_handler("match-program", long=True)(match_program)
outbox_handler("match-everything", long=True, priority=LOW_PRIORITY)(match_everything)
outbox_handler("match-need", long=True, priority=LOW_PRIORITY)(match_need)
outbox_handler("match-needs-with", long=True, priority=LOW_PRIORITY)(match_needs_with)
outbox_handler("match-all-needs", long=True, priority=LOW_PRIORITY)(match_all_needs)
