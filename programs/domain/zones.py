"""Time zones in which a deadline can be meant: those of the six countries, named by a city."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import pgettext_lazy

from exchange.core.countries import CAPITAL_ZONES, Country
from exchange.core.errors import Text
from exchange.core.localdates import zone_city
from profiles.models import Institution

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


def zone_choices(also: str = "") -> list[tuple[Text, list[Choice]]]:
    """For a select: zones under their countries; one already chosen that is not among them stands at the end."""
    rows: list[tuple[Text, list[Choice]]] = [(Country(code).label, list(zones)) for code, zones in ZONES.items()]
    if also and also in available_timezones() and also not in _names():
        rows.append((pgettext_lazy("time zones", "Other"), [(also, zone_city(ZoneInfo(also)) or also)]))
    return rows


def _names() -> Iterable[str]:
    return [name for zones in ZONES.values() for name, _label in zones]


def zone_for(institution: Institution) -> str:
    """The zone to propose: the capital's, or in the United States the one its longitude lies in."""
    if institution.country != "US" or institution.longitude is None:
        return CAPITAL_ZONES.get(institution.country, "UTC")
    return _american_zone(institution.latitude or 40.0, institution.longitude)


def _american_zone(latitude: float, longitude: float) -> str:
    """Near enough for a proposal: the host sees it and may choose another."""
    if longitude < -130:
        return "Pacific/Honolulu" if latitude < 40 else "America/Anchorage"
    if longitude < -114.5:
        return "America/Los_Angeles"
    if longitude < -109 and latitude < 37:
        return "America/Phoenix"
    if longitude < -102:
        return "America/Denver"
    return "America/Chicago" if longitude < -86.5 else "America/New_York"
