"""What matching does when profiles and programmes change: it writes down that a job is due, and the job recomputes."""

from datetime import timedelta
from typing import Any

from django.dispatch import receiver
from django.http import HttpRequest
from django.template.loader import render_to_string

from exchange.core.broker import LOW_PRIORITY, start_job
from exchange.core.outbox import enqueue, outbox_handler
from exchange.core.page_slots import page_slot
from exchange.core.stamps import NOTHING, rows_stamp
from matching import notification_types, privacy  # noqa: F401 -- declare the notifications and what is handed out
from matching.domain.queries import SHOWN, matches_for_expert, matches_for_program
from matching.domain.words import explain
from matching.models import Invitation, Match
from profiles.access import access_of
from profiles.models import ExpertProfile
from profiles.signals import profile_changed, profiles_imported, profiles_merged, profiles_unmerged
from programs.models import Program
from programs.signals import program_changed, program_published

SETTLE = timedelta(seconds=1)
"""A short pause, so that several changes made in one go are computed once they are all there."""


@receiver(profile_changed)
def on_profile_changed(sender: Any, profile_id: int, **kwargs: Any) -> None:
    enqueue("match-expert", delay=SETTLE, bulk=True, expert_id=profile_id)


@receiver(profiles_imported)
def on_profiles_imported(sender: Any, profile_ids: list[int], **kwargs: Any) -> None:
    """One job for all of them, which reads the open programmes once."""
    enqueue("match-experts", delay=SETTLE, bulk=True, expert_ids=profile_ids)


@receiver(program_changed)
@receiver(program_published)
def on_program_changed(sender: Any, program_id: int, **kwargs: Any) -> None:
    enqueue("match-program", delay=SETTLE, bulk=True, program_id=program_id)


@receiver(profiles_merged)
def on_profiles_merged(sender: Any, target_id: int, source_id: int, **kwargs: Any) -> dict[str, list[int]]:
    """Invitations follow their person; matches are computed anew."""
    Match.objects.filter(expert_id=source_id).delete()
    twice = Invitation.objects.filter(expert_id=target_id).values("program")
    ids = list(Invitation.objects.filter(expert_id=source_id).exclude(program__in=twice).values_list("pk", flat=True))
    Invitation.objects.filter(pk__in=ids).update(expert_id=target_id)
    return {"invitations": ids}


@receiver(profiles_unmerged)
def on_profiles_unmerged(sender: Any, target_id: int, source_id: int, moved: dict[str, Any], **kwargs: Any) -> None:
    Invitation.objects.filter(pk__in=moved.get("invitations", []), expert_id=target_id).update(expert_id=source_id)


@outbox_handler("match-expert")
def start_matching_expert(expert_id: int) -> None:
    start_job("matching.periodic.match_expert", expert_id, priority=LOW_PRIORITY)


@outbox_handler("match-experts")
def start_matching_experts(expert_ids: list[int]) -> None:
    start_job("matching.periodic.match_experts", expert_ids, priority=LOW_PRIORITY)


@outbox_handler("match-program")
def start_matching_program(program_id: int) -> None:
    start_job("matching.periodic.match_program", program_id, priority=LOW_PRIORITY)


@page_slot("home.main", order=10)
def for_you(request: HttpRequest, user: Any) -> str:
    """The best open programmes, on an expert's home."""
    if access_of(user).expert_id is None:
        return ""
    matches = [explain(match) for match in matches_for_expert(user)[:SHOWN]]
    return render_to_string("matching/_for_you.html", {"matches": matches}, request)


MY_MATCH = rows_stamp(
    "matching_match",
    "program_id = (SELECT id FROM programs_program WHERE slug = %(slug)s)"
    " AND expert_id = (SELECT id FROM profiles_expertprofile WHERE user_id = %(user)s)",
)


@page_slot("program.main", order=10, stamp=MY_MATCH)
def why_it_fits(request: HttpRequest, program: Program) -> str:
    """Why this programme fits the reader, in parts that add up."""
    expert_id = access_of(request.user).expert_id
    if expert_id is None:
        return ""
    match = Match.objects.filter(expert_id=expert_id, program=program).first()
    return render_to_string("matching/_why.html", {"explained": explain(match)}, request) if match else ""


@page_slot("program.aside", order=60, stamp=NOTHING)  # the host's team alone sees it, and its pages are not remembered
def people_for(request: HttpRequest, program: Program) -> str:
    """For the host's editors: how many people fit, and the way to them."""
    if program.institution_id not in access_of(request.user).edited_institutions or not program.is_open:
        return ""
    count = matches_for_program(program, request.user).count()
    return render_to_string("matching/_people_link.html", {"program": program, "count": count}, request)


@page_slot("expert.aside", order=20)
def for_your_programmes(request: HttpRequest, profile: ExpertProfile) -> str:
    """For hosts: how this person fits their open programmes, with the button to invite."""
    hosted = access_of(request.user).edited_institutions
    if not hosted or profile.user_id == request.user.pk:
        return ""
    rows = Match.objects.filter(
        expert_id=profile.pk, program__institution__in=hosted, program__in=Program.objects.open(), eligible=True
    )
    matches = [explain(match, for_host=True) for match in rows.select_related("program").order_by("-host_score", "pk")[:3]]
    return (
        render_to_string("matching/_for_your_programmes.html", {"matches": matches, "profile": profile}, request) if matches else ""
    )
