"""Forms of matching."""

from django import forms
from django.utils.translation import gettext_lazy as _

from matching.domain.invitations import MAX_MESSAGE_LENGTH


class InvitationForm(forms.Form):
    """The message to the invited expert."""

    words = forms.CharField(
        label=_("Message"),
        max_length=MAX_MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Explain why you invite this person. They will read it in the invitation, together with the programme."),
    )
