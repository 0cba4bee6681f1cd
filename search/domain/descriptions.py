"""What a search asks for, as short labels in the reader's language: for saved searches and for the name a search may be saved under."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.core.countries import Country
from exchange.core.spoken_languages import Language, Level
from exchange.core.towns import town_of_key
from search.domain.facets import VERIFIED, kind_choices, month_title
from search.domain.params import CONCEPT_FACETS, SearchParams
from search.models import SearchKind
from vocabulary.domain.vocabulary import vocabulary

KINDS = (SearchKind.EXPERT, SearchKind.PROGRAM, SearchKind.INSTITUTION)
TITLES = {SearchKind.EXPERT: _("Experts"), SearchKind.PROGRAM: _("Programmes"), SearchKind.INSTITUTION: _("Institutions")}


def describe(search_params: SearchParams) -> list[str]:
    """What a search asks for as short labels, in the reader's language: its words first."""
    known = vocabulary()
    labels = [f"“{search_params.words}”"] if search_params.words else []
    labels.append(
        str(
            TITLES[SearchKind(search_params.kind)] if search_params.kind else pgettext_lazy("tab of a search: of every kind", "All")
        )
    )
    if search_params.open_now:
        labels.append(str(pgettext_lazy("programmes", "Open now")))
    choices: dict[str, Any] = {
        "country": Country.choices,
        "language": Language.choices,
        "kind": kind_choices(search_params.kind),
        "verified": [("1", VERIFIED[search_params.kind])],
    }
    for name, values in search_params.filters.items():
        if name in {"concept", *CONCEPT_FACETS}:
            labels += [known.title(int(value)) for value in values]
        elif name == "city":
            labels += [town_of_key(value) for value in values]
        else:
            titles = dict(choices[name])
            labels += [str(titles[value]) for value in values]
    if search_params.level:
        labels.append(str(Level(search_params.level).label))
    if search_params.available:
        labels.append(month_title(search_params.available))
    return labels


def proposed_name(search_params: SearchParams) -> str:
    """The name proposed for a saved search."""
    return " · ".join(label.strip("“”") for label in describe(search_params))
