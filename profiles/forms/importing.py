"""Uploading a table of people, and confirming it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exchange.core.components.names import country
from exchange.core.uploads import MEGABYTE, UploadField, UploadKind
from profiles.domain.importing.uploads import ImportScope

PEOPLE = UploadKind((".csv",), 10 * MEGABYTE)


class TableForm(forms.Form):
    """The import scope and the table."""

    scope = forms.ChoiceField(label=_("Whose people"))
    table = UploadField(upload_kind=PEOPLE, label=_("Table"), widget=forms.FileInput)

    def __init__(self, *args: Any, scopes: list[ImportScope], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scopes = {scope.key: scope for scope in scopes}
        self.fields["scope"].choices = [(key, scope_label(scope)) for key, scope in self.scopes.items()]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> ImportScope:
        return self.scopes[self.cleaned_data["scope"]]


class ConfirmForm(forms.Form):
    """Whether rows with mistakes are left out."""

    skip_bad_rows = forms.BooleanField(label=_("Skip the rows with errors and import the others"), required=False)


def scope_label(scope: ImportScope) -> str:
    return str(scope.institution.name) if scope.institution else country(scope.country)
