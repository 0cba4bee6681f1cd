"""The list of experts: facets, order, one page of rows."""

import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, CharField, F, Prefetch, Q, QuerySet, TextField, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, NullIf
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from accounts.access import access_of
from exchange.core.countries import Country
from exchange.core.facets import Facet, apply_facets, count_facets
from exchange.core.listing import Listing
from exchange.core.paging import keyset_page
from exchange.core.spoken_languages import Language
from profiles.domain.visibility import can_see_part, small_photo_url
from profiles.models import AvailabilityWindow, ExpertProfile
from profiles.models.experts import audiences_open_to
from profiles.states import DEFAULT_AUDIENCES, Part
from vocabulary.domain.listing import field_labels

PAGE_SIZE = 24
EXPERT_ORDERS = {"name": ("sort_name", "id"), "new": ("-id",), "fresh": ("-confirmed_on", "-id")}


def with_visible_languages(rows: "QuerySet[ExpertProfile]", user: Any) -> "QuerySet[ExpertProfile]":
    """Annotate `spoken`: the languages visible to this reader; empty where that part is hidden, so that facet counts do not reveal it."""
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


def listed_experts(user: Any) -> "QuerySet[ExpertProfile]":
    """Profiles the reader may see, with the languages they show; facets not yet applied."""
    rows: QuerySet[ExpertProfile] = ExpertProfile.objects.visible_to(user).filter(shown_name__gt="")
    return with_visible_languages(rows, user)


def list_experts(user: Any, params: QueryDict, *, cursor: str | None = None) -> Listing:
    """One page in three queries, whatever the number of rows. Raises DomainError (400) for an invalid cursor.

    Each row has in `free` the next days the person could travel, and in `small_photo` the photograph, where this reader may see them.
    """
    facets = expert_facets()
    rows = listed_experts(user)
    order = EXPERT_ORDERS.get(params.get("sort", ""), EXPERT_ORDERS["name"])
    ahead = Prefetch("windows", AvailabilityWindow.objects.filter(ends__gte=timezone.now().date()))
    shown = apply_facets(rows, facets, params).defer("biography").prefetch_related(ahead)
    page = keyset_page(shown, order, cursor=cursor, size=PAGE_SIZE)
    for row in page.items:
        row.free = next_available_days(row, user)
        row.small_photo = small_photo_url(row, user)
    return Listing(
        page=page,
        counted=count_facets(rows, facets, params),
        filters=sum(len(facet.chosen(params)) for facet in facets),
    )


def next_available_days(row: ExpertProfile, user: Any) -> tuple[datetime.date, datetime.date] | None:
    """The first of the (prefetched) availability windows ahead; None where that part is hidden from this reader."""
    windows = list(row.windows.all())
    return (windows[0].starts, windows[0].ends) if windows and can_see_part(row, Part.AVAILABILITY, user) else None
