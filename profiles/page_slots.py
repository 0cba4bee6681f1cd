"""Page slots: what this app shows on pages of the apps below it."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from accounts.access import access_of
from exchange.core.page_slots import page_slots
from profiles.domain import claims as actions
from profiles.forms.claims import ClaimInvitationForm
from profiles.models import ClaimInvitation, ExpertProfile, ImportedExpert


@page_slots.register("expert.aside", order=5)
def made_for_its_expert(request: HttpRequest, profile: ExpertProfile) -> str:
    """The maker of an unclaimed profile."""
    if profile.user_id is not None:
        return ""
    record = ImportedExpert.objects.filter(profile_id=profile.pk).select_related("institution").first()
    return render_to_string("profiles/_imported.html", {"record": record}, request) if record else ""


@page_slots.register("expert.aside", order=60)
def claim_of_profile(request: HttpRequest, profile: ExpertProfile) -> str:
    """For those who act for the maker of a profile: the form that invites its person. One query for users who act for anybody, none for others."""
    access = access_of(request.user)
    if profile.user_id is not None or not (access.edited_institutions or access.countries):
        return ""
    if not actions.can_invite_to_claim(request.user, profile):
        return ""
    asked = ClaimInvitation.objects.filter(profile=profile, answer="").first()
    context = {"profile": profile, "asked": asked, "form": ClaimInvitationForm(initial={"email": profile.imported.email})}
    return render_to_string("profiles/_claim_invitation.html", context, request)
