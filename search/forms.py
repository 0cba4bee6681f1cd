"""Forms of saved searches."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from search.domain.query import clean_words
from search.models import Frequency

MAX_NAME_LENGTH = 120


class SavedSearchForm(forms.Form):
    """The name of a saved search, and how often it notifies of new results."""

    name = forms.CharField(label=_("Name of this search"), max_length=MAX_NAME_LENGTH)
    frequency = forms.ChoiceField(
        label=pgettext_lazy("of a saved search", "Notify me of new results"),
        choices=Frequency.choices,
        initial=Frequency.DAILY,
        help_text=_("By e-mail and as a notification on Miras. Once a day or a week means: in the morning, your local time."),
    )

    def clean_name(self) -> str:
        name = clean_words(self.cleaned_data["name"])[:MAX_NAME_LENGTH]
        if not name:
            raise forms.ValidationError(_("Give it a name you will recognise."))
        return name


def save_form(name: str) -> SavedSearchForm:
    """The form beside the results, with a name proposed."""
    return SavedSearchForm(initial={"name": name[:MAX_NAME_LENGTH], "frequency": Frequency.DAILY})
