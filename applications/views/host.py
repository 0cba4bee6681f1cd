"""Pages of the host: the desk, the table of one programme's applications, its export."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from accounts.access import access_of
from accounts.requests import AuthedRequest
from applications.domain.exports import table_rows
from applications.domain.queries import host_desk
from applications.domain.tables import list_applications, places_by_country, reviewer_loads
from exchange.core.access import require
from exchange.core.rendering import render_page
from exchange.core.spreadsheets import sheet_response
from institutions.domain.fact_sheet import unverified_institutions
from programs.models import Program


def _hosted(request: AuthedRequest, slug: str) -> Program:
    """The programme, for those who read its applications."""
    program: Program = get_object_or_404(Program.objects.visible_to(request.user).select_related("institution"), slug=slug)
    require(
        program.institution_id in access_of(request.user).reviewed_institutions,
        _("Only the host's team can read the applications."),
    )
    return program


@require_safe
def program_applications(request: AuthedRequest, slug: str) -> HttpResponse:
    program = _hosted(request, slug)
    table = list_applications(program, request.user, request.GET)
    context = {"program": program, "table": table, "places": places_by_country(program)}
    if table.decides:
        context["loads"] = reviewer_loads(program)
    return render_page(request, "applications/table.html", context, fragment="rows")


@require_safe
def program_applications_export(request: AuthedRequest, slug: str, kind: str) -> HttpResponse:
    """The table as a file, with the filters of the address."""
    program = _hosted(request, slug)
    rows = table_rows(program, request.user, request.GET)
    return sheet_response(rows, kind=kind, name=f"applications-{program.slug}", title=pgettext("name of a sheet", "Applications"))


@require_safe
def desk_host(request: AuthedRequest) -> HttpResponse:
    require(bool(access_of(request.user).reviewed_institutions), _("Only teams of host institutions can open this page."))
    return render_page(
        request, "applications/desk.html", {"desk": host_desk(request.user), "unverified": unverified_institutions(request.user)}
    )
