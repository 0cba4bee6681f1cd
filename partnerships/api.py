"""API of the register of agreements, read only."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from ninja import Router, Schema

from exchange.core.api import get_visible, list_page
from partnerships.domain.queries import AgreementFilters, agreements_for
from partnerships.models import Agreement

router = Router(tags=["agreements"])


class PartyOut(Schema):
    id: int
    slug: str
    name: dict[str, str]
    country: str


class AgreementOut(Schema):
    id: int
    reference: str
    title: dict[str, str]
    parties: list[PartyOut]
    valid_from: date
    valid_until: date | None
    state: str
    days_left: int | None
    yearly_places: int | None
    scan: str | None
    url: str


class AgreementList(Schema):
    items: list[AgreementOut]
    next: str | None


def agreement_out(agreement: Agreement) -> dict[str, Any]:
    validity = agreement.validity
    return {
        "id": agreement.pk,
        "reference": agreement.reference,
        "title": dict(agreement.title),
        "parties": [
            {"id": party.pk, "slug": party.slug, "name": dict(party.name), "country": party.country}
            for party in (agreement.first, agreement.second)
        ],
        "valid_from": agreement.valid_from,
        "valid_until": agreement.valid_until,
        "state": validity.state,
        "days_left": validity.days,
        "yearly_places": agreement.yearly_places,
        "scan": reverse("agreement_scan", args=[agreement.pk]) if agreement.scan else None,
        "url": agreement.get_absolute_url(),
    }


@router.get("/agreements", response=AgreementList, summary="The agreements I may see")
def list_agreements(
    request: HttpRequest, state: str = "", country: str = "", cursor: str | None = None, limit: int = 20
) -> dict[str, Any]:
    """`state` is one of valid, expiring, future, expired; `country` the code of either party's country."""
    rows = agreements_for(request.user, AgreementFilters.read({"state": state, "country": country}))  # type: ignore[arg-type]
    return list_page(rows, ("-valid_from", "-pk"), agreement_out, cursor=cursor, limit=limit)


@router.get("/agreements/{pk}", response=AgreementOut, summary="One agreement")
def get_agreement(request: HttpRequest, pk: int) -> dict[str, Any]:
    rows = Agreement.objects.visible_to(request.user).select_related("first", "second")
    return agreement_out(get_visible(rows, pk=pk))
