"""The list of programmes for an expert and of people for a host: filters and orders in the address, counts, one page."""

from dataclasses import dataclass
from typing import Any

from django.db.models import DateTimeField, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import pgettext_lazy

from exchange.core.countries import Country
from exchange.core.facets import Counted, Facet, apply_facets, count_facets
from exchange.core.paging import Page, keyset_page
from exchange.core.spoken_languages import Language
from matching.domain.need_matching import people_for_need
from matching.domain.queries import matches_for_expert, people_for_program
from matching.models import Match, Need
from matching.states import Choice
from programs.models import Program
from programs.models.programs import NEVER
from programs.states import ProgramKind

PAGE_SIZE = 20
EXPERT_ORDERS = {"fit": ("-eligible", "-rank", "id"), "deadline": ("closes", "id"), "start": ("program__starts", "id")}
PEOPLE_ORDER = ("-host_score", "id")
NEED_ORDER = ("-eligible", *PEOPLE_ORDER)


@dataclass(frozen=True)
class MatchListing:
    """One page of matches with the counts of the filters."""

    page: Page[Match]
    counted: Counted
    filters: int


def program_facets() -> list[Facet]:
    """The filters of an expert's list."""
    return [
        Facet("kind", pgettext_lazy("filter", "Kind"), "program__kind", dict(ProgramKind.choices)),
        Facet("country", pgettext_lazy("filter", "Country"), "program__country", dict(Country.choices)),
    ]


def list_for_expert(user: Any, params: QueryDict) -> MatchListing:
    """One page of the expert's programmes in two queries. Raises DomainError (400) for an invalid cursor."""
    return _listing(found_programs(user, params), program_facets(), params, order_of(params))


def found_programs(user: Any, params: QueryDict) -> "QuerySet[Any]":
    """The expert's programmes, all or (`eligible`) only those they are eligible for; the facets are not applied yet."""
    rows = matches_for_expert(user).annotate(closes=_closing())
    return rows.filter(eligible=True) if params.get("eligible") else rows


def order_of(params: QueryDict) -> tuple[str, ...]:
    """The order by `sort`; an unknown one is the best fit first."""
    return EXPERT_ORDERS.get(params.get("sort", ""), EXPERT_ORDERS["fit"])


def _closing() -> Any:
    return Coalesce("program__deadline", Value(NEVER), output_field=DateTimeField())


def people_facets() -> list[Facet]:
    """The filters of a host's list."""
    return [
        Facet("country", pgettext_lazy("filter", "Country"), "expert__country", dict(Country.choices)),
        Facet("language", pgettext_lazy("filter", "Language"), "spoken", dict(Language.choices), array=True),
    ]


def list_people(program: Program, user: Any, params: QueryDict) -> MatchListing:
    """One page of people for a programme in two queries. Raises DomainError (400) for an invalid cursor."""
    return _listing(filtered_people(program, user, params), people_facets(), params, PEOPLE_ORDER)


def filtered_people(program: Program, user: Any, params: QueryDict) -> "QuerySet[Any]":
    """People by `show` (new ones by default; saved, dismissed, invited), `eligible` and `available`; the facets are not applied yet."""
    rows = people_for_program(program, user)
    show = params.get("show", "")
    if show in Choice.values:
        rows = rows.filter(choice=show)
    elif show == "invited":
        rows = rows.filter(invited=True)
    else:
        rows = rows.filter(~Q(choice=Choice.DISMISSED) | Q(choice__isnull=True))
        if params.get("eligible") != "all":
            rows = rows.filter(shown_eligible=True)
    return rows.filter(available=True) if params.get("available") else rows


def _listing(rows: "QuerySet[Any]", facets: list[Facet], params: QueryDict, order: tuple[str, ...]) -> MatchListing:
    return MatchListing(
        page=keyset_page(apply_facets(rows, facets, params), order, cursor=params.get("cursor"), size=PAGE_SIZE),
        counted=count_facets(rows, facets, params),
        filters=sum(len(facet.chosen(params)) for facet in facets),
    )


def list_people_for_need(need: Need, user: Any, params: QueryDict) -> MatchListing:
    """One page of people for a need in two queries. Raises DomainError (400) for an invalid cursor."""
    return _listing(found_for_need(need, user, params), people_facets()[:1], params, NEED_ORDER)


def found_for_need(need: Need, user: Any, params: QueryDict) -> "QuerySet[Any]":
    """People for a need, eligible ones unless `eligible` is "all"; the facets are not applied yet."""
    rows = people_for_need(need, user)
    return rows if params.get("eligible") == "all" else rows.filter(eligible=True)
