"""/experts/<pk>/: the page of an expert as this reader may see it, and their files."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from exchange.core.files import PRIVATE_FILE, send_file
from exchange.core.images import UNREADABLE, shrink_photo
from exchange.core.rendering import render_page
from profiles.domain.completeness import is_fresh
from profiles.domain.record import VisibleRecord, find_profile, record_for_reader
from profiles.domain.visibility import VisibleProfile, can_see_part, profile_for_reader
from profiles.models import CasePicture, ExpertProfile
from profiles.states import Audience, Part


@require_safe
@login_not_required
def expert_page(request: HttpRequest, pk: int) -> HttpResponse:
    profile = find_profile(pk, request.user)
    if profile is None:
        raise Http404
    if profile.pk != pk:
        return redirect(profile)
    shown, record = profile_for_reader(profile, request.user), record_for_reader(profile, request.user)
    return render_page(request, "profiles/expert.html", expert_context(profile, shown, record))


def expert_context(profile: ExpertProfile, shown: VisibleProfile, record: VisibleRecord) -> dict[str, Any]:
    """The context of the page: personal data comes from `shown` and `record` only; `profile` is passed to the page slots of other apps."""
    return {
        "expert": shown,
        "record": record,
        "profile": profile,
        "fresh": is_fresh(profile),
        "schema": person_schema(shown, record) if shown.reader == Audience.EVERYONE else None,
    }


def person_schema(shown: VisibleProfile, record: VisibleRecord) -> dict[str, Any]:
    """Schema.org markup of a public profile."""
    data = {
        "@type": "Person",
        "name": shown.name,
        "alternateName": [shown.latin_name] if shown.latin_name not in {"", shown.name} else [],
        "jobTitle": shown.headline,
        "knowsAbout": [term.title for term in shown.fields],
        "nationality": shown.country,
        "affiliation": {"@type": "Organization", "name": str(shown.affiliation.name)} if shown.affiliation else None,
        "sameAs": f"https://orcid.org/{record.orcid}" if record.orcid else "",
    }
    return {key: value for key, value in data.items() if value}


@require_safe
@login_not_required
def expert_photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    profile = get_object_or_404(ExpertProfile.objects.visible_to(request.user), pk=pk)
    if not profile.photo or not can_see_part(profile, Part.PHOTO, request.user):
        raise Http404
    if request.GET.get("size") == "small":
        return small_photo(profile)
    return send_file(profile.photo, inline=True)


def small_photo(profile: ExpertProfile) -> HttpResponseBase:
    """The photograph at the size of a list, made when it is asked for: two to five milliseconds. 404 for a damaged file."""
    try:
        with profile.photo.open("rb") as stored:
            content = shrink_photo(stored)
    except UNREADABLE as error:
        raise Http404 from error
    return HttpResponse(content, content_type="image/jpeg", headers=PRIVATE_FILE)


@require_safe
@login_not_required
def expert_picture(request: HttpRequest, pk: str, picture: str, size: str) -> HttpResponseBase:
    """A picture of a work at one of its sizes; the upload itself has no URL."""
    profile = get_object_or_404(ExpertProfile.objects.visible_to(request.user), pk=pk)
    found = CasePicture.objects.filter(case__profile=profile, pk=picture).first()
    stored = getattr(found, size) if found else None
    if not stored or not can_see_part(profile, Part.PORTFOLIO, request.user):
        raise Http404
    return send_file(stored, inline=True)


@require_safe
@login_not_required
def expert_cv(request: HttpRequest, pk: int) -> HttpResponseBase:
    profile = get_object_or_404(ExpertProfile.objects.visible_to(request.user), pk=pk)
    if not profile.cv or not can_see_part(profile, Part.CV, request.user):
        raise Http404
    return send_file(profile.cv, name=profile.cv_name)
