"""The register as a list of options in forms: each institution by all its names."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from accounts.access import access_of
from exchange.core.countries import Country
from exchange.core.text import normalise_text
from exchange.core.towns import town
from institutions.models import Institution, InstitutionName
from vocabulary.domain.choosing import Option

INSTITUTIONS = "institutions"


def institution_options(user: Any, limits: Mapping[str, str]) -> Iterable[Option]:
    """The institutions this user may see, by name; the note is the place."""
    further = defaultdict(list)
    for pk, text in InstitutionName.objects.values_list("institution_id", "text"):
        further[pk].append(text)
    rows = Institution.objects.visible_to(user).only("name", "short_name", "city", "country")
    options = [
        Option(
            str(row.pk),
            str(row.name),
            f"{town(row.city)}, {Country(row.country).label}",
            tuple(normalise_text(text) for text in (*dict(row.name).values(), row.short_name, *further[row.pk]) if text),
        )
        for row in rows
    ]
    return sorted(options, key=lambda option: option.label.casefold())


def likely_institutions(user: Any) -> Iterable[int]:
    """Those in whose team the user is."""
    return sorted(access_of(user).institutions)
