"""Forms of the settings pages."""

import datetime
import zoneinfo
from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiToken, User
from exchange.core.context import own_name
from exchange.core.countries import Country
from exchange.core.formfields import DrawnSelect, LineField, draw_groups

CENTRAL_ASIAN_ZONES = (
    *("Asia/Almaty", "Asia/Aqtau", "Asia/Aqtobe", "Asia/Atyrau", "Asia/Oral", "Asia/Qostanay", "Asia/Qyzylorda"),
    *("Asia/Bishkek", "Asia/Dushanbe", "Asia/Ashgabat", "Asia/Samarkand", "Asia/Tashkent"),
)
AMERICAN_ZONES = (
    *("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles"),
    *("America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico"),
)


@lru_cache(maxsize=1)
def other_zones() -> list[str]:
    """Every other place of the world, for people on the road."""
    near = {*CENTRAL_ASIAN_ZONES, *AMERICAN_ZONES}
    return sorted(
        zone for zone in zoneinfo.available_timezones() if "/" in zone and zone not in near and not zone.startswith("Etc/")
    )


UNIVERSAL = _("Coordinated universal time (UTC)")


def zone_choices() -> list[Any]:
    return [
        ("", UNIVERSAL),
        (_("Central Asia"), [(zone, zone_label(zone)) for zone in CENTRAL_ASIAN_ZONES]),
        (Country.US.label, [(zone, zone_label(zone)) for zone in AMERICAN_ZONES]),
        (_("Elsewhere"), [(zone, zone.replace("_", " ")) for zone in other_zones()]),
    ]


def zone_label(zone: str) -> str:
    """The city and its distance from universal time now: "Tashkent, UTC+05:00"."""
    offset = timezone.now().astimezone(zoneinfo.ZoneInfo(zone)).utcoffset() or datetime.timedelta()
    minutes = int(offset.total_seconds() // 60)
    sign = "−" if minutes < 0 else "+"
    return f"{zone.rpartition('/')[2].replace('_', ' ')}, UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


class ZoneSelect(DrawnSelect):
    """All time zones, drawn once an hour and language: the clocks of some change between two visits."""

    empty = UNIVERSAL

    def options_html(self) -> str:
        return draw_zones(get_language() or "", timezone.now().replace(minute=0, second=0, microsecond=0))


@lru_cache(maxsize=len(settings.LANGUAGES))
def draw_zones(language: str, hour: datetime.datetime) -> str:
    return draw_groups(zone_choices()[1:])


class PreferencesForm(forms.Form):
    """How others see the name of an account, its language and its clock."""

    name = LineField(
        label=_("Name"), max_length=150, required=False, help_text=_("As others should see it in messages and history.")
    )
    # Each language by its own name: nothing to translate.
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[(code, own_name(code)) for code, _name in settings.LANGUAGES],
        widget=forms.Select(attrs={"translate": "no"}),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False, choices=zone_choices, widget=ZoneSelect)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"name": user.name, "language": user.language, "time_zone": user.time_zone}
        super().__init__(*args, **kwargs)


class ThemeForm(forms.Form):
    """Light, dark, or as the device wishes."""

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
    """A key to the API."""

    name = LineField(label=_("What it is for"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=ApiToken.Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[ApiToken.Scope.READ],
    )
