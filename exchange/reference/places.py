"""Time zones of towns that differ from that of their country's capital."""

from zoneinfo import ZoneInfo

from exchange.core.countries import CAPITAL_ZONES

TOWNS = {
    "Asia/Samarkand": ("Samarkand", "Bukhara", "Khiva", "Nukus", "Termez", "Shahrisabz", "Urgench", "Karshi"),
    "America/Chicago": ("Chicago", "St. Louis", "Natchitoches"),
    "America/Denver": ("Santa Fe", "Denver"),
    "America/Indiana/Indianapolis": ("Bloomington",),
    "America/Los_Angeles": ("Los Angeles", "San Francisco"),
}
_BY_TOWN = {town: zone for zone, towns in TOWNS.items() for town in towns}


def zone_of(country: str, town: str) -> ZoneInfo:
    """The time zone of a town."""
    return ZoneInfo(_BY_TOWN.get(town, CAPITAL_ZONES[country]))
