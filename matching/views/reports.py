"""Reports from matches: partners that complement an institution, and the fairness of the lists for the secretariat."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import access_of
from accounts.requests import AuthedRequest
from exchange.core.access import require
from exchange.core.rendering import render_page
from matching.domain.fairness import fairness_report
from matching.domain.partners import partners_of
from matching.views.needs import load_institution


@require_safe
def partners(request: AuthedRequest, slug: str) -> HttpResponse:
    institution = load_institution(request, slug)
    context = {"institution": institution, "partners": partners_of(institution, request.user)}
    return render_page(request, "matching/partners.html", context)


@require_safe
def fairness(request: AuthedRequest) -> HttpResponse:
    require(access_of(request.user).secretariat, _("This report is for the secretariat."))
    return render_page(request, "matching/fairness.html", {"report": fairness_report()})
