"""The six countries, in the order of their names in English."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Country(models.TextChoices):
    """ISO 3166-1 codes."""

    KZ = "KZ", pgettext_lazy("country name", "Kazakhstan")
    KG = "KG", pgettext_lazy("country name", "Kyrgyzstan")
    TJ = "TJ", pgettext_lazy("country name", "Tajikistan")
    TM = "TM", pgettext_lazy("country name", "Turkmenistan")
    UZ = "UZ", pgettext_lazy("country name", "Uzbekistan")
    US = "US", pgettext_lazy("country name", "United States of America")


CAPITAL_ZONES = {
    "KZ": "Asia/Almaty",
    "KG": "Asia/Bishkek",
    "TJ": "Asia/Dushanbe",
    "TM": "Asia/Ashgabat",
    "UZ": "Asia/Tashkent",
    "US": "America/New_York",
}
"""The default time zone of each country (tz database names)."""
