"""Forms about institutions and their teams."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.core.countries import Country
from profiles.forms.profiles import LineField
from profiles.forms.rows import FieldRow, FieldRows, row_set
from profiles.models import Institution, User
from profiles.models.institutions import InstitutionKind
from profiles.states import Role


class InstitutionForm(forms.ModelForm[Institution]):
    """What an institution says of itself. Country and address are not here: they say who verifies it and where it is found."""

    city = LineField(label=_("City"), max_length=120)
    short_name = LineField(label=_("Short name"), max_length=80, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Choose")), *InstitutionKind.choices])
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")

    class Meta:
        model = Institution
        fields = ("name", "short_name", "kind", "city", "website", "description", "facilities")
        labels = {"name": pgettext_lazy("of an institution", "Name")}


class NewInstitutionForm(InstitutionForm):
    """The first facts, enough to be verified by."""

    country = forms.ChoiceField(label=_("Country"), choices=[("", _("Choose")), *Country.choices])
    field_order = ("country", "name", "short_name", "kind", "city", "website")

    class Meta(InstitutionForm.Meta):
        fields = ("name", "short_name", "kind", "city", "website")  # type: ignore[assignment]


class InstitutionFieldRow(FieldRow):
    """A field an institution works in."""

    weight = None  # type: ignore[assignment]


InstitutionFieldSet = row_set(InstitutionFieldRow, FieldRows, extra=0)


class InviteForm(forms.Form):
    """Somebody is asked into the team by their address."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.EDITOR)


class RolesForm(forms.Form):
    """What a member of the team may do."""

    roles = forms.MultipleChoiceField(label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, member: User, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"id_{member.pk}_%s")
        super().__init__(*args, **kwargs)
