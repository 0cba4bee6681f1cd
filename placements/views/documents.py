"""Downloads: letters and tables."""

from allauth.core.internal import ratelimit
from allauth.core.ratelimit import respond_429
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.requests import AuthedRequest
from exchange.core.rendering import render_page
from exchange.core.spreadsheets import sheet_response
from placements.domain import desk, letters, statistics
from placements.domain.queries import with_parts
from placements.domain.take_backs import record_letter
from placements.models import Placement
from placements.views.desk import desk_scope_for


@require_GET
def placement_letter(request: AuthedRequest, pk: int, language: str) -> HttpResponse:
    """The invitation letter, for everybody who may see the placement, once it is confirmed."""
    if language not in letters.LANGUAGES:
        raise Http404
    rows = with_parts(Placement.objects.visible_to(request.user)).select_related("expert__user")
    placement = get_object_or_404(rows, pk=pk)
    record_letter(placement, by=request.user)
    response = HttpResponse(letters.write_letter(placement, language), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{placement.reference}-{language}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_GET
def queue_table(request: AuthedRequest, kind: str) -> HttpResponse:
    """All undecided placements of the countries on this reader's desk."""
    scope = desk_scope_for(request)
    name = f"placements-{'-'.join(scope.shown)}-{timezone.localdate():%Y-%m-%d}"
    return sheet_response(desk.queue_table(scope), kind=kind, name=name, title=pgettext("name of a sheet", "Placements"))


@require_GET
def flows_table(request: AuthedRequest, kind: str) -> HttpResponse:
    """Confirmed placements of a year by sending and host country, for those who have a desk."""
    desk_scope_for(request)
    year = chosen_year(request)
    return sheet_response(
        statistics.flows_table(year), kind=kind, name=f"flows-{year}", title=_("Placements %(year)s") % {"year": year}
    )


def chosen_year(request: AuthedRequest) -> int:
    """The year in the address, or this one."""
    asked = request.GET.get("year", "")
    this = timezone.localdate().year
    return int(asked) if asked.isascii() and asked.isdigit() and 2000 <= int(asked) <= this + 5 else this


@require_GET
@login_not_required
@never_cache
def letter_check(request: HttpRequest, reference: str = "", code: str = "") -> HttpResponse:
    """Whether an invitation letter is genuine and valid, for anyone who holds it; without a reference and a code, the form that asks for them."""
    reference, code = reference or request.GET.get("reference", ""), code or request.GET.get("code", "")
    if not (reference or code):
        return render_page(request, "placements/letter_check.html", {})
    if not ratelimit.consume(request, app="allauth.account", action="check_letter", limit_get=True):
        return respond_429(request)
    letter = letters.check_letter(reference[:40], code[:40])
    context = {"letter": letter, "reference": reference[:40], "code": code[:40], "asked": True}
    return render_page(request, "placements/letter_check.html", context, status=200 if letter else 404)
