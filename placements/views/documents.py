"""Downloads: letters and tables."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from accounts.requests import AuthedRequest
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
