"""What the page of a draft shows: forms, file fields, errors, and a newer text beside the submitted one."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.forms import BoundField
from django.http import HttpRequest

from applications.domain.drafts import draft_answers
from applications.domain.submissions import uploaded_questions
from applications.forms import DocumentForm, StatementForm
from applications.models import Application, ApplicationFile
from programs.domain.answers import AnswersForm, answer_form, show_answer
from programs.models import Question
from programs.states import QuestionKind


@dataclass(frozen=True)
class FileSlot:
    """One file field of the form: the answer to a question, or further documents."""

    bound: BoundField
    files: list[ApplicationFile]
    required: bool = False
    trouble: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.bound.html_name


@dataclass
class Draft:
    """A draft as the page shows it: its forms, its files, errors by input, and a newer version where there is one."""

    application: Application
    statement: StatementForm
    answers: AnswersForm
    document: DocumentForm = field(default_factory=DocumentForm)
    newer: Application | None = None
    trouble: dict[str, list[str]] = field(default_factory=dict)

    def is_valid(self) -> bool:
        """Whether the texts are complete for submission; both forms are validated, so that every field shows its errors."""
        return all([self.statement.is_valid(), self.answers.is_valid()])

    def ready(self) -> "Draft":
        """Mark the fields that submission requires, without letting the browser refuse to save a draft. Returns itself."""
        for form in (self.statement, self.answers):
            form.is_valid()
            form.use_required_attribute = False
        self.statement.fields["statement"].required = True
        for question in self.answers.questions:
            self.answers.fields[str(question.pk)].required = question.required
        return self

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Questions with their field or file field, and the newer answer where it differs."""
        return [
            {"slot": self._slot(question), "newer": ""}
            if question.kind == QuestionKind.FILE
            else {"bound": self.answers[str(question.pk)], "newer": self._newer_answer(question)}
            for question in self.answers.questions
        ]

    @cached_property
    def documents(self) -> FileSlot:
        """The field for documents that no question asks for."""
        asked = {question.pk for question in self.answers.questions if question.kind == QuestionKind.FILE}
        files = [kept for kept in self._files if kept.question_id not in asked]
        return FileSlot(self.document["document"], files, trouble=self.trouble.get("document", []))

    @property
    def has_cv(self) -> bool:
        """Whether the CV of the profile is among the documents already."""
        return any(kept.name == self.application.expert.cv_name for kept in self.documents.files)

    @property
    def slots(self) -> list[FileSlot]:
        return [*(row["slot"] for row in self.rows if "slot" in row), self.documents]

    @property
    def newer_statement(self) -> str:
        """The statement of the newer version, when it differs."""
        if self.newer is None or self.newer.statement == self.statement["statement"].value().replace("\r\n", "\n"):
            return ""
        return self.newer.statement or "–"

    @cached_property
    def _files(self) -> list[ApplicationFile]:
        return list(self.application.files.all())

    def _slot(self, question: Question) -> FileSlot:
        bound = self.answers[str(question.pk)]
        files = [kept for kept in self._files if kept.question_id == question.pk]
        return FileSlot(bound, files, question.required, [*bound.errors, *self.trouble.get(bound.html_name, [])])

    def _newer_answer(self, question: Question) -> str:
        if self.newer is None:
            return ""
        key = str(question.pk)
        theirs = self.newer.answers.get(key)
        mine = draft_answers(self.application.program, self.answers.data).get(key)
        return (show_answer(question, theirs) or "–") if theirs != mine else ""


def kept_draft(application: Application) -> Draft:
    """The draft as it is stored."""
    initial = {"statement": application.statement, "version": application.version}
    return Draft(application, StatementForm(initial=initial), _answers(application, initial=application.answers))


def sent_draft(request: HttpRequest, application: Application, *, strict: bool) -> Draft:
    """The draft as it was sent; the next save is based on the version stored now."""
    data = request.POST.copy()
    data["version"] = str(application.version)
    return Draft(
        application,
        StatementForm(data, strict=strict),
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
