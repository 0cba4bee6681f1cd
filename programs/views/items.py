"""Editing the application form and the rubric, one row at a time, without JavaScript."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import AuthedRequest
from exchange.core.errors import DomainError, StaleError
from exchange.core.rendering import render_page
from programs.domain import items
from programs.domain.answers import answer_form
from programs.domain.usage import usage_of
from programs.forms.items import CriterionForm, ItemForm, QuestionForm
from programs.models import Criterion, Program, Question
from programs.states import QuestionKind
from programs.views.posting import ITEMS, load_editable


@dataclass(frozen=True)
class ItemKind:
    """The differences between questions and criteria."""

    section: str
    model: type[Any]
    add: Callable[..., Any]
    edit: Callable[..., Any]
    delete: Callable[..., None]
    shift: Callable[..., None]


QUESTIONS = ItemKind("questions", Question, items.add_question, items.edit_question, items.delete_question, items.shift_question)
RUBRIC = ItemKind("rubric", Criterion, items.add_criterion, items.edit_criterion, items.delete_criterion, items.shift_criterion)
KINDS = {kind.section: kind for kind in (QUESTIONS, RUBRIC)}


@require_safe
def program_items(request: AuthedRequest, slug: str, section: str) -> HttpResponse:
    """The rows of the form or of the rubric, in order."""
    program = load_editable(request, slug)
    kind = KINDS[section]
    rows = list(kind.model.objects.filter(program=program))
    context: dict[str, Any] = {"program": program, "section": section, "title": ITEMS[section], "rows": rows}
    if kind is QUESTIONS:
        context |= {"kinds": QuestionKind.choices, "answered": usage_of(program.pk).answered}
    else:
        total = sum(row.weight for row in rows) or 1
        context |= {"shares": [(row, round(100 * row.weight / total)) for row in rows], "scored": bool(usage_of(program.pk).scored)}
    return render_page(request, f"programs/items_{section}.html", context)


@require_safe
def program_form_preview(request: AuthedRequest, slug: str) -> HttpResponse:
    """The form as applicants see it; it cannot be submitted here."""
    program = load_editable(request, slug)
    return render_page(request, "programs/form_preview.html", {"program": program, "form": answer_form(program)})


@require_http_methods(["GET", "POST"])
def program_item_new(request: AuthedRequest, slug: str, section: str) -> HttpResponse:
    program = load_editable(request, slug)
    form = _form(section, None, request, program)
    if form.is_bound and form.is_valid():
        return _save(
            request,
            program,
            section,
            None,
            form=form,
            action=lambda: KINDS[section].add(program, by=request.user, version=None, **form.values()),
        )
    return _render(request, program, section, None, form)


@require_http_methods(["GET", "POST"])
def program_item(request: AuthedRequest, slug: str, section: str, pk: int) -> HttpResponse:
    program = load_editable(request, slug)
    row = get_object_or_404(KINDS[section].model, program=program, pk=pk)
    form = _form(section, row, request, program)
    if form.is_bound and form.is_valid():
        return _save(
            request,
            program,
            section,
            row,
            form=form,
            action=lambda: KINDS[section].edit(row, by=request.user, version=form.cleaned_data["version"], **form.values()),
        )
    return _render(request, program, section, row, form)


@require_POST
def program_item_delete(request: AuthedRequest, slug: str, section: str, pk: int) -> HttpResponse:
    program = load_editable(request, slug)
    row = get_object_or_404(KINDS[section].model, program=program, pk=pk)
    KINDS[section].delete(row, by=request.user)
    messages.success(request, _("Deleted"))
    return redirect("program_items", program.slug, section)


@require_POST
def program_item_shift(request: AuthedRequest, slug: str, section: str, pk: int, way: str) -> HttpResponse:
    program = load_editable(request, slug)
    row = get_object_or_404(KINDS[section].model, program=program, pk=pk)
    KINDS[section].shift(row, by=request.user, up=way == "up")
    return redirect("program_items", program.slug, section)


def _form(section: str, row: Any, request: HttpRequest, program: Program) -> Any:
    data = request.POST if request.method == "POST" else None
    if section == "questions":
        return QuestionForm(row, data, version=program.version, kind=request.GET.get("kind", ""))
    return CriterionForm(row, data, version=program.version)


def _save(
    request: HttpRequest, program: Program, section: str, row: Any, *, form: ItemForm, action: Callable[[], Any]
) -> HttpResponse:
    """Run the action; a refusal is shown in the form with the submitted values."""
    try:
        action()
    except StaleError:
        program.refresh_from_db()
        return _render(request, program, section, row, _rebound(section, request, program, row), stale=True)
    except DomainError as refused:
        form.add_error(None, str(refused))
        return _render(request, program, section, row, form)
    messages.success(request, _("Saved"))
    return redirect("program_items", program.slug, section)


def _rebound(section: str, request: HttpRequest, fresh: Program, row: Any) -> Any:
    data = request.POST.copy()
    data["version"] = str(fresh.version)
    row.refresh_from_db()
    form = (
        QuestionForm(row, data, version=fresh.version)
        if section == "questions"
        else CriterionForm(row, data, version=fresh.version)
    )
    form.is_valid()
    return form


def _render(request: HttpRequest, program: Program, section: str, row: Any, form: Any, *, stale: bool = False) -> HttpResponse:
    context = {"program": program, "section": section, "title": ITEMS[section], "row": row, "form": form, "stale": stale}
    status = 409 if stale else 422 if form.is_bound else 200
    return render_page(request, f"programs/item_{section}.html", context, status=status)
