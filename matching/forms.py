"""Forms of matching."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from matching.domain.invitations import MAX_MESSAGE_LENGTH
from matching.domain.weight_labels import GROUPS
from matching.scoring import Weights


class InvitationForm(forms.Form):
    """The message to the invited expert."""

    words = forms.CharField(
        label=_("Message"),
        max_length=MAX_MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Explain why you invite this person. They will read it in the invitation, together with the programme."),
    )


class WeightsForm(forms.Form):
    """A new table of weights, filled with the one in force; what differs by kind of programme stays as it is."""

    name = forms.CharField(label=pgettext_lazy("weights of matching", "Name of the table"), max_length=60)

    def __init__(self, *args: Any, weights: Weights, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for _title, lines in GROUPS:
            for name, label, _unit in lines:
                self.fields[name] = forms.IntegerField(label=label, min_value=0, max_value=1000, initial=getattr(weights, name))

    def values(self) -> dict[str, int]:
        """The numbers by name."""
        return {name: value for name, value in self.cleaned_data.items() if name != "name"}
