"""What matching adds to pages of other apps."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from accounts.access import access_of
from exchange.core.page_slots import page_slots
from institutions.models import Institution
from matching.domain.advice import missing_of
from matching.domain.explanation import explain, unmet_reasons
from matching.domain.invitations import open_invitation
from matching.domain.queries import SHOWN, fit_for_expert, matches_for_expert, matches_for_program, programs_for_person
from matching.domain.text_concepts import concepts_to_confirm
from matching.models import Match
from matching.states import DismissReason
from profiles.models import ExpertProfile
from programs.domain.eligibility import Reason
from programs.models import Program


@page_slots.register("home.main", order=10)
def for_you(request: HttpRequest, user: Any) -> str:
    """The best open programmes, on an expert's home."""
    if access_of(user).expert_id is None:
        return ""
    matches = [explain(match) for match in matches_for_expert(user)[:SHOWN]]
    return render_to_string("matching/_for_you.html", {"matches": matches, "reasons": DismissReason.choices}, request)


@page_slots.register("program.main", order=10)
def your_fit(request: HttpRequest, program: Program) -> str:
    """For experts: the invitation, how the programme fits in parts that add up, what is missing and where to add it. Notes that an
    invitation was opened.
    """
    expert_id = access_of(request.user).expert_id
    if expert_id is None:
        return ""
    fit = fit_for_expert(program, expert_id)
    if fit.invitation is not None:
        open_invitation(fit.invitation)
    if fit.match is None and fit.invitation is None and not program.is_open:
        return ""
    context = {
        "program": program,
        "explained": explain(fit.match) if fit.match else None,
        "unmet": _works_here(fit.match) if fit.match else [],
        "missing": missing_of(fit.match) if fit.match else [],
        "invitation": fit.invitation,
        "choice": fit,
        "reasons": DismissReason.choices,
    }
    return render_to_string("matching/_why.html", context, request)


def _works_here(match: Match) -> list[Reason]:
    """The one requirement that the page does not name itself. No query where it is met."""
    return (
        [reason for reason in unmet_reasons(match) if reason.code == "institution"] if "institution" in match.requirements else []
    )


@page_slots.register("profile.edit", order=10)
def read_from_text(request: HttpRequest, profile: ExpertProfile) -> str:
    """In the profile editor: concepts that the own text names and the profile does not declare."""
    found = concepts_to_confirm(profile)
    return render_to_string("matching/_text_concepts.html", {"found": found}, request) if found else ""


@page_slots.register("settings.profile", order=20)
def settings_of_proposals(request: HttpRequest, user: Any) -> str:
    """For experts: a link to the settings of proposals."""
    return render_to_string("matching/_settings_link.html", {}, request) if access_of(user).expert_id is not None else ""


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
    matches = [explain(match, for_host=True) for match in programs_for_person(profile, request.user)[:3]]
    return (
        render_to_string("matching/_for_your_programmes.html", {"matches": matches, "profile": profile}, request) if matches else ""
    )


@page_slots.register("institution.aside", order=60)
def needs_and_partners(request: HttpRequest, institution: Institution) -> str:
    """For the institution's editors: whom it seeks, and partners that complement it."""
    if institution.pk not in access_of(request.user).edited_institutions:
        return ""
    return render_to_string("matching/_institution_links.html", {"institution": institution}, request)


@page_slots.register("home.aside", order=70)
def fairness_link(request: HttpRequest, user: Any) -> str:
    """For the secretariat: a link to the fairness report."""
    return render_to_string("matching/_fairness_link.html", {}, request) if access_of(user).secretariat else ""
