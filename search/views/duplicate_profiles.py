"""/profile/twins/: profiles that may also belong to the user."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import AuthedRequest
from exchange.core.rendering import render_page
from profiles.domain.profile_merge import propose_merge
from profiles.models import ExpertProfile
from search.domain.duplicate_profiles import duplicate_profiles_of


@require_safe
def profile_duplicates(request: AuthedRequest) -> HttpResponse:
    profile = my_profile(request)
    return render_page(
        request, "search/duplicate_profiles.html", {"profile": profile, "duplicates": duplicate_profiles_of(profile, request.user)}
    )


@require_POST
def profile_duplicate_propose(request: AuthedRequest, pk: int) -> HttpResponse:
    """Propose that this profile also belongs to the user; its owner is asked to confirm."""
    other = get_object_or_404(ExpertProfile.objects.visible_to(request.user), pk=pk)
    merge = propose_merge(my_profile(request), other, by=request.user)
    messages.success(request, _("The other person has been asked. Nothing changes until they confirm."))
    return redirect(merge)


def my_profile(request: AuthedRequest) -> ExpertProfile:
    profile = ExpertProfile.objects.filter(user_id=request.user.pk).prefetch_related("names").first()
    if profile is None:
        raise Http404
    return profile
