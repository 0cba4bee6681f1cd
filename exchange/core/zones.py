"""Time zones: those of the six countries are named by their cities in the reader's language."""

from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone
from django.utils.translation import pgettext_lazy

from exchange.core.countries import Country
from exchange.core.date_format import write_offset
from exchange.core.errors import Text

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
    """The cities of a zone; for zones of other countries the place in its name. Empty when there is none, such as for "UTC"."""
    if name in NAMES:
        return str(NAMES[name])
    return name.rsplit("/", 1)[-1].replace("_", " ") if "/" in name else ""


@lru_cache(maxsize=1)
def other_zones() -> list[str]:
    """All zones of other countries."""
    return sorted(zone for zone in available_timezones() if "/" in zone and zone not in NAMES and not zone.startswith("Etc/"))


def zone_with_offset(name: str) -> str:
    """The cities of a zone and its current UTC offset: "Tashkent, UTC+5"."""
    return f"{zone_title(name)}, {write_offset(timezone.now(), ZoneInfo(name))}"
