"""Towns of demonstration users, by weight."""

from random import Random

TOWNS: dict[str, dict[str, int]] = {
    "KZ": {
        "Almaty": 40,
        "Astana": 24,
        "Turkistan": 8,
        "Shymkent": 7,
        "Semey": 4,
        "Karaganda": 4,
        "Taraz": 4,
        "Aktobe": 2,
        "Pavlodar": 2,
    },
    "KG": {"Bishkek": 50, "Osh": 18, "Karakol": 7, "Talas": 5, "Tokmok": 4, "Cholpon-Ata": 4, "Uzgen": 3, "Naryn": 3},
    "TJ": {"Dushanbe": 50, "Khujand": 18, "Panjakent": 10, "Istaravshan": 6, "Khorog": 6, "Hisor": 4, "Bokhtar": 3, "Kulob": 3},
    "TM": {"Ashgabat": 50, "Mary": 14, "Turkmenabat": 10, "Dashoguz": 9, "Balkanabat": 6, "Koneurgench": 4, "Bayramaly": 4},
    "UZ": {
        "Tashkent": 36,
        "Samarkand": 20,
        "Bukhara": 13,
        "Khiva": 7,
        "Nukus": 6,
        "Termez": 4,
        "Kokand": 4,
        "Shahrisabz": 3,
        "Fergana": 3,
    },
    "US": {
        "New York": 18,
        "Washington, DC": 16,
        "Philadelphia": 8,
        "Los Angeles": 8,
        "Chicago": 7,
        "Boston": 6,
        "San Francisco": 5,
        "Santa Fe": 4,
        "New Haven": 4,
        "Cambridge": 4,
        "Winterthur": 3,
        "Buffalo": 2,
        "Bloomington": 2,
        "St. Louis": 2,
    },
}
COUNTRY_WEIGHTS = {"UZ": 25, "KZ": 23, "US": 15, "KG": 14, "TJ": 13, "TM": 10}


def pick(weights: dict[str, int], random: Random) -> str:
    """A random key, by weight."""
    return random.choices(list(weights), list(weights.values()))[0]
