"""Applying: the draft, saved as it is typed and as it is sent, its files, and handing it in."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications.domain.drafts import Typed, attach_cv, attach_file, draft_answers, remove_file, save_draft, start_draft
from applications.domain.queries import own_application, profile_of
from applications.domain.submissions import submit_application
from applications.models import Application
from applications.states import ApplicationState
from applications.views.draft_page import Draft, kept_draft, sent_draft
from exchange.core.errors import DomainError, StaleError
from exchange.core.rendering import render_page
from profiles.requests import AuthedRequest
from programs.domain.answers import PREFIX
from programs.domain.eligibility import check_eligibility
from programs.models import Program

MAX_NUMBER_LENGTH = 10
"""Digits of an id or a version that a form may name."""


def apply(request: AuthedRequest, slug: str) -> HttpResponse:
    """The page of a draft; before there is one, whether one may begin. A form posted here names what to do in `do`."""
    application = own_application(slug, request.user)
    if application is None:
        program = get_object_or_404(Program.objects.visible_to(request.user).select_related("institution"), slug=slug)
        if request.POST.get("do") != "start":
            return _before(request, program)
        start_draft(program, by=request.user)
        return redirect("apply", slug)
    if application.state != ApplicationState.DRAFT:
        if request.method == "POST":
            messages.info(request, _("This application is no longer a draft. Nothing was sent twice."))
        return redirect(application)
    if request.method == "POST":
        return redirect("apply", slug) if request.POST.get("do") == "start" else _posted(request, application)
    return _page(request, kept_draft(application))


def _before(request: AuthedRequest, program: Program) -> HttpResponse:
    profile = profile_of(request.user)
    answer = check_eligibility(program, profile) if profile else None
    return render_page(request, "applications/before.html", {"program": program, "profile": profile, "answer": answer})


def _page(request: AuthedRequest, draft: Draft, *, status: int = 200) -> HttpResponse:
    program = draft.application.program
    context: dict[str, Any] = {"draft": draft.ready(), "application": draft.application, "program": program}
    context["answer"] = check_eligibility(program, draft.application.expert)
    return render_page(request, "applications/apply.html", context, status=status)


def _posted(request: AuthedRequest, application: Application) -> HttpResponse:
    """Save first, whatever was pressed: nothing that was typed depends on what comes after."""
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
        # Refused, but typed: it is kept, and the refusal goes its way to the reader.
        save_draft(application, by=request.user, version=typed.version, statement=typed.statement, answers=typed.answers)
        raise
    messages.success(request, _("Your application was submitted. The host has it now."))
    return redirect(application)


def _typed(request: HttpRequest, application: Application) -> Typed:
    """What the form carries; one without its text box (a file sent alone) changes no text."""
    if "statement" not in request.POST:
        return Typed(_version(request))
    return Typed(_version(request), request.POST["statement"], draft_answers(application.program, request.POST))


def _version(request: HttpRequest) -> int:
    number = _number(request.POST.get("version", ""))
    return -1 if number is None else number


def _number(text: str) -> int | None:
    """A number that a form names, if it is one of ours."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < MAX_NUMBER_LENGTH else None


def _stale(request: AuthedRequest, application: Application, error: StaleError) -> HttpResponse:
    """Submitted meanwhile: say so. A newer text: both side by side, and the next save is made knowing it."""
    if error.code != "newer-draft":
        messages.info(request, str(error))
        return redirect(application)
    application.refresh_from_db()
    draft = sent_draft(request, application, strict=False)
    draft.newer = application
    return _page(request, draft, status=409)


def _change_files(request: AuthedRequest, application: Application) -> dict[str, list[str]]:
    """Keep every sound file that was sent, take away the one that was named; the words about what cannot be kept, by input."""
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
    """The same saving without a page: answers with the new version, or says in `code` why not."""
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
    """One file on its own, so that a bad line loses little: answers with the field it belongs to, as it stands now."""
    application = get_object_or_404(
        Application.objects.of(request.user).select_related("program__institution", "expert"), program__slug=slug
    )
    draft = kept_draft(application)
    draft.trouble = _change_files(request, application)
    asked = request.POST.get("field", "")
    slot = next((slot for slot in draft.ready().slots if slot.name == asked), draft.documents)
    context = {"slot": slot, "program": application.program}
    return render(request, "applications/_file_field.html", context, status=422 if slot.trouble else 200)
