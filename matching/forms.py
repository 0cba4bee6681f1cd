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


class MatchSettingsForm(forms.Form):
    """What an expert wants of matching."""

    proposed = forms.BooleanField(
        label=_("Propose me to hosts"),
        required=False,
        help_text=_("Without it, no host finds you among the people for its programmes, and none can invite you."),
    )
    weekly_mail = forms.BooleanField(
        label=_("A weekly e-mail with new programmes that fit me"),
        required=False,
        help_text=_("On Monday morning, your local time, and only when there is something new. No programme comes twice."),
    )
