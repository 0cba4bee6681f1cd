"""Applying: the draft, saved as it is typed and as it is sent, its files, and handing it in."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications.domain.drafts import attach_file, draft_answers, remove_file, save_draft, start_draft
from applications.domain.queries import own_application, profile_of
from applications.domain.submissions import submit_application, uploaded_questions
from applications.forms import DocumentForm, StatementForm
from applications.models import Application, ApplicationFile
from applications.states import ApplicationState
from exchange.core.errors import DomainError, StaleError
from exchange.core.rendering import render_page
from profiles.requests import AuthedRequest
from programs.domain.answers import AnswersForm, answer_form
from programs.domain.eligibility import check_eligibility
from programs.models import Program
from programs.states import QuestionKind


@dataclass
class Draft:
    """A draft as the page shows it: its forms, its files, what went wrong, and a newer text where there is one."""

    application: Application
    statement: StatementForm
    answers: AnswersForm
    document: DocumentForm = field(default_factory=DocumentForm)
    newer: Application | None = None
    trouble: list[str] = field(default_factory=list)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Questions with their fields; one that wants a file has its kept files beside."""
        files = list(self.application.files.all())
        rows = []
        for question in self.answers.questions:
            is_file = question.kind == QuestionKind.FILE
            rows.append(
                {
                    "question": question,
                    "bound": self.answers[str(question.pk)],
                    "is_file": is_file,
                    "files": [kept for kept in files if kept.question_id == question.pk],
                    "newer": "" if is_file else self._newer_answer(question),
                }
            )
        return rows

    @property
    def documents(self) -> list[ApplicationFile]:
        asked = {question.pk for question in self.answers.questions if question.kind == QuestionKind.FILE}
        return [kept for kept in self.application.files.all() if kept.question_id not in asked]

    def _newer_answer(self, question: Any) -> str:
        if self.newer is None:
            return ""
        from programs.domain.answers import show_answer

        key = str(question.pk)
        mine = draft_answers(self.newer.program, self.answers.data).get(key)
        theirs = self.newer.answers.get(key)
        return show_answer(question, theirs) or "–" if theirs != mine else ""

    @property
    def newer_statement(self) -> str:
        """The statement of the newer version, when it is another one."""
        if self.newer is None or self.newer.statement == self.statement.data.get("statement", "").replace("\r\n", "\n"):
            return ""
        return self.newer.statement or "–"


def apply(request: AuthedRequest, slug: str) -> HttpResponse:
    """The page of a draft; before there is one, whether one may begin. A form posted here names what to do in `do`."""
    program = get_object_or_404(Program.objects.visible_to(request.user).select_related("institution"), slug=slug)
    if request.POST.get("do") == "start":
        start_draft(program, by=request.user)
        return redirect("apply", slug)
    application = own_application(program, request.user)
    if application is None:
        return _before(request, program)
    if application.state != ApplicationState.DRAFT:
        if request.method == "POST":
            messages.info(request, _("This application was submitted already. Nothing was sent twice."))
        return redirect(application)
    return _posted(request, application) if request.method == "POST" else _page(request, _kept(application))


def _before(request: AuthedRequest, program: Program) -> HttpResponse:
    profile = profile_of(request.user)
    answer = check_eligibility(program, profile) if profile else None
    return render_page(request, "applications/before.html", {"program": program, "profile": profile, "answer": answer})


def _kept(application: Application) -> Draft:
    """The draft as it is stored."""
    initial = {"statement": application.statement, "version": application.version}
    return Draft(application, StatementForm(initial=initial), _answers(application, initial=application.answers))


def _sent(request: HttpRequest, application: Application, *, strict: bool) -> Draft:
    """The draft as it was sent."""
    return Draft(
        application,
        StatementForm(request.POST, strict=strict),
        _answers(application, data=request.POST, strict=strict),
        DocumentForm(request.POST, request.FILES),
    )


def _answers(application: Application, *, data: Any = None, initial: Any = None, strict: bool = False) -> AnswersForm:
    return answer_form(
        application.program,
        data,
        None if data is None else {},
        initial,
        partial=not strict,
        uploaded=uploaded_questions(application),
    )


def _page(request: AuthedRequest, draft: Draft, *, status: int = 200) -> HttpResponse:
    program = draft.application.program
    context = {"draft": draft, "application": draft.application, "program": program}
    context["answer"] = check_eligibility(program, draft.application.expert)
    return render_page(request, "applications/apply.html", context, status=status)


def _posted(request: AuthedRequest, application: Application) -> HttpResponse:
    """Save first, whatever was pressed: nothing that was typed depends on what comes after."""
    submits = request.POST.get("do") == "submit"
    try:
        save_draft(application, by=request.user, version=_version(request), **_typed(request, application))
    except StaleError as error:
        return _stale(request, application, error)
    trouble = _keep_files(request, application) + _take_away(request, application)
    if trouble or submits:
        draft = _sent(request, application, strict=submits)
        draft.trouble = trouble
        draft.statement.data = draft.statement.data | {"version": application.version}
        valid = draft.statement.is_valid() & draft.answers.is_valid()
        if trouble or not valid:
            return _page(request, draft, status=422)
        submit_application(application, by=request.user)
        messages.success(request, _("Your application was submitted. The host has it now."))
        return redirect(application)
    messages.success(request, _("Saved"))
    return redirect("apply", application.program.slug)


def _typed(request: HttpRequest, application: Application) -> dict[str, Any]:
    return {"statement": request.POST.get("statement", ""), "answers": draft_answers(application.program, request.POST)}


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _stale(request: AuthedRequest, application: Application, error: StaleError) -> HttpResponse:
    """Submitted meanwhile: say so. A newer text: both side by side, and the next save is made knowing it."""
    if error.code != "newer-draft":
        messages.info(request, str(error))
        return redirect(application)
    application.refresh_from_db()
    draft = _sent(request, application, strict=False)
    draft.statement.data = draft.statement.data | {"version": application.version}
    draft.newer = application
    return _page(request, draft, status=409)


def _keep_files(request: AuthedRequest, application: Application) -> list[str]:
    """Keep every sound file; the words about those that are not."""
    trouble = []
    for name, upload in request.FILES.items():
        question = name.removeprefix("q-")
        try:
            attach_file(application, by=request.user, upload=upload, question_id=int(question) if question.isdigit() else None)  # type: ignore[arg-type]
        except DomainError as error:
            trouble.append(str(error))
    return trouble


def _take_away(request: AuthedRequest, application: Application) -> list[str]:
    pk = request.POST.get("remove", "")
    stored = application.files.filter(pk=int(pk)).first() if pk.isdigit() and len(pk) < 18 else None
    if stored is not None:
        remove_file(stored, by=request.user)
    return []


@require_POST
def apply_autosave(request: AuthedRequest, slug: str) -> HttpResponse:
    """The same saving without a page: answers with the new version, or says in `code` why not."""
    application = get_object_or_404(
        Application.objects.of(request.user).select_related("program__institution", "expert"), program__slug=slug
    )
    try:
        save_draft(application, by=request.user, version=_version(request), **_typed(request, application))
    except DomainError as error:
        return JsonResponse({"code": error.code, "message": str(error)}, status=error.status)
    return JsonResponse({"version": application.version, "saved_at": application.saved_at.isoformat()})


@require_POST
def apply_file(request: AuthedRequest, slug: str) -> HttpResponse:
    """One file on its own, so that a bad line loses little: answers with the field it belongs to, as it stands now."""
    application = get_object_or_404(
        Application.objects.of(request.user).select_related("program__institution", "expert"), program__slug=slug
    )
    trouble = _keep_files(request, application) + _take_away(request, application)
    draft = _kept(application)
    asked = request.POST.get("field", "")
    row = next((row for row in draft.rows if row["is_file"] and f"q-{row['question'].pk}" == asked), None)
    context = {"row": row, "draft": draft, "program": application.program, "trouble": trouble}
    return render(request, "applications/_file_field.html", context, status=422 if trouble else 200)
