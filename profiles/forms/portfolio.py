"""Forms of the portfolio: a work, and a picture of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exchange.core.formfields import LineField, LinesField
from exchange.core.picture_forms import RightsForm, picture_field
from profiles.forms.records import not_in_future, year_field
from profiles.models import CasePicture, PortfolioCase
from vocabulary.forms.concepts import COMPETENCE_SCHEMES, MATERIAL_SCHEMES, OBJECT_SCHEMES, ConceptField


class CaseForm(forms.Form):
    """A work: what it was, what was done, when."""

    title = LineField(label=_("Title"), max_length=160)
    story = LinesField(label=_("What was done"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 6}))
    material_id = ConceptField(MATERIAL_SCHEMES, label=_("Material"))
    object_type_id = ConceptField(OBJECT_SCHEMES, label=_("Object or site"))
    technique_id = ConceptField(COMPETENCE_SCHEMES, label=_("Technique, skill or specialism"))
    year = year_field(_("Year"))

    @classmethod
    def initial_of(cls, case: PortfolioCase) -> dict[str, Any]:
        return {name: getattr(case, name) for name in cls.base_fields}

    def clean_story(self) -> str:
        return str(self.cleaned_data["story"]).replace("\x00", "").strip()

    def clean_year(self) -> int | None:
        return not_in_future(self.cleaned_data["year"])


class PictureTextForm(RightsForm):
    """The texts and rights of a picture."""

    caption = LineField(label=_("Caption"), max_length=300, required=False)
    field_order: tuple[str, ...] = ("alt", "caption", "holder", "licence")

    @classmethod
    def initial_of(cls, picture: CasePicture) -> dict[str, Any]:
        return {name: getattr(picture, name) for name in ("alt", "caption", "holder", "licence")}


class PictureForm(PictureTextForm):
    """A new picture with its texts."""

    picture = picture_field()
    field_order = ("picture", "alt", "caption", "holder", "licence")
