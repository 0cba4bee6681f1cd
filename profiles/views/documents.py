"""/experts/<pk>/cv.pdf, card.vcf, code.svg: downloads of a profile, as this reader may see it."""

import re

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from profiles.domain.documents import LANGUAGES, draw_code, write_card, write_cv
from profiles.domain.record import record_for_reader, with_record
from profiles.domain.visibility import profile_for_reader
from profiles.models import ExpertProfile


@require_safe
@login_not_required
def expert_cv_made(request: HttpRequest, pk: int) -> HttpResponse:
    """In the language of `?in=ru`, else in the reader's."""
    language = request.GET.get("in") or get_language() or "en"
    if language not in LANGUAGES:
        raise Http404
    profile = visible_profile(request, pk)
    content = write_cv(profile_for_reader(profile, request.user), record_for_reader(profile, request.user), language)
    return attached(content, "application/pdf", f"CV {profile.latin_name or profile.shown_name} {language}.pdf")


@require_safe
@login_not_required
def expert_card(request: HttpRequest, pk: int) -> HttpResponse:
    profile = visible_profile(request, pk)
    text = write_card(profile_for_reader(profile, request.user), record_for_reader(profile, request.user))
    return attached(text.encode(), "text/vcard; charset=utf-8", f"{profile.latin_name or profile.shown_name}.vcf")


@require_safe
@login_not_required
def expert_code(request: HttpRequest, pk: int) -> HttpResponse:
    """The URL of the profile as QR code, as a download: SVG is not served inline."""
    profile = visible_profile(request, pk)
    code = draw_code(settings.SITE_URL + profile.get_absolute_url())
    return attached(code, "image/svg+xml", f"QR {profile.latin_name or profile.shown_name}.svg")


def visible_profile(request: HttpRequest, pk: int) -> ExpertProfile:
    profile: ExpertProfile = get_object_or_404(with_record(ExpertProfile.objects.visible_to(request.user)), pk=pk)
    return profile


def attached(content: bytes, kind: str, name: str) -> HttpResponse:
    """A download that browsers do not execute and shared caches do not store."""
    response = HttpResponse(content, content_type=kind)
    safe = re.sub(r"[^\w .()-]", "", name)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=safe) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
