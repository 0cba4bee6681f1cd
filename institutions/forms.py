"""Forms about institutions and their teams."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.states import Role
from exchange.core.countries import Country
from exchange.core.formfields import LineField
from exchange.core.formsets import RowSet, row_set
from exchange.core.lines import clean_line
from exchange.core.spoken_languages import likely_choices
from exchange.core.translated import TranslatedFormField
from institutions.domain.queries import TeamMember
from institutions.models import FactSheet, Institution
from institutions.models.institutions import InstitutionKind
from institutions.states import InstitutionNameKind
from vocabulary.forms.rows import FieldRow, FieldRows


class InstitutionForm(forms.ModelForm[Institution]):
    """The editable facts of an institution. Country and slug cannot be changed."""

    city = LineField(label=_("City"), max_length=120)
    short_name = LineField(label=_("Short name"), max_length=80, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Choose")), *InstitutionKind.choices])
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")

    class Meta:
        model = Institution
        fields = ("name", "short_name", "kind", "city", "website", "description")
        labels = {"name": pgettext_lazy("of an institution", "Name")}


class NewInstitutionForm(InstitutionForm):
    """The facts a coordinator needs to verify a new institution."""

    country = forms.ChoiceField(label=_("Country"), choices=[("", _("Choose")), *Country.choices])
    field_order = ("country", "name", "short_name", "kind", "city", "website")

    class Meta(InstitutionForm.Meta):
        fields = ("name", "short_name", "kind", "city", "website")  # type: ignore[assignment]


class InstitutionFieldRow(FieldRow):
    """A field an institution works in."""

    weight = None  # type: ignore[assignment]


InstitutionFieldSet = row_set(InstitutionFieldRow, FieldRows, extra=0)


class InstitutionNameRow(forms.Form):
    """A further name of an institution. `summary` is shown on a collapsed row."""

    text = LineField(label=pgettext_lazy("of an institution", "Name"), max_length=250)
    kind = forms.ChoiceField(
        label=_("Kind of name"), choices=InstitutionNameKind.choices, initial=InstitutionNameKind.ALIAS, required=False
    )
    language = forms.ChoiceField(label=_("Language of this name"), choices=[("", "—"), *likely_choices()], required=False)

    @property
    def summary(self) -> str:
        return clean_line(str(self["text"].value() or ""), 250)

    def has_changed(self) -> bool:
        return bool(set(self.changed_data) - {"kind", "language"})


class InstitutionNameRows(RowSet):
    unique_by = "text"


InstitutionNameSet = row_set(InstitutionNameRow, InstitutionNameRows, extra=0)


class FactSheetForm(forms.ModelForm[FactSheet]):
    """The fact sheet for guests."""

    work_languages = forms.MultipleChoiceField(
        label=_("Languages of work"), choices=likely_choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    facilities = TranslatedFormField(label=_("Anything else a guest should know"), required=False, max_length=5000, multiline=True)

    class Meta:
        model = FactSheet
        fields = (
            *("labs", "equipment", "collections", "library", "housing", "housing_places", "housing_price"),
            *("visa_help", "accessibility", "work_languages"),
        )


class InviteForm(forms.Form):
    """An invitation to the team by e-mail address."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.EDITOR)


class RolesForm(forms.Form):
    """The roles of a member of the team."""

    roles = forms.MultipleChoiceField(label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, member: User, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"id_{member.pk}_%s")
        super().__init__(*args, **kwargs)


class HandoverForm(forms.Form):
    """The team member to whom ownership is offered."""

    taker = forms.TypedChoiceField(label=_("New owner"), coerce=int)
    leaves = forms.BooleanField(
        label=_("I leave the team once it is accepted"),
        required=False,
        help_text=_("Otherwise you stay as an editor, or in the roles you have."),
    )

    def __init__(self, *args: Any, team: Iterable[TeamMember], giver: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = [member.user for member in team if member.user.pk != giver.pk]
        choices = [("", _("Choose")), *((user.pk, user.get_full_name()) for user in self.people)]
        self.fields["taker"].choices = choices  # type: ignore[attr-defined]
