"""Forms of matching."""

from django import forms
from django.utils.translation import gettext_lazy as _

from matching.domain.invitations import LONGEST


class InvitationForm(forms.Form):
    """A few words to the person invited."""

    words = forms.CharField(
        label=_("Message"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Explain why you invite this person. They will read it in the invitation, together with the programme."),
    )
