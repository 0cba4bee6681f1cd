"""Claims of imported profiles: invitations and claiming. Merges of profiles: answering and undoing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import access_of
from accounts.requests import AuthedRequest
from exchange.core.access import require
from exchange.core.paging import keyset_page
from exchange.core.rendering import render_page
from exchange.core.transitions import available_transitions
from institutions.domain.institutions import can_edit_institution
from institutions.views.institutions import visible_institution
from profiles.domain import claims as actions
from profiles.domain.profile_merge import transition_merge
from profiles.domain.summary import summary_of
from profiles.domain.visibility import with_parts
from profiles.forms.claims import ClaimInvitationForm
from profiles.models import ClaimInvitation, ExpertProfile, ProfileMerge
from profiles.states import MERGE_TRANSITIONS

EDIT = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def institution_people(request: AuthedRequest, slug: str) -> HttpResponse:
    """The imported people of an institution, which of them have claimed their profile, and which were invited."""
    institution = visible_institution(request, slug)
    require(can_edit_institution(request.user, institution))
    rows = ExpertProfile.objects.filter(imported__institution=institution, merged_into__isnull=True)
    page = keyset_page(rows.defer("biography").select_related("imported"), ("pk",), cursor=request.GET.get("cursor"))
    asked = {row.profile_id: row for row in ClaimInvitation.objects.filter(profile__in=page.items, answer="")}
    people = [(row, asked.get(row.pk)) for row in page.items]
    return render_page(request, "institutions/people.html", {"institution": institution, "page": page, "people": people})


@require_POST
def claim_invite(request: AuthedRequest, pk: int) -> HttpResponse:
    """Invite the person of a profile to claim it."""
    profile = invitable(request, pk)
    form = ClaimInvitationForm(request.POST)
    if form.is_valid():
        actions.invite_to_claim(profile, email=form.cleaned_data["email"], by=request.user)
        messages.success(request, _("The e-mail has been sent. Its link is valid for 30 days."))
    else:
        messages.error(request, _("This is not an e-mail address."))
    return redirect(profile)


@require_POST
def claim_withdraw(request: AuthedRequest, pk: int) -> HttpResponse:
    profile = invitable(request, pk)
    actions.withdraw_claim_invitation(profile, by=request.user)
    messages.success(request, _("The invitation is withdrawn."))
    return redirect(profile)


def invitable(request: AuthedRequest, pk: int) -> ExpertProfile:
    """A profile this user may see: 404 for others, 403 when they may not invite its person."""
    access = access_of(request.user)
    seen = ExpertProfile.objects.visible_to(request.user)
    made = ExpertProfile.objects.filter(imported__institution__in=access.edited_institutions)
    profile: ExpertProfile | None = seen.filter(pk=pk).first() or made.filter(pk=pk).first()
    if profile is None:
        raise Http404
    require(actions.can_invite_to_claim(request.user, profile))
    return profile


@require_safe
def claim_list(request: AuthedRequest) -> HttpResponse:
    """Profiles made for this user, and their merges."""
    merges = ProfileMerge.objects.visible_to(request.user).select_related("target", "source")[:50]
    context = {"claims": list(actions.claims_for(request.user)[:20]), "merges": merges}
    return render_page(request, "profiles/claims.html", context)


@EDIT
def claim(request: AuthedRequest, pk: int) -> HttpResponse:
    """Claim a profile by a confirmed address."""
    profile = get_object_or_404(actions.claims_for(request.user), pk=pk)
    return claim_page(request, profile, "")


@EDIT
def claim_link(request: AuthedRequest, token: str) -> HttpResponse:
    """Claim a profile by the link of an e-mail."""
    return claim_page(request, actions.read_claim(token).profile, token)


def claim_page(request: AuthedRequest, profile: ExpertProfile, token: str) -> HttpResponse:
    if request.method == "POST":
        taken = actions.claim_profile(profile, by=request.user, token=token)
        if taken.merged:
            messages.success(request, _("Both profiles are merged. You can undo this within 30 days."))
        else:
            messages.success(request, _("The profile is yours. Check it: from now on only you can change it."))
        return redirect("profile_edit")
    whole = with_parts(ExpertProfile.objects.filter(pk=profile.pk)).get()
    own = access_of(request.user).expert_id is not None
    return render_page(request, "profiles/claim.html", {"profile": whole, "summary": summary_of(whole), "own": own})


@require_safe
def profile_merge(request: AuthedRequest, pk: int) -> HttpResponse:
    """Two profiles side by side; each side sees what it may see."""
    merge = visible_merge(request, pk)
    sides = [side_of(request.user, merge, profile) for profile in (merge.target, merge.source)]
    context = {"merge": merge, "sides": sides, "transitions": available_transitions(merge, request.user)}
    return render_page(request, "profiles/merge.html", context)


def side_of(user: Any, merge: ProfileMerge, profile: ExpertProfile) -> dict[str, Any]:
    """One side: everything for its own side; for the other, what every reader of the profile sees."""
    whole = with_parts(ExpertProfile.objects.filter(pk=profile.pk)).get()
    mine = profile.user_id is not None and profile.user_id == user.pk
    return {"profile": whole, "target": profile.pk == merge.target_id, "summary": summary_of(whole, everything=mine)}


@require_POST
def profile_merge_move(request: AuthedRequest, pk: int, transition: str) -> HttpResponse:
    merge = transition_merge(visible_merge(request, pk), transition, by=request.user)
    messages.success(request, str(MERGE_TRANSITIONS[transition].done))
    return redirect(merge)


def visible_merge(request: AuthedRequest, pk: int) -> ProfileMerge:
    rows = ProfileMerge.objects.visible_to(request.user).select_related("target", "source")
    found: ProfileMerge = get_object_or_404(rows, pk=pk)
    return found
