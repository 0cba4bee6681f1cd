"""The application of a placement and its files, for those who approve: coordinators of both countries and the secretariat."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from accounts.requests import AuthedRequest
from applications.models import ApplicationFile
from exchange.core.files import send_file
from exchange.core.rendering import render_page
from placements.domain.queries import application_for_approval
from placements.rules import reads_for_approval
from placements.views.placements import find_placement


@require_safe
def placement_application(request: AuthedRequest, pk: int) -> HttpResponse:
    """What the expert sent, without reviews and notes; the applicant and the host's team are redirected to the application's own page."""
    placement = find_placement(request, pk)
    if not reads_for_approval(request.user, placement):
        return redirect("application", pk=placement.application_id)
    return render_page(
        request, "placements/application.html", {"placement": placement, "read": application_for_approval(placement)}
    )


@require_safe
def placement_file(request: AuthedRequest, pk: int, file_pk: int) -> FileResponse:
    """A file of that application, for the same readers; 404 for all others."""
    placement = find_placement(request, pk)
    if not reads_for_approval(request.user, placement):
        raise Http404
    stored = get_object_or_404(ApplicationFile, pk=file_pk, application_id=placement.application_id)
    return send_file(stored.file, name=stored.name)
