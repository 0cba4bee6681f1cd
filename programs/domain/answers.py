"""The application form of a programme and its answers: form fields, validation, storage as JSON by question id, display.

Stored answers: text for short, long, one_of (the id of the choice); a number; an ISO date; true or false; a list of ids for some_of.
Files are stored separately by the applications app.
"""

import datetime
import math
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from exchange.core.date_format import write_date
from exchange.core.errors import DomainError
from exchange.core.formfields import LinesField
from exchange.core.translated import Translated, clean_translations
from exchange.core.uploads import DOCUMENT, UploadField
from programs.models import Program, Question
from programs.states import QuestionKind

PREFIX = "q"
SHORT_LIMIT = 300
LONG_LIMIT = 4000
MAX_NUMBER = 1e12
EARLIEST, LATEST = datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)
Json = dict[str, Any]


class AnswersForm(forms.Form):
    """A field for each question, named by its id. After `is_valid`: `answers()` for the JSON, `uploads()` for the files."""

    template_name_div = "django/forms/div.html"

    def __init__(
        self, questions: Collection[Question], *args: Any, partial: bool = False, uploaded: Collection[int] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(questions)
        for question in self.questions:
            required = question.required and not partial
            if question.kind == QuestionKind.FILE and question.pk in uploaded:
                required = False
            self.fields[str(question.pk)] = field_of(question, required=required)

    def answers(self) -> Json:
        """Valid answers by question id, without empty ones."""
        found: Json = {}
        for question in self.questions:
            value = self.cleaned_data.get(str(question.pk))
            if question.kind != QuestionKind.FILE and value not in (None, "", []):
                found[str(question.pk)] = value.isoformat() if isinstance(value, datetime.date) else value
        return found

    def uploads(self) -> dict[int, UploadedFile]:
        """Uploaded files by question id."""
        files = {q.pk: self.cleaned_data.get(str(q.pk)) for q in self.questions if q.kind == QuestionKind.FILE}
        return {pk: upload for pk, upload in files.items() if upload}


def answer_form(
    program: Program,
    data: Mapping[str, Any] | None = None,
    files: Any = None,
    initial: Mapping[str, Any] | None = None,
    *,
    partial: bool = False,
    uploaded: Collection[int] = (),
) -> AnswersForm:
    """The form of a programme, its inputs named `q-<id>`; one query, or none with `questions` prefetched.

    `initial` are stored answers. `partial` (a draft) requires nothing. `uploaded` are questions whose file is already stored.
    """
    known = {key: value for key, value in (initial or {}).items() if isinstance(key, str)}
    return AnswersForm(program.questions.all(), data, files, prefix=PREFIX, initial=known, partial=partial, uploaded=uploaded)


def check_answers(program: Program, answers: Mapping[str, Any], *, uploaded: Collection[int] = (), partial: bool = False) -> Json:
    """Validate answers as the form does; unknown questions are dropped.

    Raises DomainError (code "answers") that lists every question with its errors.
    """
    problems = answer_problems(program, answers, uploaded=uploaded, partial=partial)
    if problems:
        words = " ".join(f"“{question}”: {text}" for question, text in problems)
        raise DomainError(words, code="answers")
    form = _form_over(program, answers, uploaded, partial=partial)
    form.is_valid()
    return form.answers()


def answer_problems(
    program: Program, answers: Mapping[str, Any], *, uploaded: Collection[int] = (), partial: bool = False
) -> list[tuple[Question, str]]:
    """Errors by question; empty when all answers are valid."""
    form = _form_over(program, answers, uploaded, partial=partial)
    found = []
    for question in form.questions:
        found += [(question, str(text)) for text in form.errors.get(str(question.pk), [])]
    return found


def _form_over(program: Program, answers: Mapping[str, Any], uploaded: Collection[int], *, partial: bool) -> AnswersForm:
    data = {f"{PREFIX}-{key}": _as_input(value) for key, value in answers.items()}
    return answer_form(program, data, {}, partial=partial, uploaded=uploaded)


def _as_input(value: Any) -> Any:
    """A stored value as a browser would submit it; values of unexpected types become empty."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return [str(item) for item in value if isinstance(item, str | int)]
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


# ---- fields ---------------------------------------------------------------------------------------------------------


def field_of(question: Question, *, required: bool) -> forms.Field:
    """The form field of one question, in the reader's language."""
    common: dict[str, Any] = {"label": str(question.label), "help_text": _escaped(question.help), "required": required}
    return FIELDS[QuestionKind(question.kind)](question, common)


class NumberField(forms.FloatField):
    """A finite number; integers stay integers. Accepts a decimal comma."""

    widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=-MAX_NUMBER, max_value=MAX_NUMBER, **kwargs)

    def to_python(self, value: Any) -> Any:
        number = super().to_python(value.replace(",", ".") if isinstance(value, str) else value)
        return int(number) if number is not None and math.isfinite(number) and number == int(number) else number


class DayField(forms.DateField):
    """A date between 1900 and 2200."""

    widget = forms.DateInput(attrs={"type": "date", "min": EARLIEST.isoformat(), "max": LATEST.isoformat()}, format="%Y-%m-%d")

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not EARLIEST <= value <= LATEST:
            raise forms.ValidationError(_("Enter a valid date."), code="invalid")


class YesNoField(forms.TypedChoiceField):
    """Yes or no; one of them has to be chosen when required."""

    widget = forms.RadioSelect

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=yes_no_choices, coerce=_as_truth, empty_value=None, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return _as_input(value) if isinstance(value, bool) else value


def _as_truth(value: str) -> bool:
    return value == "yes"


def yes_no_choices() -> list[tuple[str, str]]:
    return [("yes", pgettext("answer", "Yes")), ("no", pgettext("answer", "No"))]


class SomeField(forms.MultipleChoiceField):
    """Several of the choices; the answer has the order of the question."""

    def clean(self, value: Any) -> Any:
        chosen = set(super().clean(value))
        return [key for key, _label in self.choices if key in chosen]  # type: ignore[misc, union-attr]


FIELDS: dict[QuestionKind, Callable[[Question, dict[str, Any]], forms.Field]] = {
    QuestionKind.SHORT: lambda question, common: forms.CharField(max_length=question.limit or SHORT_LIMIT, **common),
    QuestionKind.LONG: lambda question, common: LinesField(
        max_length=question.limit or LONG_LIMIT, widget=forms.Textarea(attrs={"rows": 6}), **common
    ),
    QuestionKind.NUMBER: lambda question, common: NumberField(**common),
    QuestionKind.DATE: lambda question, common: DayField(**common),
    QuestionKind.YES_NO: lambda question, common: YesNoField(**common),
    QuestionKind.ONE_OF: lambda question, common: forms.ChoiceField(
        choices=choices_of(question), widget=forms.RadioSelect, **common
    ),
    QuestionKind.SOME_OF: lambda question, common: SomeField(
        choices=choices_of(question), widget=forms.CheckboxSelectMultiple, **common
    ),
    QuestionKind.FILE: lambda question, common: UploadField(upload_kind=DOCUMENT, **common),
}


def choices_of(question: Question) -> list[tuple[str, str]]:
    """Ids and labels of a question's choices. A choice keeps its `id` when others are moved or removed; without `id` its position is used."""
    return [(choice_id(choice, place), str(choice_texts(choice))) for place, choice in enumerate(question.choices or [])]


def choice_id(choice: Any, place: int) -> str:
    """The value an answer stores for a choice."""
    return str(choice.get("id", place)) if isinstance(choice, dict) else str(place)


def choice_texts(choice: Any) -> Translated:
    """The label of a choice by language."""
    return clean_translations({key: text for key, text in choice.items() if key != "id"} if isinstance(choice, dict) else choice)


def _escaped(text: Translated) -> str:
    """Help texts of forms are trusted HTML to the template; these are texts of a host."""
    return text.__html__() if text else ""


# ---- showing --------------------------------------------------------------------------------------------------------


def display_answers(program: Program, answers: Mapping[str, Any]) -> list[tuple[Question, str]]:
    """Every question with its answer as text, empty without one; questions for files are left out."""
    asked = [question for question in program.questions.all() if question.kind != QuestionKind.FILE]
    return [(question, show_answer(question, (answers or {}).get(str(question.pk)))) for question in asked]


def show_answer(question: Question, value: Any) -> str:
    """One stored answer in the reader's language; a value that does not match the question (any more) is shown unchanged."""
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return pgettext("answer", "Yes") if value else pgettext("answer", "No")
    if isinstance(value, int | float):
        return number_format(value)
    if question.kind == QuestionKind.DATE:
        return _show_date(str(value))
    if question.kind in (QuestionKind.ONE_OF, QuestionKind.SOME_OF):
        words = dict(choices_of(question))
        return "; ".join(words.get(str(key), str(key)) for key in (value if isinstance(value, list) else [value]))
    return str(value)


def _show_date(value: str) -> str:
    try:
        return write_date(datetime.date.fromisoformat(value), long=True)
    except ValueError:
        return value
