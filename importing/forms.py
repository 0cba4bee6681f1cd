"""Uploading a table of people, and confirming it."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from exchange.core.components.names import country, language_name
from exchange.core.encodings import NAMES
from exchange.core.uploads import TABLE, UploadField
from importing.domain.headings import COLUMN_LABELS
from importing.domain.layouts import LEFT_OUT, Column, Layout
from importing.domain.uploads import ImportScope

CHOOSE, LEAVE_OUT = "", "-"


class TableForm(forms.Form):
    """The import scope and the table."""

    scope = forms.ChoiceField(label=_("Whose people"))
    table = UploadField(upload_kind=TABLE, label=_("Table"), widget=forms.FileInput)

    def __init__(self, *args: Any, scopes: list[ImportScope], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scopes = {scope.key: scope for scope in scopes}
        self.fields["scope"].choices = [(key, scope_label(scope)) for key, scope in self.scopes.items()]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> ImportScope:
        return self.scopes[self.cleaned_data["scope"]]


def column_choices() -> list[tuple[str, Any]]:
    """The columns of the import, and further spellings of the name by language."""
    spellings = [
        (f"name_{code}", _("Name: %(language)s") % {"language": language_name(code)}) for code, _english in settings.LANGUAGES
    ]
    known = list(COLUMN_LABELS.items())
    after = [name for name, _label in known].index("name_lang") + 1
    return [(CHOOSE, _("Choose")), (LEAVE_OUT, _("Do not import")), *known[:after], *spellings, *known[after:]]


class LayoutForm(forms.Form):
    """What each column of a table is taken for: one select for each column that has a heading."""

    ids_from_names = forms.BooleanField(
        label=_("No column has an id: know people by their names"),
        required=False,
        help_text=_("If a name is written differently in the next table, that makes a new profile."),
    )

    def __init__(self, *args: Any, layout: Layout, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.layout = layout
        self.fields["ids_from_names"].initial = layout.ids_from_names
        choices = column_choices()
        offered = {value for value, _label in choices}
        for number, column in enumerate(layout.columns):
            if not column.heading:
                continue
            own = [(column.field, column.field)] if column.field and column.field not in offered else []
            initial = CHOOSE if column.field is None else column.field or LEAVE_OUT
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=column.heading,
                choices=[*choices, *own],
                initial=initial,
                error_messages={"required": _("Choose what this column is, or that it is not imported.")},
            )

    @property
    def columns(self) -> list[tuple[Column, forms.BoundField]]:
        """Each column with its select."""
        return [(column, self[f"column_{number}"]) for number, column in enumerate(self.layout.columns) if column.heading]

    @property
    def answers(self) -> dict[int, str]:
        """The fields by the number of the column; empty for a column that is not imported."""
        found = {int(name.rpartition("_")[2]): value for name, value in self.cleaned_data.items() if name.startswith("column_")}
        return {number: LEFT_OUT if value == LEAVE_OUT else value for number, value in found.items()}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        seen: set[str] = set()
        for name, value in [(name, value) for name, value in data.items() if name.startswith("column_")]:
            if value in seen and value != LEAVE_OUT:
                self.add_error(name, _("Another column is taken for this already."))
            seen.add(value)
        if not seen & {"name", "family_name", "given_name"}:
            raise forms.ValidationError(_("Say which column has the names of the people."))
        if "external_id" not in seen and not data.get("ids_from_names"):
            raise forms.ValidationError(_("Say which column has an id for each person, or that there is none."))
        return data


class ReadingForm(forms.Form):
    """The encoding of a text, and the sheet of a workbook, where there are several."""

    encoding = forms.ChoiceField(
        label=_("Encoding"), required=False, help_text=_("Choose the one in which you can read the cells.")
    )
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)

    def __init__(self, *args: Any, layout: Layout, **kwargs: Any) -> None:
        kwargs["initial"] = {"encoding": layout.encoding, "sheet": layout.sheet}
        super().__init__(*args, **kwargs)
        known = {
            "encoding": [(encoding, NAMES.get(encoding, encoding)) for encoding in layout.encodings],
            "sheet": [(sheet, sheet) for sheet in layout.sheets],
        }
        for name, choices in known.items():
            if len(choices) > 1:
                self.fields[name].choices = choices  # type: ignore[attr-defined]
            else:
                del self.fields[name]

    @property
    def chosen(self) -> dict[str, str]:
        """The arguments of the action; what was not asked stays as it is."""
        layout = {"encoding": "", "sheet": ""}
        return layout | {name: value for name, value in self.cleaned_data.items() if value}


class ConfirmForm(forms.Form):
    """Whether rows with mistakes are left out."""

    skip_bad_rows = forms.BooleanField(label=_("Skip the rows with errors and import the others"), required=False)


def scope_label(scope: ImportScope) -> str:
    return str(scope.institution.name) if scope.institution else country(scope.country)


def taken_columns(layout: Layout) -> list[tuple[str, Any]]:
    """Each heading of the table with what its column was taken for; the second is empty for a column that is not imported."""
    labels = dict(column_choices())
    return [
        (column.heading, labels.get(column.field, column.field) if column.field else "")
        for column in layout.columns
        if column.heading
    ]
