"""The host's pages: my desk, the table of one programme's applications, its export."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.domain.exports import CONTENT_TYPES, write_table
from applications.domain.queries import host_desk
from applications.domain.tables import list_applications, places_by_country, reviewer_loads
from exchange.core.access import require
from exchange.core.rendering import render_page
from profiles.requests import AuthedRequest
from profiles.standing import standing_of
from programs.models import Program


def _hosted(request: AuthedRequest, slug: str) -> Program:
    """The programme, for those who read its applications."""
    program: Program = get_object_or_404(Program.objects.visible_to(request.user).select_related("institution"), slug=slug)
    require(
        program.institution_id in standing_of(request.user).reviewed_institutions, _("Only the host's team reads the applications.")
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
    if kind not in CONTENT_TYPES:
        raise Http404
    response = HttpResponse(write_table(program, request.user, request.GET, kind), content_type=CONTENT_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="applications-{program.slug}.{kind}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
def desk_host(request: AuthedRequest) -> HttpResponse:
    require(bool(standing_of(request.user).reviewed_institutions), _("This desk is for the teams of host institutions."))
    return render_page(request, "applications/desk.html", {"desk": host_desk(request.user)})
