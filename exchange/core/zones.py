"""Time zones, named by their cities in the reader's language: those of the six countries by our own message files, others by Unicode CLDR."""

from collections.abc import Mapping
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from exchange.core.countries import Country
from exchange.core.date_format import write_offset
from exchange.core.errors import Text
from exchange.core.interface_languages import BY_CODE, active_language

ZONES: dict[str, tuple[tuple[str, Text], ...]] = {
    "KZ": (
        ("Asia/Almaty", pgettext_lazy("city of a time zone", "Astana, Almaty")),
        ("Asia/Aqtau", pgettext_lazy("city of a time zone", "Aktau")),
        ("Asia/Aqtobe", pgettext_lazy("city of a time zone", "Aktobe")),
        ("Asia/Atyrau", pgettext_lazy("city of a time zone", "Atyrau")),
        ("Asia/Oral", pgettext_lazy("city of a time zone", "Oral")),
        ("Asia/Qostanay", pgettext_lazy("city of a time zone", "Kostanay")),
        ("Asia/Qyzylorda", pgettext_lazy("city of a time zone", "Kyzylorda")),
    ),
    "KG": (("Asia/Bishkek", pgettext_lazy("city of a time zone", "Bishkek")),),
    "TJ": (("Asia/Dushanbe", pgettext_lazy("city of a time zone", "Dushanbe")),),
    "TM": (("Asia/Ashgabat", pgettext_lazy("city of a time zone", "Ashgabat")),),
    "UZ": (
        ("Asia/Tashkent", pgettext_lazy("city of a time zone", "Tashkent")),
        ("Asia/Samarkand", pgettext_lazy("city of a time zone", "Samarkand, Bukhara, Khiva")),
    ),
    "US": (
        ("America/New_York", pgettext_lazy("city of a time zone", "New York, Washington")),
        ("America/Chicago", pgettext_lazy("city of a time zone", "Chicago")),
        ("America/Denver", pgettext_lazy("city of a time zone", "Denver")),
        ("America/Phoenix", pgettext_lazy("city of a time zone", "Phoenix")),
        ("America/Los_Angeles", pgettext_lazy("city of a time zone", "Los Angeles")),
        ("America/Anchorage", pgettext_lazy("city of a time zone", "Anchorage")),
        ("Pacific/Honolulu", pgettext_lazy("city of a time zone", "Honolulu")),
    ),
}
Choice = tuple[str, Text]


NAMES: dict[str, Text] = {name: label for zones in ZONES.values() for name, label in zones}


def zone_choices(also: str = "") -> list[tuple[Text, list[Choice]]]:
    """Choices of a select: zones by country; a chosen zone that is not among them is added at the end."""
    rows: list[tuple[Text, list[Choice]]] = [(Country(code).label, list(zones)) for code, zones in ZONES.items()]
    if also not in NAMES and also in available_timezones():
        rows.append((pgettext_lazy("time zones", "Other"), [(also, zone_title(also))]))
    return rows


def zone_title(name: str) -> str:
    """The cities of a zone in the reader's language; the place in its name where CLDR has no other, as for Berlin in English.

    Empty when there is none, such as for "UTC".
    """
    if name in NAMES:
        return str(NAMES[name])
    if "/" not in name:
        return ""
    language = BY_CODE[active_language()]
    known_as = (name, get_global("zone_aliases").get(name, name))
    cities = (_cldr_zones(code).get(zone, {}).get("city") for code in (language.code, language.town_names) for zone in known_as)
    return next(filter(None, cities), name.rsplit("/", 1)[-1].replace("_", " "))


@lru_cache(maxsize=len(BY_CODE))
def _cldr_zones(language: str) -> Mapping[str, Mapping[str, str]]:
    return Locale.parse(language).time_zones


@lru_cache(maxsize=1)
def other_zones() -> list[str]:
    """All zones of other countries."""
    return sorted(zone for zone in available_timezones() if "/" in zone and zone not in NAMES and not zone.startswith("Etc/"))


def zone_with_offset(name: str) -> str:
    """The cities of a zone and its current UTC offset: "Tashkent, UTC+5"."""
    return f"{zone_title(name)}, {write_offset(timezone.now(), ZoneInfo(name))}"
