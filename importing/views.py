"""/experts/import/: import of experts by hosts and coordinators: upload, preview, confirm, progress, list of matching ids."""

from typing import Any

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
from importing.domain import uploads
from importing.domain.answers import answer_layout, choose_reading
from importing.domain.layouts import Layout
from importing.domain.runs import template_rows
from importing.forms import ConfirmForm, LayoutForm, ReadingForm, TableForm, taken_columns
from importing.models import ExpertImport

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
    return render_page(request, "importing/imports.html", context, status=422 if form.errors else 200)


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
    return import_page(request, visible_import(request, pk))


def import_page(
    request: AuthedRequest, job: ExpertImport, *, layout_form: LayoutForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of one import, with the questions about its columns as long as they can be answered."""
    context: dict[str, Any] = {"job": job, "form": ConfirmForm(), "more": job.problem_count - len(job.problems)}
    if job.layout and job.layout["columns"]:
        layout = Layout.from_json(job.layout)
        context["taken"] = taken_columns(layout)
        if job.can_answer:
            context |= {"layout_form": layout_form or LayoutForm(layout=layout), "reading_form": ReadingForm(layout=layout)}
    return render_page(request, "importing/import.html", context, fragment="job", status=status)


@require_POST
def import_layout(request: AuthedRequest, pk: int) -> HttpResponse:
    """What each column is taken for; the table is checked again."""
    job = visible_import(request, pk)
    require(job.can_answer, _("The columns of this table cannot be changed any more."))
    form = LayoutForm(request.POST, layout=Layout.from_json(job.layout))
    if not form.is_valid():
        return import_page(request, job, layout_form=form, status=422)
    answer_layout(job, form.answers, by=request.user, ids_from_names=form.cleaned_data["ids_from_names"])
    return redirect(job)


@require_POST
def import_reading(request: AuthedRequest, pk: int) -> HttpResponse:
    """Another encoding or another sheet; the columns are planned anew."""
    job = visible_import(request, pk)
    require(job.can_answer, _("The columns of this table cannot be changed any more."))
    form = ReadingForm(request.POST, layout=Layout.from_json(job.layout))
    if form.is_valid():
        choose_reading(job, by=request.user, **form.chosen)
    return redirect(job)


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
