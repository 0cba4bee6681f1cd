"""Rows of a profile that can be added and removed, without JavaScript."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.core.formfields import LanguageField
from exchange.core.formsets import RowSet, row_set
from exchange.core.lines import clean_line
from exchange.core.spoken_languages import Level
from profiles.states import NameKind, SkillLevel
from vocabulary.forms.concepts import COMPETENCE_SCHEMES, MATERIAL_SCHEMES, OBJECT_SCHEMES, ConceptField
from vocabulary.forms.rows import chosen_title


class CompetenceRow(forms.Form):
    """Material x object x technique, how well, when last."""

    material_id = ConceptField(MATERIAL_SCHEMES, label=_("Material"))
    object_type_id = ConceptField(OBJECT_SCHEMES, label=_("Object or site"))
    technique_id = ConceptField(COMPETENCE_SCHEMES, label=_("Technique, skill or specialism"))
    level = forms.TypedChoiceField(
        label=_("Level"),
        choices=SkillLevel.choices,
        coerce=int,
        initial=SkillLevel.PRACTISES,
        required=False,
        empty_value=str(SkillLevel.PRACTISES.value),
    )
    last_year = forms.IntegerField(label=_("Year last practised"), required=False, min_value=1950)
    evidence = forms.CharField(
        label=_("Evidence"), required=False, max_length=300, help_text=_("An object, a place, a publication that shows it.")
    )

    @property
    def summary(self) -> str:
        return " · ".join(filter(None, (chosen_title(self, name) for name in ("material_id", "object_type_id", "technique_id"))))

    def has_changed(self) -> bool:
        return bool(set(self.changed_data) - {"level"})

    def clean_level(self) -> int:
        return int(self.cleaned_data["level"])

    def clean_evidence(self) -> str:
        return clean_line(self.cleaned_data["evidence"], 300)

    def clean_last_year(self) -> int | None:
        year: int | None = self.cleaned_data["last_year"]
        if year is not None and year > timezone.now().year:
            raise forms.ValidationError(_("This year is in the future."))
        return year

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        about = ("material_id", "object_type_id", "technique_id")
        if self.has_changed() and not any(data.get(name) for name in about) and not any(name in self.errors for name in about):
            raise forms.ValidationError(_("Choose a material, an object, a technique or a specialism."))
        return data


class CompetenceRows(RowSet):
    """Competences; the same combination counts once."""


class LanguageRow(forms.Form):
    """A language with its level."""

    language = LanguageField(label=_("Language"))
    level = forms.TypedChoiceField(label=_("Level"), choices=[("", _("Choose")), *Level.choices], coerce=int)
    can_teach = forms.BooleanField(label=_("I can teach in it"), required=False)


class LanguageRows(RowSet):
    unique_by = "language"


class SpellingRow(forms.Form):
    """A further spelling of the name: a former one, one in publications, another."""

    kind = forms.ChoiceField(
        label=_("Where it is from"),
        choices=[(kind.value, kind.label) for kind in (NameKind.PUBLICATION, NameKind.FORMER, NameKind.OTHER)],
        required=False,
        initial=NameKind.PUBLICATION,
    )
    language = LanguageField(label=_("Language of this spelling"), required=False)
    family = forms.CharField(label=_("Last name"), max_length=80, required=False)
    given = forms.CharField(label=_("First name or initials"), max_length=80, required=False)
    patronymic = forms.CharField(label=_("Patronymic"), max_length=80, required=False)
    whole = forms.CharField(max_length=250, required=False, widget=forms.HiddenInput)

    @property
    def summary(self) -> str:
        parts = " ".join(filter(None, (str(self[name].value() or "") for name in ("given", "patronymic", "family"))))
        return parts or str(self["whole"].value() or "")

    def has_changed(self) -> bool:
        return bool(set(self.changed_data) - {"kind", "language"})

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or NameKind.OTHER

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        written = [clean_line(data.get(part) or "", 250) for part in ("family", "given", "patronymic", "whole")]
        if self.has_changed() and not any(written):
            raise forms.ValidationError(_("Write the name, or remove this row."))
        return data


class SpellingRows(RowSet):
    """Spellings; the same one counts once."""


class DayInput(forms.DateInput):
    """A date input of the browser; typed as 2027-03-31 where it is not supported."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class WindowRow(forms.Form):
    """An availability window."""

    starts = forms.DateField(label=pgettext_lazy("first day of a stretch of days", "From"), widget=DayInput)
    ends = forms.DateField(label=pgettext_lazy("last day of a stretch of days", "To"), widget=DayInput)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", _("The end date is before the start date."))
        if ends and ends.year > timezone.now().year + 10:
            self.add_error("ends", _("This date is too far in the future."))
        return data


class WindowRows(RowSet):
    """Availability windows."""


CompetenceSet = row_set(CompetenceRow, CompetenceRows, extra=0)
LanguageSet = row_set(LanguageRow, LanguageRows, extra=0)
SpellingSet = row_set(SpellingRow, SpellingRows, extra=0)
WindowSet = row_set(WindowRow, WindowRows, extra=0)
