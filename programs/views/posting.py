"""Posting a programme: first facts, sections, what is missing, transitions, copies."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import access_of
from accounts.requests import AuthedRequest
from exchange.core.access import require
from exchange.core.date_format import write_range
from exchange.core.errors import DomainError, StaleError, Text
from exchange.core.history import history_of
from exchange.core.rendering import render_page
from exchange.core.transitions import available_transitions
from institutions.domain.roles import current_role
from institutions.models import Institution
from programs.domain import editing
from programs.domain.drafts import NewProgram, clone_program, create_program, posting_blocked_reason
from programs.domain.editing import EDITABLE_STATES
from programs.domain.publishing import advice_for, missing_for_publishing, transition_program
from programs.domain.queries import edited_program, section_counts
from programs.forms.sections import DatesForm, NeedsForm, PlacesForm, SectionForm, StartForm, TextsForm, TopicsForm
from programs.models import Program
from programs.rules import may_edit
from programs.states import PROGRAM_TRANSITIONS, ProgramState
from programs.views.page import publishable

SECTIONS: dict[str, tuple[Text, type[SectionForm], Callable[..., Program]]] = {
    "texts": (pgettext_lazy("section of a programme", "Texts"), TextsForm, editing.edit_texts),
    "dates": (pgettext_lazy("section of a programme", "Dates and deadline"), DatesForm, editing.edit_dates),
    "places": (pgettext_lazy("section of a programme", "Places and countries"), PlacesForm, editing.edit_places),
    "needs": (pgettext_lazy("section of a programme", "Languages and experience"), NeedsForm, editing.edit_needs),
    "topics": (pgettext_lazy("section of a programme", "What is taught and practised"), TopicsForm, editing.edit_topics),
}
ITEMS: dict[str, Text] = {
    "questions": pgettext_lazy("section of a programme", "Application form"),
    "rubric": pgettext_lazy("section of a programme", "Rubric"),
}
PICTURE = pgettext_lazy("section of a programme", "Picture")


def load_editable(request: HttpRequest, slug: str) -> Program:
    """The programme, for a user who may edit it: 404 when it is not visible to them, 403 when they may only read it."""
    program: Program = get_object_or_404(edited_program(request.user, slug))
    require(
        may_edit(request.user, program.institution_id), _("Only owners and editors of the host institution can change a programme.")
    )
    return program


@require_safe
def program_post(request: AuthedRequest) -> HttpResponse:
    """Where a host begins a programme: the form of the current role's institution, or of the only one; a choice between several."""
    edited = access_of(request.user).edited_institutions
    require(bool(edited), _("Only owners and editors of the institution can post its programmes."))
    role = current_role(request)
    chosen = int(role.subject) if role and role.kind == "host" else 0
    found = sorted(Institution.objects.filter(pk__in=edited).only("slug", "name"), key=lambda row: str(row.name).casefold())
    for row in found:
        if row.pk == chosen or len(found) == 1:
            return redirect("program_create", row.slug)
    return render_page(request, "programs/post.html", {"institutions": found})


@require_http_methods(["GET", "POST"])
def program_create(request: AuthedRequest, slug: str) -> HttpResponse:
    institution = get_object_or_404(Institution.objects.visible_to(request.user), slug=slug)
    require(may_edit(request.user, institution.pk), _("Only owners and editors of the institution can post its programmes."))
    form = StartForm(request.POST or None, initial={"city": institution.city})
    if request.method == "POST" and form.is_valid():
        try:
            program = create_program(institution, NewProgram(**form.cleaned_data), by=request.user)
        except DomainError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The draft is saved. Only your team sees it until you publish it."))
            return redirect("program_edit", program.slug)
    context = {"institution": institution, "form": form, "blocked_reason": posting_blocked_reason(institution)}
    return render_page(request, "programs/new.html", context, status=422 if form.is_bound else 200)


@require_safe
def program_edit(request: AuthedRequest, slug: str) -> HttpResponse:
    """The overview of the editor: sections, what is missing, transitions."""
    program = load_editable(request, slug)
    missing = missing_for_publishing(program) if program.state == ProgramState.DRAFT else []
    context = {
        "program": program,
        "sections": overview(program, missing),
        "missing": missing,
        "advice": advice_for(program),
        "transitions": publishable(program, available_transitions(program, request.user)),
        "last": history_of(program).last(),
        "editable": program.state in EDITABLE_STATES,
    }
    return render_page(request, "programs/edit.html", context)


def overview(program: Program, missing: list[Any]) -> list[dict[str, Any]]:
    """Rows of the list of sections: a short summary of each, its address, and what it lacks. Two queries."""
    titles: dict[str, Text] = {name: title for name, (title, _form, _action) in SECTIONS.items()} | ITEMS
    titles["picture"] = PICTURE
    edit = reverse("program_edit", args=[program.slug])
    picture = getattr(program, "picture", None)
    counts = section_counts(program)
    names = dict(settings.LANGUAGES)
    notes = {
        "texts": ", ".join(str(names[code]) for code in program.title),
        "dates": write_range(program.starts, program.ends),
        "places": str(program.seats),
        "needs": ", ".join(str(row) for row in program.required_languages.all()),
        "picture": picture.edited_texts["alt"] if picture else "",
    }
    return [
        {
            "name": name,
            "title": title,
            "url": reverse("program_picture", args=[program.slug]) if name == "picture" else f"{edit}{name}/",
            "note": notes.get(name) or counts.get(name) or "",
            "missing": [thing.text for thing in missing if thing.section == name],
        }
        for name, title in titles.items()
    ]


@require_http_methods(["GET", "POST"])
def program_section(request: AuthedRequest, slug: str, section: str) -> HttpResponse:
    program = load_editable(request, slug)
    if section not in SECTIONS:
        raise Http404
    title, form_class, action = SECTIONS[section]
    form = form_class(program, request.POST if request.method == "POST" else None)
    newer: list[tuple[str, str]] = []
    if form.is_bound and form.is_valid():
        try:
            action(program, by=request.user, version=form.cleaned_data["version"], **form.values())
        except StaleError:
            program.refresh_from_db()
            newer = form.newer(program)
            if not newer:
                return _saved(request, program)
            form = rebound(form_class, request, program)
        except DomainError as refused:
            form.add_error(None, str(refused))
        else:
            return _saved(request, program)
    context = {"program": program, "section": section, "title": title, "form": form, "newer": newer}
    status = 409 if newer else 422 if form.is_bound else 200
    return render_page(request, f"programs/section_{section}.html", context, status=status)


def rebound(form_class: type[SectionForm], request: HttpRequest, fresh: Program) -> SectionForm:
    """The submitted values with the current version of the programme: saving again then overwrites knowingly."""
    data = request.POST.copy()
    data["version"] = str(fresh.version)
    form = form_class(fresh, data)
    form.is_valid()
    return form


def _saved(request: HttpRequest, program: Program) -> HttpResponse:
    messages.success(request, _("Saved"))
    return redirect("program_edit", program.slug)


@require_POST
def program_move(request: AuthedRequest, slug: str, transition: str) -> HttpResponse:
    program = load_editable(request, slug)
    if transition not in PROGRAM_TRANSITIONS:
        raise Http404
    transition_program(program, transition, by=request.user, note=request.POST.get("note", ""))
    messages.success(request, str(PROGRAM_TRANSITIONS[transition].done))
    return redirect(program if program.was_published else "program_edit", *([] if program.was_published else [program.slug]))


@require_POST
def program_clone(request: AuthedRequest, slug: str) -> HttpResponse:
    program = load_editable(request, slug)
    copy = clone_program(program, by=request.user)
    messages.success(request, _("A draft with the same texts, form and rubric is created. Check its dates before you publish it."))
    return redirect("program_edit", copy.slug)
