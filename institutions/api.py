"""API of institutions, hand-overs and the user's own account: the same actions and visibility as the pages."""

import datetime
from typing import Annotated, Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from accounts.models import User
from accounts.states import Answer
from exchange.core.api import PictureOut, TransitionIn, TransitionOut, get_visible, list_page, page_out, transitions_of
from exchange.core.countries import Country
from exchange.core.errors import DomainError
from exchange.core.pictures import picture_out
from exchange.core.text import has_words
from exchange.core.word_search import WordQuery, page_by_words
from institutions.domain import handovers
from institutions.domain.fact_sheet import SHEET_TEXTS, moved_to
from institutions.domain.institutions import transition_institution
from institutions.domain.roles import active_roles_of_request
from institutions.models import Handover, Institution
from institutions.models.handovers import HandoverQuerySet
from institutions.models.institutions import InstitutionKind
from institutions.states import INSTITUTION_TRANSITIONS, InstitutionNameKind, InstitutionState
from vocabulary.api import ConceptRef, concept_ref
from vocabulary.domain.vocabulary import vocabulary

router = Router(tags=["institutions"])

Limit = Annotated[int, Query(ge=1, le=100)]
ANSWERS = {"accept": Answer.ACCEPTED, "decline": Answer.DECLINED, "withdraw": Answer.WITHDRAWN}


class InstitutionNameOut(Schema):
    """A further name of an institution, besides `names` and `short_name`."""

    text: str
    language: str
    kind: InstitutionNameKind


class FactSheetOut(Schema):
    """The fact sheet for guests; texts by language."""

    labs: dict[str, str]
    equipment: dict[str, str]
    collections: dict[str, str]
    library: dict[str, str]
    housing: dict[str, str]
    housing_places: int | None
    housing_price: dict[str, str]
    visa_help: dict[str, str]
    accessibility: dict[str, str]
    work_languages: list[str]


class InstitutionOut(Schema):
    """An institution; `name`, `description` and `facilities` in the reader's language, `names` in every stored language."""

    id: str
    url: str
    name: str
    names: dict[str, str]
    also_known_as: list[InstitutionNameOut]
    short_name: str
    kind: InstitutionKind
    country: Country
    city: str
    website: str
    latitude: float | None
    longitude: float | None
    description: str
    facilities: str
    fact_sheet: FactSheetOut | None
    picture: PictureOut | None
    fields: list[ConceptRef]
    state: InstitutionState
    is_demo: bool
    moves: list[TransitionOut]


class ActiveRoleOut(Schema):
    key: str
    label: str
    current: bool


class TeamOut(Schema):
    institution: str
    roles: list[str]


class MeOut(Schema):
    """The authenticated account with its roles."""

    id: int
    email: str
    name: str
    language: str
    time_zone: str
    expert: int | None
    teams: list[TeamOut]
    countries: list[str]
    secretariat: bool
    hats: list[ActiveRoleOut]


class HandoverOut(Schema):
    """An offer of ownership; `answer` is empty while it is open."""

    id: int
    institution: str
    giver: int
    taker: int
    leaves: bool
    expires_at: datetime.datetime
    answer: str


class HandoverPage(Schema):
    items: list[HandoverOut]
    next: str | None


class HandoverIn(Schema):
    """`taker` is the account id of a team member; with `leaves` the giver leaves the team once it is accepted."""

    institution: Annotated[str, Field(max_length=80, pattern=r"^[-a-zA-Z0-9_]+$")]
    taker: int
    leaves: bool = False


class InstitutionPage(Schema):
    items: list[InstitutionOut]
    next: str | None


@router.get("/me", response=MeOut, summary="The account that asks")
def me(request: HttpRequest) -> dict[str, Any]:
    user: Any = request.user
    slugs = dict(Institution.objects.filter(pk__in=user.access.institutions).values_list("pk", "slug"))
    return {
        "id": user.pk,
        "email": user.email,
        "name": user.get_full_name(),
        "language": user.language,
        "time_zone": user.time_zone,
        "expert": user.access.expert_id,
        "teams": [{"institution": slugs[pk], "roles": sorted(roles)} for pk, roles in sorted(user.access.teams.items())],
        "countries": sorted(user.access.countries),
        "secretariat": user.access.secretariat,
        "hats": active_roles_of_request(request),
    }


class InstitutionFilters(Schema):
    country: list[Country] = []
    kind: list[InstitutionKind] = []
    state: list[InstitutionState] = []
    q: str = ""


@router.get("/institutions", response=InstitutionPage, summary="Institutions")
def institutions(
    request: HttpRequest, filters: Query[InstitutionFilters], cursor: str | None = None, limit: Limit = 20
) -> dict[str, Any]:
    """Institutions by id; with `q` what the search finds, best first."""
    visible: QuerySet[Institution] = Institution.objects.visible_to(request.user)
    rows = visible.defer("source").select_related("fact_sheet", "picture").prefetch_related("fields", "names")
    chosen = {name: [str(value) for value in getattr(filters, name)] for name in ("country", "kind", "state")}
    if has_words(filters.q):
        query = WordQuery("institution", filters.q, chosen, cursor=cursor or "", limit=limit)
        found = page_by_words(rows, query, reader=request.user)
        return page_out(found, lambda row: institution_out(row, request.user))
    conditions = {f"{name}__in": values for name, values in chosen.items() if values}
    rows = rows.filter(**conditions)
    return list_page(rows, ("slug",), lambda row: institution_out(row, request.user), cursor=cursor, limit=limit)


@router.get("/institutions/{slug:slug}", response=InstitutionOut, summary="One institution")
def institution(request: HttpRequest, slug: str) -> dict[str, Any]:
    """One institution by slug; the slug of a merged institution answers with the one it became part of."""
    found = Institution.objects.visible_to(request.user).filter(slug=slug).first() or moved_to(slug, request.user)
    if found is None:
        raise Http404
    return institution_out(found, request.user)


@router.post("/institutions/{slug:slug}/{move}", response=InstitutionOut, summary="Verify or suspend an institution")
def institution_move(request: HttpRequest, slug: str, move: str, body: TransitionIn | None = None) -> dict[str, Any]:
    if move not in INSTITUTION_TRANSITIONS:
        raise Http404
    found = get_visible(Institution.objects.visible_to(request.user), slug=slug)
    said = body or TransitionIn()
    user: Any = request.user
    transition_institution(found, move, by=user, note=said.note, reason=said.reason)
    return institution_out(found, user)


@router.get("/handovers", response=HandoverPage, summary="Hand-overs of institutions I give or take")
def handover_list(request: HttpRequest, cursor: str | None = None, limit: Limit = 20) -> dict[str, Any]:
    """Newest first."""
    return list_page(_mine(request), ("-pk",), _handover_out, cursor=cursor, limit=limit)


@router.post("/handovers", response=HandoverOut, summary="Offer the ownership of an institution")
def handover_offer(request: HttpRequest, body: HandoverIn) -> dict[str, Any]:
    user: Any = request.user
    institution = get_visible(Institution.objects.visible_to(user), slug=body.institution)
    team = User.objects.filter(memberships__institution__in=user.access.institutions).distinct()
    return _handover_out(handovers.offer_ownership(institution, get_visible(team, pk=body.taker), by=user, leaves=body.leaves))


@router.post("/handovers/{int:pk}/{answer}", response=HandoverOut, summary="Accept, decline or withdraw a hand-over")
def handover_answer(request: HttpRequest, pk: int, answer: str) -> dict[str, Any]:
    user: Any = request.user
    handover = get_visible(_mine(request), pk=pk)
    if answer not in ANSWERS:
        raise DomainError(_("This action is not available."), code="unknown-move", status=404)
    return _handover_out(handovers.answer_handover(handover, ANSWERS[answer], by=user))


def institution_out(row: Institution, reader: Any) -> dict[str, Any]:
    words = vocabulary()
    return {
        "id": row.slug,
        "url": settings.SITE_URL + row.get_absolute_url(),
        "name": str(row.name),
        "names": dict(row.name),
        "also_known_as": [{"text": name.text, "language": name.language, "kind": name.kind} for name in row.names.all()],
        **{name: getattr(row, name) for name in INSTITUTION_FACTS},
        "description": str(row.description),
        "facilities": str(row.facilities),
        "fact_sheet": _sheet_out(row),
        "picture": picture_out(row.shown_picture, settings.SITE_URL),
        "fields": [concept_ref(words.concept(each.pk)) for each in row.fields.all()],
        "moves": transitions_of(row, reader),
    }


def _sheet_out(row: Institution) -> dict[str, Any] | None:
    sheet = getattr(row, "fact_sheet", None)
    if sheet is None:
        return None
    return {
        **{name: dict(getattr(sheet, name)) for name in SHEET_TEXTS},
        "housing_places": sheet.housing_places,
        "work_languages": sheet.work_languages,
    }


def _handover_out(row: Handover) -> dict[str, Any]:
    return {
        "id": row.pk,
        "institution": row.institution.slug,
        "giver": row.giver_id,
        "taker": row.taker_id,
        "leaves": row.leaves,
        "expires_at": row.expires_at,
        "answer": row.answer,
    }


def _mine(request: HttpRequest) -> HandoverQuerySet:
    user: Any = request.user
    rows: HandoverQuerySet = (Handover.objects.filter(giver=user) | Handover.objects.filter(taker=user)).select_related(
        "institution"
    )
    return rows


INSTITUTION_FACTS = ("short_name", "kind", "country", "city", "website", "latitude", "longitude", "state", "is_demo")
