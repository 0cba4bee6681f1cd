"""Pages of placements: one placement, the list of the user's own, and the transitions made by people."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import AuthedRequest
from exchange.core.errors import DomainError
from exchange.core.paging import capped_count, keyset_page
from exchange.core.rendering import render_page
from exchange.core.transitions import require_transition
from placements.domain import queries
from placements.domain.decisions import decide
from placements.domain.letters import letter_languages
from placements.domain.revisions import cancel_placement, resubmit_placement
from placements.domain.take_backs import take_back_approval, take_back_cancel
from placements.forms import RevisionForm
from placements.models import Approval, Placement
from placements.states import APPROVAL_TRANSITIONS, PLACEMENT_TRANSITIONS, PlacementState


@require_safe
def placement_list(request: AuthedRequest) -> HttpResponse:
    """The placements this reader takes part in."""
    state = request.GET.get("state", "")
    rows = queries.my_placements(request.user, state)
    context = {
        "page": keyset_page(rows, queries.MINE_ORDER, cursor=request.GET.get("cursor")),
        "total": capped_count(rows),
        "states": [("", pgettext("option; filter", "All")), *PlacementState.choices],
        "state": state,
    }
    return render_page(request, "placements/placements.html", context, fragment="rows")


@require_safe
def placement_page(request: AuthedRequest, pk: int) -> HttpResponse:
    """One placement for all sides: its state, who has to act, what happened, and what this reader may do."""
    placement = find_placement(request, pk)
    context = {
        "seen": queries.placement_page(placement, request.user),
        "placement": placement,
        "from_desk": request.GET.get("from") == "desk",
        "letters": letter_languages(placement) if placement.state == PlacementState.CONFIRMED else [],
    }
    return render_page(request, "placements/placement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def placement_resubmit(request: AuthedRequest, pk: int) -> HttpResponse:
    """The form with which a returned placement is sent again."""
    placement = find_placement(request, pk)
    require_transition(placement, "resubmit", request.user)
    form = RevisionForm(request.POST or None, placement=placement)
    if request.method == "POST" and form.is_valid():
        try:
            resubmit_placement(placement, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Sent again for approval"))
            return redirect("placement", pk=pk)
    context = {"form": form, "placement": placement, "decisions": queries.country_decisions_of(placement, request.user)}
    return render_page(request, "placements/resubmit.html", context, status=422 if form.is_bound else 200)


@require_POST
def placement_cancel(request: AuthedRequest, pk: int) -> HttpResponse:
    placement = find_placement(request, pk)
    cancel_placement(placement, by=request.user, note=request.POST.get("note", ""))
    messages.success(request, pgettext("message after cancelling a placement", "The placement is cancelled."))
    return redirect("placement", pk=pk)


@require_POST
def placement_take_back(request: AuthedRequest, pk: int) -> HttpResponse:
    """Take my cancellation back."""
    placement = find_placement(request, pk)
    take_back_cancel(placement, by=request.user)
    messages.success(request, str(PLACEMENT_TRANSITIONS["take_back_cancel"].done))
    return redirect("placement", pk=pk)


@require_POST
def approval_move(request: AuthedRequest, pk: int, country: str, transition: str) -> HttpResponse:
    """A country's decision: approve, return or reject, or taking an approval back. Redirects to the desk when the form was sent from there."""
    placement = find_placement(request, pk)
    approval = get_object_or_404(Approval.objects.select_related("placement"), placement=placement, country=country)
    if transition not in APPROVAL_TRANSITIONS:
        raise Http404
    post = request.POST
    version = request.GET.get("version") or None
    if transition == "take_back":
        take_back_approval(approval, by=request.user)
    else:
        decide(approval, transition, by=request.user, reason=post.get("reason", ""), note=post.get("note", ""), version=version)
    messages.success(request, f"{placement.expert}: {APPROVAL_TRANSITIONS[transition].done}")
    return redirect("desk_coordinator") if request.GET.get("from") == "desk" else redirect("placement", pk=pk)


def find_placement(request: AuthedRequest, pk: int) -> Placement:
    """The placement, for those who see it; 404 otherwise."""
    rows = queries.with_parts(Placement.objects.visible_to(request.user)).select_related("expert__user")
    found: Placement = get_object_or_404(rows, pk=pk)
    return found
