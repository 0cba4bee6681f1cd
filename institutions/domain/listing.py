"""The list of institutions: facets, order, one page of rows."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import pgettext_lazy

from exchange.core.countries import Country
from exchange.core.facets import Facet, apply_facets, count_facets
from exchange.core.listing import Listing
from exchange.core.paging import keyset_page
from institutions.models import Institution
from institutions.models.institutions import InstitutionKind, InstitutionQuerySet
from institutions.states import InstitutionState

PAGE_SIZE = 24
INSTITUTION_ORDERS = {"name": ("slug",), "new": ("-id",)}


def institution_facets() -> list[Facet]:
    """The facets of the institution list."""
    return [
        Facet("country", pgettext_lazy("filter", "Country"), "country", dict(Country.choices)),
        Facet("kind", pgettext_lazy("filter", "Kind"), "kind", dict(InstitutionKind.choices)),
        Facet("state", pgettext_lazy("filter", "Verification"), "state", dict(InstitutionState.choices)),
    ]


def list_institutions(user: Any, params: QueryDict, *, cursor: str | None = None) -> Listing:
    """One page in two queries, whatever the number of rows. Raises DomainError (400) for an invalid cursor."""
    facets = institution_facets()
    rows: InstitutionQuerySet = Institution.objects.visible_to(user)
    order = INSTITUTION_ORDERS.get(params.get("sort", ""), INSTITUTION_ORDERS["name"])
    shown = apply_facets(rows.for_cards(), facets, params).defer("description", "facilities", "source")
    return Listing(
        page=keyset_page(shown, order, cursor=cursor, size=PAGE_SIZE),
        counted=count_facets(rows, facets, params),
        filters=sum(len(facet.chosen(params)) for facet in facets),
    )
