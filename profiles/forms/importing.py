"""Uploading a table of people, and confirming it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exchange.core.components.names import country
from exchange.core.uploads import MEGABYTE, UploadField, UploadKind
from profiles.domain.importing.uploads import Ground

PEOPLE = UploadKind((".csv",), 10 * MEGABYTE)


class TableForm(forms.Form):
    """Whose people, and the table of them."""

    ground = forms.ChoiceField(label=_("Whose people"))
    table = UploadField(upload_kind=PEOPLE, label=_("Table"), widget=forms.FileInput)

    def __init__(self, *args: Any, grounds: list[Ground], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grounds = {ground.key: ground for ground in grounds}
        self.fields["ground"].choices = [(key, ground_label(ground)) for key, ground in self.grounds.items()]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Ground:
        return self.grounds[self.cleaned_data["ground"]]


class ConfirmForm(forms.Form):
    """Whether rows with mistakes are left out."""

    skip_bad_rows = forms.BooleanField(label=_("Skip the rows with errors and import the others"), required=False)


def ground_label(ground: Ground) -> str:
    return str(ground.institution.name) if ground.institution else country(ground.country)
