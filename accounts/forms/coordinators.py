"""Forms with which the secretariat appoints coordinators."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.domain.coordinators import all_appointments, current
from accounts.models import CoordinatorAppointment, User
from exchange.core.countries import Country


def date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AppointmentDatesForm(forms.Form):
    """The dates of an appointment, and whose deputy it is."""

    starts = forms.DateField(label=_("Valid from"), widget=date_input())
    ends = forms.DateField(label=_("Valid until"), required=False, widget=date_input(), help_text=_("Empty: no end is agreed."))
    deputy_of = forms.ModelChoiceField(
        label=_("Deputy of"),
        queryset=CoordinatorAppointment.objects.none(),
        required=False,
        empty_label=_("None, or not in this list"),
    )

    def __init__(self, *args: Any, country: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = all_appointments().filter(current(), deputy_of=None)
        field: Any = self.fields["deputy_of"]
        field.queryset = rows.filter(country=country) if country else rows
        field.label_from_instance = lambda row: f"{Country(row.country).label}: {row.user}"
        if not country:
            self.fields["starts"].initial = timezone.now().date()


class AppointmentForm(AppointmentDatesForm):
    """A new appointment: the address of an account, and a country."""

    field_order = ("email", "country", "starts", "ends", "deputy_of")
    email = forms.EmailField(label=_("E-mail address"), max_length=254, help_text=_("Of an account of this site."))
    country = forms.ChoiceField(label=_("Country"), choices=[("", _("Choose")), *Country.choices])

    def clean_email(self) -> User:
        user = User.objects.filter(email__iexact=self.cleaned_data["email"], is_active=True).first()
        if user is None:
            raise forms.ValidationError(_("No account has this address."), code="unknown")
        return user
