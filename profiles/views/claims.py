"""Profiles that others made: inviting their persons, and taking one over. Two profiles of one person: answering and undoing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from exchange.core.access import require
from exchange.core.page_slots import page_slot
from exchange.core.paging import keyset_page
from exchange.core.rendering import render_page
from exchange.core.transitions import available_transitions
from profiles.access import access_of
from profiles.domain import claims as actions
from profiles.domain.institutions import can_edit_institution
from profiles.domain.profile_merge import transition_merge
from profiles.domain.summary import summary_of
from profiles.domain.visibility import with_parts
from profiles.forms.institutions import ClaimInvitationForm
from profiles.models import ClaimInvitation, ExpertProfile, ProfileMerge
from profiles.requests import AuthedRequest
from profiles.states import MERGE_TRANSITIONS
from profiles.views.institutions import visible_institution

EDIT = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def institution_people(request: AuthedRequest, slug: str) -> HttpResponse:
    """Whom the institution brought in, who of them has taken their profile over, and who was asked to."""
    institution = visible_institution(request, slug)
    require(can_edit_institution(request.user, institution))
    rows = ExpertProfile.objects.filter(imported__institution=institution, merged_into__isnull=True)
    page = keyset_page(rows.defer("search", "biography").select_related("imported"), ("pk",), cursor=request.GET.get("cursor"))
    asked = {row.profile_id: row for row in ClaimInvitation.objects.filter(profile__in=page.items, answer="")}
    people = [(row, asked.get(row.pk)) for row in page.items]
    return render_page(request, "institutions/people.html", {"institution": institution, "page": page, "people": people})


@require_POST
def claim_invite(request: AuthedRequest, pk: int) -> HttpResponse:
    """Ask the person of a profile to take it over."""
    profile = invitable(request, pk)
    form = ClaimInvitationForm(request.POST)
    if form.is_valid():
        actions.invite_to_claim(profile, email=form.cleaned_data["email"], by=request.user)
        messages.success(request, _("The letter is on its way. Its link holds for 30 days."))
    else:
        messages.error(request, _("This is no e-mail address."))
    return redirect(profile)


@require_POST
def claim_withdraw(request: AuthedRequest, pk: int) -> HttpResponse:
    profile = invitable(request, pk)
    actions.withdraw_claim_invitation(profile, by=request.user)
    messages.success(request, _("The invitation is withdrawn."))
    return redirect(profile)


def invitable(request: AuthedRequest, pk: int) -> ExpertProfile:
    """A profile this person sees or made: 404 for others, 403 for those that are not theirs to give away."""
    access = access_of(request.user)
    seen = ExpertProfile.objects.visible_to(request.user)
    made = ExpertProfile.objects.filter(imported__institution__in=access.edited_institutions)
    profile: ExpertProfile | None = seen.filter(pk=pk).first() or made.filter(pk=pk).first()
    if profile is None:
        raise Http404
    require(actions.can_invite_to_claim(request.user, profile))
    return profile


@page_slot("expert.aside", order=60)
def claim_of_profile(request: HttpRequest, profile: ExpertProfile) -> str:
    """For those who made a profile: the form that invites its person. One query for those who act for anybody, none for others."""
    access = access_of(request.user)
    if profile.user_id is not None or not (access.edited_institutions or access.countries):
        return ""
    if not actions.can_invite_to_claim(request.user, profile):
        return ""
    asked = ClaimInvitation.objects.filter(profile=profile, answer="").first()
    context = {"profile": profile, "asked": asked, "form": ClaimInvitationForm(initial={"email": profile.imported.email})}
    return render_to_string("profiles/_claim_invitation.html", context, request)


@require_safe
def claim_list(request: AuthedRequest) -> HttpResponse:
    """Profiles that were made for me, and the merges I take part in."""
    merges = ProfileMerge.objects.visible_to(request.user).select_related("target", "source")[:50]
    context = {"claims": list(actions.claims_for(request.user)[:20]), "merges": merges}
    return render_page(request, "profiles/claims.html", context)


@EDIT
def claim(request: AuthedRequest, pk: int) -> HttpResponse:
    """One that names my address."""
    profile = get_object_or_404(actions.claims_for(request.user), pk=pk)
    return claim_page(request, profile, "")


@EDIT
def claim_link(request: AuthedRequest, token: str) -> HttpResponse:
    """The link of a letter."""
    return claim_page(request, actions.read_claim(token).profile, token)


def claim_page(request: AuthedRequest, profile: ExpertProfile, token: str) -> HttpResponse:
    if request.method == "POST":
        taken = actions.claim_profile(profile, by=request.user, token=token)
        if taken.merged:
            messages.success(request, _("Both profiles are one now. You can undo this for 30 days."))
        else:
            messages.success(request, _("The profile is yours. Look through it: from now on you alone change it."))
        return redirect("profile_edit")
    whole = with_parts(ExpertProfile.objects.filter(pk=profile.pk)).get()
    own = access_of(request.user).expert_id is not None
    return render_page(request, "profiles/claim.html", {"profile": whole, "summary": summary_of(whole), "own": own})


@require_safe
def profile_merge(request: AuthedRequest, pk: int) -> HttpResponse:
    """Two profiles side by side, for both sides; what each shows is what they may see of it."""
    merge = visible_merge(request, pk)
    sides = [side_of(request.user, merge, profile) for profile in (merge.target, merge.source)]
    context = {"merge": merge, "sides": sides, "transitions": available_transitions(merge, request.user)}
    return render_page(request, "profiles/merge.html", context)


def side_of(user: Any, merge: ProfileMerge, profile: ExpertProfile) -> dict[str, Any]:
    """One side: all of it for whose it is, or what everybody who sees the profile sees."""
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
