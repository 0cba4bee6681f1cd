"""The form of an agreement."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exchange.core.countries import Country
from exchange.core.formfields import searchable
from exchange.core.uploads import DOCUMENT, UploadField
from exchange.core.versions import VersionField
from institutions.models import Institution
from partnerships.models import Agreement


def institution_choices(institutions: "QuerySet[Institution]") -> list[tuple[str | Promise, Any]]:
    """Institutions by country, each by its name in the reader's language."""
    by_country: dict[str, list[tuple[int, str]]] = {}
    for institution in institutions:
        by_country.setdefault(institution.country, []).append((institution.pk, str(institution)))
    groups = [
        (Country(code).label, sorted(by_country[code], key=lambda row: row[1])) for code in Country.values if code in by_country
    ]
    return [("", "---------"), *groups]


class AgreementForm(forms.ModelForm):
    """An agreement of the register. `version` is the version the form was opened with; the parties can only be set on creation."""

    version = VersionField()
    scan = UploadField(label=_("Signed copy"), required=False, upload_kind=DOCUMENT)

    class Meta:
        model = Agreement
        fields = ("reference", "title", "first", "second", "valid_from", "valid_until", "yearly_places")
        widgets = {
            "valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "valid_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        labels = {"title": _("Title")}
        help_texts = {
            "reference": _("As on the paper: number and date."),
            "valid_until": _("Empty: no end is agreed."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["first"], self.fields["second"]
            self.fields["version"].initial = self.instance.version
            return
        choices = institution_choices(Institution.objects.only("name", "country"))
        for name in ("first", "second"):
            self.fields[name].widget.attrs |= searchable("institutions")
            setattr(self.fields[name], "choices", choices)  # noqa: B010 -- a choice field, which its type does not say

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("first") and values.get("first") == values.get("second"):
            self.add_error("second", _("An agreement is made between two institutions."))
        starts, ends = values.get("valid_from"), values.get("valid_until")
        if starts and ends and ends < starts:
            self.add_error("valid_until", _("The end date is before the start date."))
        return values
