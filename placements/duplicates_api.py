"""API of duplicate institutions: what the coordinator's desk shows, and the merge itself."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from exchange.core.access import require
from exchange.core.api import get_visible
from institutions.api import InstitutionOut, institution_out
from institutions.domain.institution_merge import can_merge_institutions, declare_distinct, merge_institutions
from institutions.models import Institution
from placements.domain.desk import desk_scope_of
from placements.domain.duplicates import suggestions

router = Router(tags=["search"])
Slug = Annotated[str, Field(max_length=80, pattern=r"^[-a-zA-Z0-9_]+$")]


class DuplicatePairOut(Schema):
    """Two institutions of one country with similar names; `score` grows with the similarity, `names` are the two similar names."""

    first: str
    second: str
    score: float
    names: list[str]


class DuplicatePairList(Schema):
    items: list[DuplicatePairOut]
    next: str | None


class PairIn(Schema):
    """Two institutions by id."""

    first: Slug
    second: Slug


class MergeIn(Schema):
    """Which institution stays and which becomes part of it, by id."""

    kept: Slug
    gone: Slug


@router.get("/institution-duplicates", response=DuplicatePairList, summary="Institutions that may be the same")
def institution_duplicates(request: HttpRequest) -> dict[str, Any]:
    """For coordinators: pairs in their countries that were not declared distinct, most similar first, on one page."""
    user: Any = request.user
    scope = desk_scope_of(user)
    require(scope is not None, _("Only country coordinators can open this page."))
    pairs = suggestions(scope.shown) if scope else []
    items = [
        {"first": pair.first.slug, "second": pair.second.slug, "score": pair.score, "names": list(pair.names)} for pair in pairs
    ]
    return {"items": items, "next": None}


@router.post("/institution-merges", response=InstitutionOut, summary="Make one institution part of another")
def institution_merge(request: HttpRequest, body: MergeIn) -> dict[str, Any]:
    kept, gone = _pair(request, body.kept, body.gone)
    user: Any = request.user
    return institution_out(merge_institutions(kept, gone, by=user), user)


@router.post("/institution-distinctions", response={204: None}, summary="Say that two institutions are two")
def institution_distinction(request: HttpRequest, body: PairIn) -> Any:
    first, second = _pair(request, body.first, body.second)
    user: Any = request.user
    declare_distinct(first, second, by=user)
    return Status(204, None)


def _pair(request: HttpRequest, first: str, second: str) -> tuple[Institution, Institution]:
    rows = Institution.objects.visible_to(request.user)
    one, other = get_visible(rows, slug=first), get_visible(rows, slug=second)
    require(can_merge_institutions(request.user, one, other), _("The coordinators of its country decide that."))
    return one, other
