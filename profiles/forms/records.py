"""Rows of positions, education and accreditations, and the forms of publications."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.core.bibliography.bibtex import MAX_BIBTEX_LENGTH
from exchange.core.bibliography.orcid import clean_orcid
from exchange.core.bibliography.works import Work, clean_doi
from exchange.core.errors import DomainError
from exchange.core.formfields import LineField, searchable
from exchange.core.formsets import RowSet, row_set
from exchange.core.uploads import MEGABYTE, UploadKind, clean_name
from profiles.domain.publications import work_of
from profiles.forms.rows import DayInput
from profiles.models import Publication

PLACE_LIST = "register"
"""The id of the list of institutions that a page with such rows carries once."""


def year_field(label: Any, **options: Any) -> forms.IntegerField:
    field = forms.IntegerField(label=label, required=False, min_value=1900, max_value=2100, **options)
    field.widget.attrs |= {"inputmode": "numeric"}
    return field


def place_field() -> LineField:
    field = LineField(label=_("Institution"), max_length=200, required=False)
    field.widget.attrs |= {"list": PLACE_LIST} | searchable("institutions")
    return field


def not_in_future(year: int | None) -> int | None:
    if year is not None and year > timezone.now().year:
        raise forms.ValidationError(_("This year is in the future."))
    return year


class PositionRow(forms.Form):
    """A post: what, where, from when to when."""

    title = LineField(label=_("Position"), max_length=160)
    place = place_field()
    starts = year_field(pgettext_lazy("first year of a position", "From (year)"))
    ends = year_field(pgettext_lazy("last year of a position", "To (year)"), help_text=_("Empty means: until today."))

    @property
    def summary(self) -> str:
        return " · ".join(filter(None, (str(self[name].value() or "") for name in ("title", "place"))))

    def clean_starts(self) -> int | None:
        return not_in_future(self.cleaned_data["starts"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("starts") and data.get("ends") and data["ends"] < data["starts"]:
            self.add_error("ends", _("The end is before the beginning."))
        return data


class EducationRow(forms.Form):
    """A degree or a training."""

    degree = LineField(label=_("Degree or training"), max_length=160)
    place = place_field()
    year = year_field(_("Year"))

    @property
    def summary(self) -> str:
        return " · ".join(filter(None, (str(self[name].value() or "") for name in ("degree", "place"))))


class AccreditationRow(forms.Form):
    """A licence or a membership."""

    title = LineField(label=_("Accreditation"), max_length=200)
    body = LineField(label=_("Given by"), max_length=200, required=False)
    number = LineField(
        label=pgettext_lazy("of a licence", "Number"),
        max_length=80,
        required=False,
        help_text=_("Hidden from everybody until you choose who may see it."),
    )
    expires = forms.DateField(
        label=_("Valid until"), widget=DayInput, required=False, help_text=_("You are reminded here three months before.")
    )

    @property
    def summary(self) -> str:
        return str(self["title"].value() or "")


PositionSet = row_set(PositionRow, RowSet, extra=0)
EducationSet = row_set(EducationRow, RowSet, extra=0)
AccreditationSet = row_set(AccreditationRow, RowSet, extra=0)


class PublicationForm(forms.Form):
    """One publication by hand."""

    title = LineField(label=_("Title"), max_length=500)
    authors = LineField(
        label=_("Authors"), max_length=1000, required=False, help_text=_("Last name, first name; with a semicolon between people.")
    )
    year = year_field(_("Year"))
    container = LineField(label=_("Published in"), max_length=300, required=False, help_text=_("A journal, a book, a publisher."))
    doi = LineField(label="DOI", max_length=250, required=False)
    url = forms.URLField(label=_("Address on the web"), max_length=500, required=False, assume_scheme="https")

    @classmethod
    def initial_of(cls, row: Publication) -> dict[str, Any]:
        return {name: getattr(row, name) for name in cls.base_fields}

    def clean_doi(self) -> str:
        typed = self.cleaned_data["doi"]
        if typed and not clean_doi(typed):
            raise forms.ValidationError(_("This is not a DOI: it begins with 10. and has a slash, as in 10.1000/182."))
        return clean_doi(typed)

    def clean_url(self) -> str:
        address = str(self.cleaned_data["url"])
        if address and not address.startswith(("http://", "https://")):
            raise forms.ValidationError(_("Only addresses of the web, please."))
        return address

    def work(self, before: Publication | None = None) -> Work:
        """What the action takes; a publication keeps where it came from."""
        return Work(**self.cleaned_data, source=work_of(before).source if before else "hand").cleaned()


BIBTEX = UploadKind((".bib", ".bibtex", ".txt"), MEGABYTE)


class BibtexForm(forms.Form):
    """A BibTeX text, typed in or as a file."""

    text = forms.CharField(
        label="BibTeX",
        required=False,
        max_length=MAX_BIBTEX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )
    file = forms.FileField(label=_("Or a .bib file"), required=False, widget=forms.FileInput(attrs={"accept": BIBTEX.accept}))
    kinds = ("bib",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].kinds = ("bib",)  # type: ignore[attr-defined]
        self.fields["file"].max_bytes = MAX_BIBTEX_LENGTH  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        upload = data.get("file")
        if upload is not None:
            data["text"] = self._read(upload)
        if not (data.get("text") or "").strip() and not self.errors:
            self.add_error("text", _("Paste some entries, or choose a file."))
        return data

    def _read(self, upload: Any) -> str:
        if not clean_name(upload.name or "").endswith(BIBTEX.endings) or upload.size > MAX_BIBTEX_LENGTH:
            self.add_error("file", _("Choose a .bib file of at most 600 kB."))
            return ""
        content = upload.read()
        try:
            return str(content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            # Old reference managers write the code page of their country; only UTF-8 says itself wrong.
            self.add_error("file", _("Save the file in the encoding UTF-8 and choose it again."))
            return ""


class OrcidForm(forms.Form):
    """An ORCID iD."""

    orcid = forms.CharField(label="ORCID iD", max_length=80, required=False, help_text=_("As 0000-0002-1825-0097, or its address."))

    def clean_orcid(self) -> str:
        typed = self.cleaned_data["orcid"].strip()
        if not typed:
            return ""
        try:
            return clean_orcid(typed)
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error


class SpellingForm(forms.Form):
    """An author's name that the person says is theirs."""

    family = forms.CharField(max_length=80)
    given = forms.CharField(max_length=80)
