"""/experts/import/: import of experts by hosts and coordinators: upload, preview, confirm, progress, list of matching ids."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import AuthedRequest
from exchange.core.access import require
from exchange.core.files import send_file
from exchange.core.rendering import render_page
from exchange.core.spreadsheets import sheet_response
from profiles.domain.importing import uploads
from profiles.domain.importing.runs import template_rows
from profiles.forms.importing import ConfirmForm, TableForm
from profiles.models import ExpertImport

SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: AuthedRequest) -> HttpResponse:
    """The form, and earlier tables."""
    scopes = uploads.import_scopes_of(request.user)
    require(bool(scopes), _("Editors of verified institutions and coordinators can import people here."))
    if request.method == "POST":
        form = TableForm(request.POST, request.FILES, scopes=scopes)
        if form.is_valid():
            return redirect(uploads.upload_table(by=request.user, scope=form.chosen, table=form.cleaned_data["table"]))
    else:
        form = TableForm(scopes=scopes, initial={"scope": request.GET.get("for", scopes[0].key)})
    earlier = ExpertImport.objects.visible_to(request.user).select_related("institution", "by").defer("problems")[:SHOWN]
    context = {"form": form, "earlier": earlier, "columns": template_rows()}
    return render_page(request, "profiles/imports.html", context, status=422 if form.errors else 200)


@require_safe
def import_template(request: AuthedRequest) -> HttpResponse:
    """The template as CSV."""
    require(uploads.can_import(request.user))
    return sheet_response(template_rows(), kind="csv", name="experts", title="experts")


def visible_import(request: AuthedRequest, pk: int) -> ExpertImport:
    rows = ExpertImport.objects.visible_to(request.user).select_related("institution", "by")
    found: ExpertImport = get_object_or_404(rows, pk=pk)
    return found


@require_safe
def expert_import(request: AuthedRequest, pk: int) -> HttpResponse:
    """Progress, planned and made changes. The page polls while a job is running."""
    job = visible_import(request, pk)
    context = {"job": job, "form": ConfirmForm(), "more": job.problem_count - len(job.problems)}
    return render_page(request, "profiles/import.html", context, fragment="job")


@require_POST
def import_confirm(request: AuthedRequest, pk: int) -> HttpResponse:
    job = visible_import(request, pk)
    form = ConfirmForm(request.POST)
    uploads.confirm_import(job, by=request.user, skip_bad_rows=form.is_valid() and form.cleaned_data["skip_bad_rows"])
    return redirect(job)


@require_POST
def import_cancel(request: AuthedRequest, pk: int) -> HttpResponse:
    uploads.cancel_import(visible_import(request, pk), by=request.user)
    messages.success(request, _("Cancelled. Nothing was imported, and the table is deleted."))
    return redirect("expert_imports")


@require_safe
def import_map(request: AuthedRequest, pk: int) -> HttpResponseBase:
    """The profile id of each external id, as CSV."""
    job = visible_import(request, pk)
    if not job.map_file:
        raise Http404
    return send_file(job.map_file, name="map.csv")
