"""Forms of one question and of one criterion."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from exchange.core.translated import TranslatedFormField
from exchange.core.versions import VersionField
from programs.domain.answers import choice_texts
from programs.domain.items import CHOOSING, MAX_CHOICES, WRITING, match_choices
from programs.models import Criterion, Question
from programs.states import QuestionKind

MAX_ANSWER_LENGTH = 20_000


class ItemForm(forms.Form):
    """Base of both, with the version of the programme the form was opened with."""

    version = VersionField()

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class QuestionForm(ItemForm):
    """A question. Choices are entered one per line, in the same order in every language."""

    kind = forms.ChoiceField(label=_("Kind of answer"), choices=QuestionKind.choices)
    label = TranslatedFormField(label=pgettext_lazy("form of a programme", "Question"), max_length=300)
    help = TranslatedFormField(label=pgettext_lazy("form of a programme", "Hint"), max_length=500, required=False)
    required = forms.BooleanField(label=_("An answer is required"), required=False)
    choices = TranslatedFormField(
        label=pgettext_lazy("form of a programme", "Choices"),
        required=False,
        multiline=True,
        max_length=MAX_CHOICES * 200,
        help_text=_(
            "For “one of several” and “any of several”: one choice a line. The same line means the same choice in every language."
        ),
    )
    limit = forms.IntegerField(
        label=_("Longest answer, in characters"),
        required=False,
        min_value=10,
        max_value=MAX_ANSWER_LENGTH,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=_("For texts. Empty: 300 for a short one, 4000 for a long one."),
    )

    def __init__(self, question: Question | None, data: Any = None, *, version: int, kind: str = "") -> None:
        self.question = question
        super().__init__(data, initial=self.stored(question, kind) | {"version": version})

    @staticmethod
    def stored(question: Question | None, kind: str) -> dict[str, Any]:
        if question is None:
            return {"kind": kind if kind in QuestionKind.values else QuestionKind.LONG, "required": True}
        return {
            "kind": question.kind,
            "label": question.label,
            "help": question.help,
            "required": question.required,
            "choices": lines_of(question.choices),
            "limit": question.limit,
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("kind") in CHOOSING and "choices" in cleaned:
            rows = self._choice_rows(cleaned["choices"])
            cleaned["choices"] = match_choices(rows, self.question.choices if self.question else [])
        elif "choices" in cleaned:
            cleaned["choices"] = []
        if cleaned.get("kind") not in WRITING:
            cleaned["limit"] = None
        return cleaned

    def _choice_rows(self, texts: dict[str, str]) -> list[dict[str, str]]:
        """Texts by language, turned into choices by line; errors name the language whose lines do not match."""
        lines = {code: [line.strip() for line in text.splitlines() if line.strip()] for code, text in texts.items()}
        lines = {code: found for code, found in lines.items() if found}
        counts = {len(found) for found in lines.values()}
        if not lines or max(counts) < 2:
            self.add_error("choices", _("Write at least two choices."))
        elif len(counts) > 1:
            names = dict(settings.LANGUAGES)
            told = ", ".join(f"{names[code]}: {len(found)}" for code, found in lines.items())
            self.add_error(
                "choices",
                forms.ValidationError(_("The languages differ in their number of choices (%(told)s)."), params={"told": told}),
            )
        elif max(counts) > MAX_CHOICES:
            self.add_error(
                "choices",
                forms.ValidationError(
                    ngettext_lazy("At most %(most)s choice.", "At most %(most)s choices.", MAX_CHOICES),
                    params={"most": MAX_CHOICES},
                ),
            )
        elif any(len(set(found)) < len(found) for found in lines.values()):
            self.add_error("choices", _("Two choices have the same text."))
        else:
            return [{code: found[place] for code, found in lines.items()} for place in range(counts.pop())]
        return []


def lines_of(choices: list[Any]) -> dict[str, str]:
    """Choices as the form edits them: lines by language."""
    rows = [choice_texts(choice) for choice in choices or []]
    codes = [code for code, _name in settings.LANGUAGES if any(row.get(code) for row in rows)]
    # A missing line would shift the later ones of its language: it is filled with the text that readers see.
    return {code: "\n".join(row.get(code) or str(row) for row in rows) for code in codes}


class CriterionForm(ItemForm):
    label = TranslatedFormField(label=pgettext_lazy("rubric", "Criterion"), max_length=200)
    help = TranslatedFormField(label=_("What earns a high score"), max_length=500, required=False)
    weight = forms.IntegerField(
        label=pgettext_lazy("rubric", "Weight"),
        min_value=1,
        max_value=100,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=_("A criterion of weight 2 counts twice as much as one of weight 1."),
    )

    def __init__(self, criterion: Criterion | None, data: Any = None, *, version: int) -> None:
        stored = {"label": criterion.label, "help": criterion.help, "weight": criterion.weight} if criterion else {}
        super().__init__(data, initial=stored | {"version": version})
