"""The list of programmes: facets, order, one page of rows."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import pgettext_lazy

from exchange.core.countries import Country
from exchange.core.facets import Counted, Facet, apply_facets, count_facets
from exchange.core.paging import Page, keyset_page
from exchange.core.spoken_languages import Language
from programs.models import Program
from programs.models.programs import closing_time
from programs.states import ProgramKind
from vocabulary.domain.vocabulary import vocabulary

PAGE_SIZE = 20
NOT_LISTED = (
    "description",
    "institution__description",
    "institution__facilities",
    "institution__source",
)
ORDERS = {"deadline": ("closes", "id"), "start": ("starts", "id"), "new": ("-id",)}
DEFAULT_ORDER = "deadline"
ANY_TIME = "all"


@dataclass(frozen=True)
class Listing:
    """One page of the list with its counts."""

    page: Page[Program]
    counted: Counted
    order: str
    open_only: bool
    filters: int


def program_facets() -> list[Facet]:
    """The facets, with labels in the reader's language."""
    fields = {str(concept.pk): concept.title for concept in vocabulary().fields()}
    return [
        Facet("field", pgettext_lazy("filter", "Field"), "field_ids", fields, array=True, numeric=True),
        Facet("country", pgettext_lazy("filter", "Country"), "country", dict(Country.choices)),
        Facet("kind", pgettext_lazy("filter", "Kind"), "kind", dict(ProgramKind.choices)),
        Facet("language", pgettext_lazy("filter", "Language"), "language_codes", dict(Language.choices), array=True),
    ]


def found_programs(user: Any, params: QueryDict) -> "QuerySet[Program]":
    """Visible programmes, open ones only unless the query string says otherwise; facets not yet applied."""
    rows: QuerySet[Program] = Program.objects.visible_to(user)
    if params.get("open") != ANY_TIME:
        rows = rows.open()  # type: ignore[attr-defined]
    return rows


def list_programs(user: Any, params: QueryDict, *, cursor: str | None = None) -> Listing:
    """One page in two queries, whatever the number of rows. Raises DomainError (400) for an invalid cursor."""
    facets = program_facets()
    rows = found_programs(user, params)
    order = params.get("sort", "")
    order = order if order in ORDERS else DEFAULT_ORDER
    shown = apply_facets(rows, facets, params).annotate(closes=closing_time()).for_cards().defer(*NOT_LISTED)
    return Listing(
        page=keyset_page(shown, ORDERS[order], cursor=cursor, size=PAGE_SIZE),
        counted=count_facets(rows, facets, params),
        order=order,
        open_only=params.get("open") != ANY_TIME,
        filters=sum(len(facet.chosen(params)) for facet in facets),
    )
