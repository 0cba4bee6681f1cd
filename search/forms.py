"""Forms of saved searches."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from search.domain.query import clean_words
from search.models import Frequency

MAX_NAME_LENGTH = 120


class SavedSearchForm(forms.Form):
    """What a saved search is called, and how often it tells of new results."""

    name = forms.CharField(label=_("Name of this search"), max_length=MAX_NAME_LENGTH)
    frequency = forms.ChoiceField(
        label=pgettext_lazy("of a saved search", "Tell me of new results"),
        choices=Frequency.choices,
        initial=Frequency.DAILY,
        help_text=_("By e-mail and under the bell. Once a day or a week means: in the morning, by your clock."),
    )

    def clean_name(self) -> str:
        name = clean_words(self.cleaned_data["name"])[:MAX_NAME_LENGTH]
        if not name:
            raise forms.ValidationError(_("Give it a name you will recognise."))
        return name


def save_form(name: str) -> SavedSearchForm:
    """The form beside the results, with a name proposed."""
    return SavedSearchForm(initial={"name": name[:MAX_NAME_LENGTH], "frequency": Frequency.DAILY})
