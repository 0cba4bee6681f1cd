"""What was read out of one's own text: confirm it into the profile, or dismiss it."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import AuthedRequest
from exchange.core.rendering import render_page
from matching.domain.text_concepts import (
    concepts_to_confirm,
    confirm_concept,
    dismiss_concept,
    dismissed_terms,
    restore_concept,
)
from profiles.domain.profiles import own_profile

ACTIONS: dict[str, Callable[..., Any]] = {"confirm": confirm_concept, "dismiss": dismiss_concept, "restore": restore_concept}


@require_safe
def text_concepts(request: AuthedRequest) -> HttpResponse:
    profile = own_profile(request.user)
    if profile is None:
        return redirect("profile_start")
    context = {"profile": profile, "found": concepts_to_confirm(profile), "dismissed": dismissed_terms(profile)}
    return render_page(request, "matching/text_concepts.html", context)


@require_POST
def text_concept_answer(request: AuthedRequest, concept_id: int, answer: str) -> HttpResponse:
    profile = own_profile(request.user)
    if profile is None or answer not in ACTIONS:
        raise Http404
    ACTIONS[answer](profile, concept_id, by=request.user)
    return redirect("text_concepts")
