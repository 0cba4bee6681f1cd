"""The lists that belong to no app above: concepts, languages, time zones."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.utils import translation

from exchange.core.countries import Country
from exchange.core.interface_languages import INTERFACE_LANGUAGES
from exchange.core.spoken_languages import LIKELY, Language, names_of_languages
from exchange.core.text import normalise_text
from exchange.core.zones import ZONES, other_zones, zone_title, zone_with_offset
from vocabulary.domain.choosing import Option
from vocabulary.domain.vocabulary import Term, vocabulary

CONCEPTS, LANGUAGES, ZONE_LIST = "concepts", "languages", "zones"


def concept_options(user: Any, limits: Mapping[str, str]) -> Iterable[Option]:
    """Concepts of the schemes in `schemes`, separated by commas; all of them without it. The note is the broader concept."""
    schemes = frozenset(filter(None, limits.get("schemes", "").split(",")))
    known = vocabulary()
    return [
        Option(str(term.pk), term.title, _broader(term), term.labels) for term in known if not schemes or term.scheme in schemes
    ]


def _broader(term: Term) -> str:
    known = vocabulary()
    return known.title(term.broader_id) if term.broader_id is not None and term.broader_id in known else ""


def language_options(user: Any, limits: Mapping[str, str]) -> Iterable[Option]:
    """All languages by their names in every language of the interface."""
    names = names_of_languages()
    return [Option(code, str(Language(code).label), "", names.get(code, ())) for code in Language.values]


def likely_languages(user: Any) -> Iterable[str]:
    return LIKELY


def zone_options(user: Any, limits: Mapping[str, str]) -> Iterable[Option]:
    """Time zones: those of the six countries by city and country, the others by place."""
    names = _zone_names()
    known = [
        Option(zone, zone_with_offset(zone), str(Country(code).label), names[zone])
        for code, zones in ZONES.items()
        for zone, _cities in zones
    ]
    return [*known, *(Option(zone, zone.replace("_", " "), "", (normalise_text(zone_title(zone)),)) for zone in other_zones())]


def likely_zones(user: Any) -> Iterable[str]:
    return [zone for zones in ZONES.values() for zone, _cities in zones]


@cache
def _zone_names() -> dict[str, tuple[str, ...]]:
    """The names of the zones of the six countries in every language: cities, countries, the name of the zone."""
    found: dict[str, list[str]] = {}
    for language in INTERFACE_LANGUAGES:
        with translation.override(language.code):
            for code, zones in ZONES.items():
                for zone, cities in zones:
                    found.setdefault(zone, []).extend([str(cities), str(Country(code).label), zone])
    return {zone: tuple(dict.fromkeys(normalise_text(name) for name in names)) for zone, names in found.items()}
