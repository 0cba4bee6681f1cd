"""Forms of matching."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from exchange.core.countries import Country
from exchange.core.formfields import LanguageField, LineField, LinesField
from exchange.core.spoken_languages import Level
from matching.domain.invitations import MAX_MESSAGE_LENGTH
from matching.domain.needs import NeedFacts
from matching.domain.weight_labels import GROUPS
from matching.models import Need
from matching.scoring import Weights
from programs.forms.sections import DaysMixin, day_field, topic_groups
from vocabulary.domain.vocabulary import vocabulary


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


LANGUAGE_ROWS = (1, 2, 3)


class NeedForm(DaysMixin, forms.Form):
    """Whom a host seeks."""

    title = LineField(label=_("Whom you seek, in one line"), max_length=200)
    text = LinesField(
        label=_("In your own words"),
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Fields, materials and techniques that the text names are found by themselves."),
    )
    text_language = forms.ChoiceField(label=_("Language of the text"), choices=settings.LANGUAGES)
    starts = day_field(_("Start date"))
    ends = day_field(_("End date"))
    minimum_experience = forms.IntegerField(label=_("Years of practice required"), min_value=0, max_value=50, initial=0)
    countries = forms.MultipleChoiceField(
        label=_("From which countries"),
        choices=Country.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None marked: all but your own."),
    )
    concepts = forms.TypedMultipleChoiceField(label=_("Fields, materials, techniques"), coerce=int, required=False)

    def __init__(self, data: Any = None, *, need: Need | None = None) -> None:
        super().__init__(data, initial=_stored(need) if need else {"text_language": get_language()})
        self.fields["concepts"].choices = [(term.id, term.title) for term in vocabulary()]  # type: ignore[attr-defined]
        levels = [("", "—"), *((n, name) for n, name in Level.choices if n < Level.NATIVE)]
        for number in LANGUAGE_ROWS:
            self.fields[f"language_{number}"] = LanguageField(label=_("Language"), required=False)
            self.fields[f"level_{number}"] = forms.TypedChoiceField(
                label=_("Its level"), choices=levels, coerce=int, empty_value=None, required=False
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for number in LANGUAGE_ROWS:
            if bool(data.get(f"language_{number}")) != (data.get(f"level_{number}") is not None):
                self.add_error(f"level_{number}", _("Choose the language and its level."))
        return data

    def groups(self) -> list[dict[str, Any]]:
        """The parts of the vocabulary with their groups of checkboxes."""
        return topic_groups({str(value) for value in (self["concepts"].value() or ())})

    def plain_fields(self) -> list[forms.BoundField]:
        """All fields but the concepts, in order."""
        return [self[name] for name in self.fields if name != "concepts"]

    def facts(self) -> NeedFacts:
        """What the form says, for the action."""
        data = self.cleaned_data
        languages = {data[f"language_{n}"]: data[f"level_{n}"] for n in LANGUAGE_ROWS if data[f"language_{n}"]}
        names = ("title", "text", "text_language", "starts", "ends", "minimum_experience", "countries", "concepts")
        return NeedFacts(languages=languages, **{name: data[name] for name in names})


def _stored(need: Need) -> dict[str, Any]:
    names = ("title", "text", "text_language", "starts", "ends", "minimum_experience", "countries")
    stored = {name: getattr(need, name) for name in names}
    stored["concepts"] = list(need.concepts.values_list("pk", flat=True))
    for number, row in zip(LANGUAGE_ROWS, need.languages.all(), strict=False):
        stored |= {f"language_{number}": row.language, f"level_{number}": row.level}
    return stored
