"""Which time zone to propose for a host's deadlines."""

from exchange.core.countries import CAPITAL_ZONES
from institutions.models import Institution


def zone_for(institution: Institution) -> str:
    """The zone to propose: the capital's, or in the United States the one its longitude lies in."""
    if institution.country != "US" or institution.longitude is None:
        return CAPITAL_ZONES.get(institution.country, "UTC")
    return _american_zone(institution.latitude or 40.0, institution.longitude)


def _american_zone(latitude: float, longitude: float) -> str:
    """Approximate: the host sees the proposal and may choose another."""
    if longitude < -130:
        return "Pacific/Honolulu" if latitude < 40 else "America/Anchorage"
    if longitude < -114.5:
        return "America/Los_Angeles"
    if longitude < -109 and latitude < 37:
        return "America/Phoenix"
    if longitude < -102:
        return "America/Denver"
    return "America/Chicago" if longitude < -86.5 else "America/New_York"
