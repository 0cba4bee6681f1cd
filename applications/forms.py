"""Forms of applications: the statement of a draft, the scores of a reviewer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.domain.reviews import MAX_COMMENT_LENGTH, Line
from applications.domain.submissions import MAX_STATEMENT_LENGTH
from exchange.core.uploads import DOCUMENT, UploadField
from exchange.core.versions import VersionField
from programs.domain.answers import LinesField
from programs.models.forms import MAX_SCORE

SCORE_WORDS = {
    1: pgettext_lazy("score", "does not meet"),
    2: pgettext_lazy("score", "weak"),
    3: pgettext_lazy("score", "good"),
    4: pgettext_lazy("score", "very good"),
    5: pgettext_lazy("score", "outstanding"),
}


class StatementForm(forms.Form):
    """The applicant's statement. `strict` applies the rules of submission; a draft may hold anything."""

    statement = LinesField(
        label=_("Why this programme, and what you bring to it"),
        help_text=_("In any language the host reads. Your profile is sent with it: no need to repeat it here."),
        widget=forms.Textarea(attrs={"rows": 12, "maxlength": MAX_STATEMENT_LENGTH}),
    )
    version = VersionField()

    def __init__(self, *args: Any, strict: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        statement = self.fields["statement"]
        assert isinstance(statement, forms.CharField)  # noqa: S101 -- declared above
        statement.widget.is_required = False  # an incomplete draft may be saved: the browser must not refuse it
        if strict:
            statement.max_length = MAX_STATEMENT_LENGTH
            statement.validators.append(_at_most(MAX_STATEMENT_LENGTH))
        else:
            statement.required = False


def _at_most(limit: int) -> Any:
    from django.core.validators import MaxLengthValidator

    return MaxLengthValidator(limit)


class DocumentForm(forms.Form):
    """One more supporting document."""

    document = UploadField(label=_("Add a document"), required=False, upload_kind=DOCUMENT)


class ReviewForm(forms.Form):
    """A score for each line of the rubric, and a comment."""

    comment = LinesField(
        label=_("Comment"),
        help_text=_("Read by the host's team only, never by the applicant."),
        required=False,
        max_length=MAX_COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, rubric: list[Line], *args: Any, mine: Any = None, **kwargs: Any) -> None:
        if mine is not None:
            kwargs["initial"] = {"comment": mine.comment, **{f"score-{key}": score for key, score in mine.scores.items()}}
        super().__init__(*args, **kwargs)
        self.rubric = rubric
        choices = [(score, f"{score} · {SCORE_WORDS[score]}") for score in range(1, MAX_SCORE + 1)]
        lines: dict[str, forms.Field] = {
            f"score-{line.key}": forms.TypedChoiceField(
                label=str(line.label), help_text=_weight(line), choices=choices, coerce=int, widget=forms.RadioSelect
            )
            for line in rubric
        }
        self.fields = lines | self.fields

    def scores(self) -> dict[str, int]:
        """Scores by line, once valid."""
        return {line.key: self.cleaned_data[f"score-{line.key}"] for line in self.rubric}


def _weight(line: Line) -> str:
    """What earns a high score, and how much the line weighs. Help texts are trusted HTML, but the host's texts are not, so they are escaped."""
    from django.utils.html import format_html

    weight = str(pgettext_lazy("line of a rubric", "Weight: %(weight)s") % {"weight": line.weight})
    return format_html('{} <span class="nowrap">{}</span>', str(line.help), weight) if line.help else weight
