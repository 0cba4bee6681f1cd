"""Formsets whose rows can be added and removed without scripts."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MAX_ROWS = 40


REMOVE = pgettext_lazy("box to tick beside a row of a form", "Remove this row")


class RowSet(forms.BaseFormSet[Any]):
    """A formset that replaces all rows: blank rows and rows ticked for removal are not in `rows`."""

    unique_by = ""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        # Any row may be blank, existing ones too: a blank row is removed.
        return super().get_form_kwargs(index) | {"empty_permitted": True, "use_required_attribute": False}

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = REMOVE

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The cleaned data of valid rows."""
        return [
            {name: value for name, value in form.cleaned_data.items() if name != "DELETE"}
            for form in self.forms
            if form.has_changed() and not self._should_delete_form(form)  # type: ignore[attr-defined]
        ]

    def clean(self) -> None:
        """Add an error to the second of two rows with the same `unique_by` value."""
        if (self.management_form.cleaned_data.get("TOTAL_FORMS") or 0) < 0:
            raise forms.ValidationError(_("The form arrived incomplete. Send it again."))
        seen = set()
        for form in self.forms:
            if not self.unique_by or not form.has_changed() or self._should_delete_form(form):  # type: ignore[attr-defined]
                continue
            value = getattr(form, "cleaned_data", {}).get(self.unique_by)
            if value in seen:
                form.add_error(self.unique_by, _("This is listed twice."))
            seen.add(value)


def row_set(form: type[forms.Form], base: type[RowSet] = RowSet, *, extra: int = 1) -> Any:
    return forms.formset_factory(
        form, formset=base, extra=extra, can_delete=True, max_num=MAX_ROWS, absolute_max=MAX_ROWS + 10, validate_max=True
    )


def unbound_rows(make: Callable[..., Any], prefix: str, rows: Iterable[Any], *, blank: bool, lone: bool = True) -> Any:
    """An unbound formset of the existing rows, with a blank row at the end when `blank`, or (`lone`) when there are none."""
    known = list(rows)
    made = make(prefix=prefix, initial=known)
    made.extra = 1 if blank or (lone and not known) else 0
    return made
