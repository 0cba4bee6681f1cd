"""What matching adds to pages of other apps."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from accounts.access import access_of
from exchange.core.page_slots import page_slots
from matching.domain.explanation import explain
from matching.domain.queries import SHOWN, matches_for_expert, matches_for_program
from matching.models import Match
from profiles.models import ExpertProfile
from programs.models import Program


@page_slots.register("home.main", order=10)
def for_you(request: HttpRequest, user: Any) -> str:
    """The best open programmes, on an expert's home."""
    if access_of(user).expert_id is None:
        return ""
    matches = [explain(match) for match in matches_for_expert(user)[:SHOWN]]
    return render_to_string("matching/_for_you.html", {"matches": matches}, request)


@page_slots.register("program.main", order=10)
def why_it_fits(request: HttpRequest, program: Program) -> str:
    """Why this programme fits the reader, in parts that add up."""
    expert_id = access_of(request.user).expert_id
    if expert_id is None:
        return ""
    match = Match.objects.filter(expert_id=expert_id, program=program).first()
    return render_to_string("matching/_why.html", {"explained": explain(match)}, request) if match else ""


@page_slots.register("program.aside", order=60)
def people_for(request: HttpRequest, program: Program) -> str:
    """For the host's editors: how many people fit, with a link to them."""
    if program.institution_id not in access_of(request.user).edited_institutions or not program.is_open:
        return ""
    count = matches_for_program(program, request.user).count()
    return render_to_string("matching/_people_link.html", {"program": program, "count": count}, request)


@page_slots.register("expert.aside", order=20)
def for_your_programmes(request: HttpRequest, profile: ExpertProfile) -> str:
    """For hosts: how this person fits their open programmes, with the button to invite."""
    hosted = access_of(request.user).edited_institutions
    if not hosted or profile.user_id == request.user.pk:
        return ""
    rows = Match.objects.for_hosts().filter(
        expert_id=profile.pk, program__institution__in=hosted, program__in=Program.objects.open()
    )
    matches = [explain(match, for_host=True) for match in rows.select_related("program").order_by("-host_score", "pk")[:3]]
    return (
        render_to_string("matching/_for_your_programmes.html", {"matches": matches, "profile": profile}, request) if matches else ""
    )
