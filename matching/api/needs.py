"""Needs of institutions and the partners that complement them: the same actions and reads as the pages."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from exchange.core.access import require
from exchange.core.api import get_visible, list_page
from exchange.core.facets import apply_facets
from institutions.models import Institution
from matching.api.schemas import NeedIn, NeedList, NeedOut, NeedPersonList, NewNeedIn, PartnerOut, PeopleFilters, person_out
from matching.domain.listing import NEED_ORDER, found_for_need, people_facets
from matching.domain.needs import NeedFacts, change_need, create_need, delete_need, draft_from_need
from matching.domain.partners import partners_of
from matching.models import Need
from programs.rules import may_edit
from programs.states import ProgramKind
from vocabulary.domain.vocabulary import vocabulary

router = Router(tags=["needs"])

# ---- needs -----------------------------------------------------------------------------------------------------------


@router.get("/needs", response=NeedList, summary="Needs of my institutions")
def list_needs(request: HttpRequest, institution: str = "", cursor: str | None = None, limit: int = 20) -> dict[str, Any]:
    rows = _needs(request)
    if institution:
        rows = rows.filter(institution__slug=institution)
    return list_page(rows, ("-id",), _need_out, cursor=cursor, limit=limit)


@router.post("/needs", response={201: NeedOut}, summary="Describe a need of my institution")
def write_need(request: HttpRequest, body: NewNeedIn) -> tuple[int, dict[str, Any]]:
    institution = get_visible(Institution.objects.visible_to(request.user), slug=body.institution)
    need = create_need(institution, _facts(body), by=request.user)  # type: ignore[arg-type]
    return 201, _need_out(get_visible(_needs(request), pk=need.pk))


@router.get("/needs/{pk}", response=NeedOut, summary="A need of my institution")
def read_need(request: HttpRequest, pk: int) -> dict[str, Any]:
    return _need_out(get_visible(_needs(request), pk=pk))


@router.put("/needs/{pk}", response=NeedOut, summary="Change a need")
def rewrite_need(request: HttpRequest, pk: int, body: NeedIn) -> dict[str, Any]:
    change_need(get_visible(_needs(request), pk=pk), _facts(body), by=request.user)  # type: ignore[arg-type]
    return _need_out(get_visible(_needs(request), pk=pk))


@router.delete("/needs/{pk}", response={204: None}, summary="Delete a need")
def remove_need(request: HttpRequest, pk: int) -> tuple[int, None]:
    delete_need(get_visible(_needs(request), pk=pk), by=request.user)  # type: ignore[arg-type]
    return 204, None


@router.get("/needs/{pk}/people", response=NeedPersonList, summary="People for a need")
def list_need_people(
    request: HttpRequest, pk: int, filters: Query[PeopleFilters], cursor: str | None = None, limit: int = 20
) -> dict[str, Any]:
    """`country` and `eligible` of the filters apply."""
    need = get_visible(_needs(request), pk=pk)
    rows = apply_facets(found_for_need(need, request.user, request.GET), people_facets()[:1], request.GET)
    return list_page(rows, NEED_ORDER, lambda match: person_out(match, eligible=match.eligible), cursor=cursor, limit=limit)


@router.post("/needs/{pk}/draft", response={201: dict[str, str]}, summary="Make a programme draft of a need")
def draft_need(request: HttpRequest, pk: int, kind: ProgramKind = ProgramKind.EXCHANGE) -> tuple[int, dict[str, str]]:
    program = draft_from_need(get_visible(_needs(request), pk=pk), by=request.user, kind=kind)  # type: ignore[arg-type]
    return 201, {"program": program.slug}


@router.get("/institutions/{slug}/partners", response=list[PartnerOut], summary="Institutions that complement mine")
def list_partners(request: HttpRequest, slug: str) -> list[dict[str, Any]]:
    institution = get_visible(Institution.objects.visible_to(request.user), slug=slug)
    require(may_edit(request.user, institution.pk))
    return [
        {
            "institution": partner.institution.slug,
            "name": str(partner.institution.name),
            "they_have": [vars(shared) for shared in partner.they_have],
            "we_have": [vars(shared) for shared in partner.we_have],
        }
        for partner in partners_of(institution, request.user)
    ]


# ---- values ----------------------------------------------------------------------------------------------------------


def _needs(request: HttpRequest) -> Any:
    return Need.objects.visible_to(request.user).select_related("institution", "program").prefetch_related("concepts", "languages")


def _facts(body: NeedIn) -> NeedFacts:
    values = body.dict()
    values.pop("institution", None)
    values["concepts"] = [_concept(slug) for slug in body.concepts]
    values["languages"] = {str(row.language): row.level for row in body.languages}
    values["countries"] = [str(country) for country in body.countries]
    return NeedFacts(**values)


def _concept(slug: str) -> int:
    """The id of a concept; 0, which no concept has, for an unknown one: the action refuses it."""
    known = vocabulary()
    return known.slugs[slug].id if slug in known.slugs else 0


def _need_out(need: Need) -> dict[str, Any]:
    plain = ("title", "text", "text_language", "starts", "ends", "countries", "minimum_experience")
    return {name: getattr(need, name) for name in plain} | {
        "id": need.pk,
        "institution": need.institution.slug,
        "concepts": sorted(concept.slug for concept in need.concepts.all()),
        "languages": [{"language": row.language, "level": row.level} for row in need.languages.all()],
        "program": need.program.slug if need.program else None,
    }
