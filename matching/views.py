"""Pages of matching: experts for a programme, programmes for an expert, and the invitation to apply."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access_of
from accounts.requests import AuthedRequest
from exchange.core.access import require
from exchange.core.errors import DomainError
from exchange.core.paging import capped_count, keyset_page
from exchange.core.rendering import render_page
from matching.domain.explanation import explain
from matching.domain.invitations import invite_expert, why_not_invited
from matching.domain.queries import matches_for_expert, matches_for_program
from matching.domain.weight_labels import weight_groups
from matching.domain.weights import active_weights, store_weights
from matching.forms import InvitationForm, WeightsForm
from profiles.models import ExpertProfile
from programs.models import Program

PAGE_SIZE = 20


@require_safe
def matches(request: AuthedRequest) -> HttpResponse:
    """All programmes that fit me, the best first."""
    rows = matches_for_expert(request.user)
    page = keyset_page(rows, ("-eligible", "-score", "id"), cursor=request.GET.get("cursor"), size=PAGE_SIZE)
    context = {"page": page, "matches": [explain(match) for match in page.items], "total": capped_count(rows)}
    return render_page(request, "matching/mine.html", context)


@require_safe
def program_people(request: AuthedRequest, slug: str) -> HttpResponse:
    """People who fit a programme of mine."""
    program = get_object_or_404(Program.objects.visible_to(request.user).select_related("institution"), slug=slug)
    require(program.institution_id in access_of(request.user).edited_institutions)
    rows = matches_for_program(program, request.user)
    page = keyset_page(rows, ("-host_score", "id"), cursor=request.GET.get("cursor"), size=PAGE_SIZE)
    people = [explain(match, for_host=True) for match in page.items]
    return render_page(
        request, "matching/people.html", {"program": program, "page": page, "people": people, "total": capped_count(rows)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: AuthedRequest, slug: str, expert_id: int) -> HttpResponse:
    """Write to one person about a programme of mine."""
    program = get_object_or_404(Program.objects.visible_to(request.user).select_related("institution"), slug=slug)
    require(program.institution_id in access_of(request.user).edited_institutions)
    expert = get_object_or_404(ExpertProfile.objects.visible_to(request.user), pk=expert_id)
    refusal = why_not_invited(expert, program)
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invite_expert(expert, program, by=request.user, words=form.cleaned_data["words"])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The invitation has been sent."))
            return redirect("program_people", slug=program.slug)
    context = {"program": program, "expert": expert, "form": form, "refusal": refusal}
    return render_page(request, "matching/invite.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def how_matching_works(request: AuthedRequest) -> HttpResponse:
    """The table of weights in force; the secretariat may put another one in force."""
    weights = active_weights()
    secretariat = access_of(request.user).secretariat
    if request.method == "POST":
        require(secretariat)
    form = WeightsForm(request.POST or None, weights=weights) if secretariat else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            store_weights(form.cleaned_data["name"], form.values(), by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, pgettext("weights of matching", "The new weights are in force. All matches are being computed again.")
            )
            return redirect("how_matching_works")
    return render_page(request, "matching/how.html", {"weights": weights, "groups": weight_groups(weights), "form": form})
