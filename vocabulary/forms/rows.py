"""Formset rows for fields of work."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.core.formsets import RowSet, row_set
from vocabulary.domain.vocabulary import vocabulary
from vocabulary.forms.concepts import FIELD_SCHEMES, ConceptField


def chosen_title(form: forms.BaseForm, name: str) -> str:
    """The title of the concept that is chosen in a row, saved or submitted; empty without one."""
    value = str(form[name].value() or "")
    known = vocabulary()
    return known.title(int(value)) if value.isdecimal() and int(value) in known else ""


class FieldRow(forms.Form):
    """A field of work. `summary` is the text of a collapsed row."""

    concept = ConceptField(FIELD_SCHEMES, required=True, label=_("Field"))
    weight = forms.ChoiceField(
        label=pgettext_lazy("of a field of work", "This field is"),
        choices=[
            ("primary", pgettext_lazy("field of work", "primary")),
            ("secondary", pgettext_lazy("field of work", "secondary")),
        ],
        initial="primary",
        required=False,
    )

    @property
    def summary(self) -> str:
        return chosen_title(self, "concept")

    def has_changed(self) -> bool:
        return "concept" in self.changed_data


class FieldRows(RowSet):
    unique_by = "concept"


FieldSet = row_set(FieldRow, FieldRows, extra=0)
