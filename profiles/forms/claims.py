"""Inviting the person of a profile to take it over."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ClaimInvitationForm(forms.Form):
    """Where the person of a profile reads letters."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
