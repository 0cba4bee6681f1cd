"""The form that invites a person to claim a profile."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ClaimInvitationForm(forms.Form):
    """The e-mail address of the person to invite."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
