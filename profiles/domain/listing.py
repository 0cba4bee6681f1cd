"""The lists of experts and of institutions: facets, order, one page of rows."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, CharField, F, Prefetch, Q, QuerySet, TextField, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, NullIf
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from exchange.core.countries import Country
from exchange.core.facets import Counted, Facet, apply_facets, count_facets
from exchange.core.paging import Page, keyset_page
from exchange.core.spoken_languages import Language
from exchange.core.text import search_query
from profiles.access import access_of
from profiles.domain.visibility import can_see_part
from profiles.domain.vocabulary import vocabulary
from profiles.models import AvailabilityWindow, ExpertProfile, Institution
from profiles.models.experts import audiences_open_to
from profiles.models.institutions import InstitutionKind
from profiles.states import DEFAULT_AUDIENCES, InstitutionState, Part

PAGE_SIZE = 24
EXPERT_ORDERS = {"name": ("sort_name", "id"), "new": ("-id",), "fresh": ("-confirmed_on", "-id")}
INSTITUTION_ORDERS = {"name": ("slug",), "new": ("-id",)}


@dataclass(frozen=True)
class Listing:
    """One page of a list with its counts."""

    page: Page[Any]
    counted: Counted
    filters: int


def field_labels() -> dict[str, str]:
    """Fields of work by id, in the reader's language."""
    return {str(concept.pk): concept.title for concept in vocabulary().fields()}


def with_spoken(rows: "QuerySet[ExpertProfile]", user: Any) -> "QuerySet[ExpertProfile]":
    """Adds `spoken`: the languages a profile shows to this reader; empty where that part is hidden, so that no count tells of it."""
    array: Any = ArrayField(CharField(max_length=5))
    audience = Coalesce(
        NullIf(KT("audiences__languages"), Value("")), Value(DEFAULT_AUDIENCES[Part.LANGUAGES]), output_field=TextField()
    )
    shown = Q(languages_audience__in=audiences_open_to(user)) | Q(user_id=access_of(user).user_id or 0)
    return rows.annotate(languages_audience=audience).annotate(
        spoken=Case(When(shown, then=F("language_codes")), default=Value([], output_field=array), output_field=array)
    )


def expert_facets() -> list[Facet]:
    """The facets of the expert list, with labels in the reader's language."""
    return [
        Facet("field", pgettext_lazy("filter", "Field"), "field_ids", field_labels(), array=True, numeric=True),
        Facet("country", pgettext_lazy("filter", "Country"), "country", dict(Country.choices)),
        Facet("language", pgettext_lazy("filter", "Language"), "spoken", dict(Language.choices), array=True),
    ]


def found_experts(user: Any, params: QueryDict) -> "QuerySet[ExpertProfile]":
    """Profiles the reader may see that match the words; facets not yet applied."""
    rows: QuerySet[ExpertProfile] = ExpertProfile.objects.visible_to(user).filter(shown_name__gt="")
    if query := search_query(params.get("q", "")):
        rows = rows.filter(search=query)
    return with_spoken(rows, user)


def list_experts(user: Any, params: QueryDict, *, cursor: str | None = None) -> Listing:
    """One page in three queries, whatever the number of rows. Raises DomainError (400) on a foreign cursor.

    Each row says in `free` when the person could travel next, where this reader may know it.
    """
    facets = expert_facets()
    rows = found_experts(user, params)
    order = EXPERT_ORDERS.get(params.get("sort", ""), EXPERT_ORDERS["name"])
    ahead = Prefetch("windows", AvailabilityWindow.objects.filter(ends__gte=timezone.now().date()))
    shown = apply_facets(rows, facets, params).defer("biography", "search").prefetch_related(ahead)
    page = keyset_page(shown, order, cursor=cursor, size=PAGE_SIZE)
    for row in page.items:
        row.free = next_stretch(row, user)
    return Listing(
        page=page,
        counted=count_facets(rows, facets, params),
        filters=sum(len(facet.chosen(params)) for facet in facets),
    )


def next_stretch(row: ExpertProfile, user: Any) -> tuple[datetime.date, datetime.date] | None:
    """The first of the (prefetched) stretches of days ahead; None where that part is closed to this reader."""
    windows = list(row.windows.all())
    return (windows[0].starts, windows[0].ends) if windows and can_see_part(row, Part.AVAILABILITY, user) else None


def institution_facets() -> list[Facet]:
    """The facets of the institution list."""
    return [
        Facet("country", pgettext_lazy("filter", "Country"), "country", dict(Country.choices)),
        Facet("kind", pgettext_lazy("filter", "Kind"), "kind", dict(InstitutionKind.choices)),
        Facet("state", pgettext_lazy("filter", "Verification"), "state", dict(InstitutionState.choices)),
    ]


def list_institutions(user: Any, params: QueryDict, *, cursor: str | None = None) -> Listing:
    """One page in two queries, whatever the number of rows. Raises DomainError (400) on a foreign cursor."""
    facets = institution_facets()
    rows: QuerySet[Institution] = Institution.objects.visible_to(user)
    if query := search_query(params.get("q", "")):
        rows = rows.filter(search=query)
    order = INSTITUTION_ORDERS.get(params.get("sort", ""), INSTITUTION_ORDERS["name"])
    shown = apply_facets(rows, facets, params).defer("description", "facilities", "source", "search")
    return Listing(
        page=keyset_page(shown, order, cursor=cursor, size=PAGE_SIZE),
        counted=count_facets(rows, facets, params),
        filters=sum(len(facet.chosen(params)) for facet in facets),
    )
