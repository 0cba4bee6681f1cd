"""Forms of the settings pages."""

import datetime
from functools import lru_cache
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiToken, User
from exchange.core.countries import Country
from exchange.core.formfields import LineField, PrerenderedSelect, render_groups, searchable
from exchange.core.interface_languages import INTERFACE_LANGUAGES
from exchange.core.zones import ZONES, other_zones, zone_with_offset

UNIVERSAL = _("Coordinated universal time (UTC)")


def zone_choices() -> list[Any]:
    """All time zones: those of the six countries by country with their UTC offset, then the others by continent and place."""
    return [
        ("", UNIVERSAL),
        *((Country(code).label, [(name, zone_with_offset(name)) for name, _cities in zones]) for code, zones in ZONES.items()),
        (_("Elsewhere"), sorted(((zone, zone_with_offset(zone)) for zone in other_zones()), key=lambda choice: choice[1])),
    ]


class ZoneSelect(PrerenderedSelect):
    """All time zones, rendered once an hour and language, because UTC offsets change."""

    empty = UNIVERSAL

    def options_html(self) -> str:
        return render_zones(get_language() or "", timezone.now().replace(minute=0, second=0, microsecond=0))


@lru_cache(maxsize=len(INTERFACE_LANGUAGES))
def render_zones(language: str, hour: datetime.datetime) -> str:
    """The options as HTML; `hour` is only a part of the cache key."""
    return render_groups(zone_choices()[1:])


class PreferencesForm(forms.Form):
    """Name, language and time zone of an account."""

    name = LineField(
        label=_("Name"), max_length=150, required=False, help_text=_("As others should see it in messages and history.")
    )
    # Each language by its own name, which is not translated.
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[(language.code, language.own_name) for language in INTERFACE_LANGUAGES],
        widget=forms.Select(attrs={"translate": "no"}),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), required=False, choices=zone_choices, widget=ZoneSelect(searchable("zones"))
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"name": user.name, "language": user.language, "time_zone": user.time_zone}
        super().__init__(*args, **kwargs)


class ThemeForm(forms.Form):
    """Light, dark, or as the device is set."""

    theme = forms.ChoiceField(
        label=_("Colours"),
        choices=[
            ("auto", pgettext_lazy("colours of the pages", "same as my device")),
            ("light", pgettext_lazy("colours of the pages", "light")),
            ("dark", pgettext_lazy("colours of the pages", "dark")),
        ],
        widget=forms.RadioSelect,
    )


class TokenForm(forms.Form):
    """A new API token."""

    name = LineField(label=_("What it is for"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=ApiToken.Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[ApiToken.Scope.READ],
    )
