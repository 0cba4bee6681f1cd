"""Pages for applying: the draft, saved while the user types, its files, and its submission."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import AuthedRequest
from applications.domain.drafts import Typed, attach_cv, attach_file, draft_answers, remove_file, save_draft, start_draft
from applications.domain.queries import own_application, profile_of
from applications.domain.submissions import submit_application
from applications.models import Application
from applications.rules import APPLYING_TO
from applications.states import ApplicationState
from applications.views.draft_page import Draft, kept_draft, sent_draft
from exchange.core.errors import DomainError, StaleError
from exchange.core.rendering import render_page
from programs.domain.answers import PREFIX
from programs.domain.eligibility import check_eligibility
from programs.models import Program

MAX_NUMBER_LENGTH = 10
"""Digits of an id that a form may name."""


def apply(request: AuthedRequest, slug: str) -> HttpResponse:
    """The page of a draft; without a draft, whether the user may start one. A posted form names the action in `do`."""
    application = own_application(slug, request.user)
    if application is None:
        program = get_object_or_404(Program.objects.visible_to(request.user).select_related("institution"), slug=slug)
        if request.POST.get("do") != "start":
            return _before(request, program)
        start_draft(program, by=request.user)
        request.session.pop(APPLYING_TO, None)
        return redirect("apply", slug)
    if application.state != ApplicationState.DRAFT:
        if request.method == "POST":
            messages.info(request, _("This application is no longer a draft. It was not sent a second time."))
        return redirect(application)
    if request.method == "POST":
        return redirect("apply", slug) if request.POST.get("do") == "start" else _posted(request, application)
    return _page(request, kept_draft(application))


def _before(request: AuthedRequest, program: Program) -> HttpResponse:
    profile = profile_of(request.user)
    answer = check_eligibility(program, profile) if profile else None
    if answer is None or not answer.eligible:
        request.session[APPLYING_TO] = program.slug
    return render_page(request, "applications/before.html", {"program": program, "profile": profile, "answer": answer})


def _page(request: AuthedRequest, draft: Draft, *, status: int = 200) -> HttpResponse:
    program = draft.application.program
    context: dict[str, Any] = {"draft": draft.ready(), "application": draft.application, "program": program}
    context["answer"] = check_eligibility(program, draft.application.expert)
    return render_page(request, "applications/apply.html", context, status=status)


def _posted(request: AuthedRequest, application: Application) -> HttpResponse:
    """Save first, whichever button was pressed, so that no input is lost if the next step fails."""
    typed = _typed(request, application)
    submits = request.POST.get("do") == "submit"
    if submits and not request.FILES and sent_draft(request, application, strict=True).is_valid():
        return _hand_in(request, application, typed)
    try:
        save_draft(application, by=request.user, version=typed.version, statement=typed.statement, answers=typed.answers)
    except StaleError as error:
        return _stale(request, application, error)
    trouble = _change_files(request, application)
    if trouble or submits:
        draft = sent_draft(request, application, strict=submits)
        draft.trouble = trouble
        if trouble or not draft.is_valid():
            return _page(request, draft, status=422)
        return _hand_in(request, application, typed)
    messages.success(request, _("Saved"))
    return redirect("apply", application.program.slug)


def _hand_in(request: AuthedRequest, application: Application, typed: Typed) -> HttpResponse:
    try:
        submit_application(application, by=request.user, typed=typed)
    except StaleError as error:
        return _stale(request, application, error)
    except DomainError:
        # The submission is refused, but what was typed is saved before the refusal is shown.
        save_draft(application, by=request.user, version=typed.version, statement=typed.statement, answers=typed.answers)
        raise
    messages.success(request, _("Your application was submitted to the host."))
    return redirect(application)


def _typed(request: HttpRequest, application: Application) -> Typed:
    """The input of the form; a form without its text box (a file sent alone) changes no text."""
    version = request.POST.get("version", "")
    if "statement" not in request.POST:
        return Typed(version)
    return Typed(version, request.POST["statement"], draft_answers(application.program, request.POST))


def _number(text: str) -> int | None:
    """The id in a form field, or None when it is not a valid number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < MAX_NUMBER_LENGTH else None


def _stale(request: AuthedRequest, application: Application, error: StaleError) -> HttpResponse:
    """The draft was changed elsewhere. If it was submitted, say so; if a newer text was saved, show both versions and base the next save on it."""
    if error.code != "newer-draft":
        messages.info(request, str(error))
        return redirect(application)
    application.refresh_from_db()
    draft = sent_draft(request, application, strict=False)
    draft.newer = application
    return _page(request, draft, status=409)


def _change_files(request: AuthedRequest, application: Application) -> dict[str, list[str]]:
    """Store every valid uploaded file and remove the file named in `remove`; returns the error messages of the others, by input."""
    trouble: dict[str, list[str]] = {}
    for name in request.FILES:
        upload: Any = request.FILES[name]
        try:
            attach_file(application, by=request.user, upload=upload, question_id=_number(name.removeprefix(f"{PREFIX}-")))
        except DomainError as error:
            trouble.setdefault(name, []).append(str(error))
    if request.POST.get("attach") == "cv":
        try:
            attach_cv(application, by=request.user)
        except DomainError as error:
            trouble.setdefault("document", []).append(str(error))
    gone = _number(request.POST.get("remove", ""))
    stored = application.files.filter(pk=gone).first() if gone is not None else None
    if stored is not None:
        remove_file(stored, by=request.user)
    return trouble


@require_POST
def apply_autosave(request: AuthedRequest, slug: str) -> HttpResponse:
    """Save a draft in the background. Returns the new version as JSON, or the reason of the refusal in `code`."""
    application = get_object_or_404(
        Application.objects.of(request.user).select_related("program__institution", "expert"), program__slug=slug
    )
    typed = _typed(request, application)
    try:
        save_draft(application, by=request.user, version=typed.version, statement=typed.statement, answers=typed.answers)
    except DomainError as error:
        return JsonResponse({"code": error.code, "message": str(error)}, status=error.status)
    return JsonResponse({"version": application.version, "saved_at": application.saved_at.isoformat()})


@require_POST
def apply_file(request: AuthedRequest, slug: str) -> HttpResponse:
    """Upload one file by itself, so that a bad connection loses little. Returns the current HTML of its field."""
    application = get_object_or_404(
        Application.objects.of(request.user).select_related("program__institution", "expert"), program__slug=slug
    )
    draft = kept_draft(application)
    draft.trouble = _change_files(request, application)
    asked = request.POST.get("field", "")
    slot = next((slot for slot in draft.ready().slots if slot.name == asked), draft.documents)
    context = {"slot": slot, "program": application.program}
    return render(request, "applications/_file_field.html", context, status=422 if slot.trouble else 200)
