"""People, institutions and the vocabulary in the API: the same actions and the same gate as the pages."""

import datetime
from typing import Annotated, Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema

from exchange.core.api import TransitionIn, TransitionOut, get_visible, list_page, transitions_of
from exchange.core.countries import Country
from exchange.core.errors import DomainError
from exchange.core.files import send_file
from exchange.core.spoken_languages import Language
from exchange.core.text import search_query
from profiles.domain.fact_sheet import SHEET_TEXTS, moved_to
from profiles.domain.institutions import transition_institution
from profiles.domain.listing import found_experts
from profiles.domain.record import VisibleCase, VisiblePosition, find_profile, record_for_reader
from profiles.domain.roles import active_roles_of_request
from profiles.domain.visibility import VisibleProfile, can_see_part, profile_for_reader, with_parts
from profiles.domain.vocabulary import Term, vocabulary
from profiles.models import CasePicture, ExpertProfile, Institution, Scheme
from profiles.models.institutions import InstitutionKind
from profiles.models.portfolio import WIDTHS
from profiles.states import INSTITUTION_TRANSITIONS, InstitutionNameKind, InstitutionState, Part

router = Router(tags=["profiles"])

Limit = Annotated[int, Query(ge=1, le=100)]


class ConceptRef(Schema):
    """A concept where something names it."""

    id: str
    label: str


class FieldRef(ConceptRef):
    primary: bool


class CompetenceOut(Schema):
    material: ConceptRef | None
    object_type: ConceptRef | None
    technique: ConceptRef | None
    level: int
    level_label: str
    last_year: int | None
    evidence: str


class LanguageOut(Schema):
    language: str
    level: int
    level_label: str
    can_teach: bool


class WindowOut(Schema):
    starts: datetime.date
    ends: datetime.date


class InstitutionRef(Schema):
    id: int
    name: str


class ExpertOut(Schema):
    """A person, as far as the reader may see: a hidden part is null or empty, like one that is not filled in."""

    id: int
    url: str
    name: str
    latin_name: str
    also_written: list[str]
    country: Country | None
    headline: str
    fields: list[FieldRef]
    city: str | None
    biography: str | None
    biography_language: str | None
    affiliation: InstitutionRef | None
    experience_years: int | None
    competences: list[CompetenceOut]
    languages: list[LanguageOut]
    windows: list[WindowOut]
    lead_time_days: int | None
    longest_stay_weeks: int | None
    photo: str | None
    cv: str | None
    phone: str | None
    email: str | None
    confirmed_on: datetime.date
    freshness: int
    is_demo: bool
    moves: list[TransitionOut]


class PostOut(Schema):
    """A position or a degree; `institution` when it is one of the register."""

    title: str
    place: str
    institution: int | None
    starts: int | None
    ends: int | None


class AccreditationOut(Schema):
    title: str
    body: str
    number: str | None
    expires: datetime.date | None


class PublicationOut(Schema):
    title: str
    authors: str
    year: int | None
    container: str
    doi: str
    url: str


class PictureOut(Schema):
    """A picture; `sizes` by width in pixels."""

    alt: str
    caption: str
    rights_holder: str
    licence: str
    sizes: dict[int, str]


class CaseOut(Schema):
    title: str
    story: str
    year: int | None
    concepts: list[ConceptRef]
    pictures: list[PictureOut]


class ExpertRecordOut(ExpertOut):
    """One person with everything on paper, and their works."""

    positions: list[PostOut]
    education: list[PostOut]
    accreditations: list[AccreditationOut]
    publications: list[PublicationOut]
    orcid: str | None
    portfolio: list[CaseOut]


class InstitutionNameOut(Schema):
    """One more name of an institution, beside `names` and `short_name`."""

    text: str
    language: str
    kind: InstitutionNameKind


class FactSheetOut(Schema):
    """What a guest wants to know; texts by language."""

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
    """An institution; `name`, `description` and `facilities` in the reader's language, `names` in all there are."""

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
    fields: list[ConceptRef]
    state: InstitutionState
    is_demo: bool
    moves: list[TransitionOut]


class ConceptOut(Schema):
    """A concept; `id` is that of the vocabulary file."""

    id: str
    scheme: Scheme
    label: str
    labels: dict[str, str]
    broader: list[str]
    note: str


class ActiveRoleOut(Schema):
    key: str
    label: str
    current: bool


class TeamOut(Schema):
    institution: str
    roles: list[str]


class MeOut(Schema):
    """The account that asks, and everything it is."""

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


class ExpertPage(Schema):
    items: list[ExpertOut]
    next: str | None


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


class ExpertFilters(Schema):
    country: list[Country] = []
    field: list[str] = []
    language: list[Language] = []
    q: str = ""


class InstitutionFilters(Schema):
    country: list[Country] = []
    kind: list[InstitutionKind] = []
    state: list[InstitutionState] = []
    q: str = ""


@router.get("/experts", response=ExpertPage, summary="Experts the reader may see")
def experts(request: HttpRequest, filters: Query[ExpertFilters], cursor: str | None = None, limit: Limit = 20) -> dict[str, Any]:
    """By name; `field` takes concept ids and finds narrower ones too, `language` those who speak one of them and show it."""
    conditions: dict[str, Any] = {}
    if filters.country:
        conditions["country__in"] = filters.country
    if filters.field:
        conditions["field_ids__overlap"] = [_term(slug).id for slug in filters.field]
    if filters.language:
        conditions["spoken__overlap"] = [str(code) for code in filters.language]
    rows = with_parts(found_experts(request.user, _words(filters.q)).filter(**conditions))
    return list_page(rows, ("sort_name", "id"), lambda row: expert_out(row, request.user), cursor=cursor, limit=limit)


@router.get("/experts/{int:pk}", response=ExpertRecordOut, summary="One expert")
def expert(request: HttpRequest, pk: int) -> dict[str, Any]:
    """An id that was given up when two profiles became one answers with the one that was kept."""
    profile = find_profile(pk, request.user)
    if profile is None:
        raise Http404
    return expert_out(profile, request.user) | record_out(profile, request.user)


@router.get("/experts/{int:pk}/photo", summary="The photograph of an expert", response={200: Any})
def expert_photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    profile = _with_file(request, pk, Part.PHOTO)
    return send_file(profile.photo, inline=True)


@router.get("/experts/{int:pk}/cv", summary="The CV of an expert", response={200: Any})
def expert_cv(request: HttpRequest, pk: int) -> HttpResponseBase:
    profile = _with_file(request, pk, Part.CV)
    return send_file(profile.cv, name=profile.cv_name)


@router.get("/experts/{int:pk}/pictures/{int:picture}/{size}", summary="A picture of a work", response={200: Any})
def expert_picture(request: HttpRequest, pk: int, picture: int, size: str) -> HttpResponseBase:
    """`size` is small, medium or large."""
    profile: ExpertProfile = get_visible(ExpertProfile.objects.visible_to(request.user), pk=pk)
    found = CasePicture.objects.filter(case__profile=profile, pk=picture).first()
    stored = getattr(found, size) if found and size in WIDTHS else None
    if not stored or not can_see_part(profile, Part.PORTFOLIO, request.user):
        raise Http404
    return send_file(stored, inline=True)


@router.get("/institutions", response=InstitutionPage, summary="Institutions")
def institutions(
    request: HttpRequest, filters: Query[InstitutionFilters], cursor: str | None = None, limit: Limit = 20
) -> dict[str, Any]:
    """By id; `q` finds names in any language, short names, towns and fields."""
    rows: QuerySet[Institution] = Institution.objects.visible_to(request.user)
    for name in ("country", "kind", "state"):
        if values := getattr(filters, name):
            rows = rows.filter(**{f"{name}__in": values})
    if query := search_query(filters.q):
        rows = rows.filter(search=query)
    shown = rows.defer("search", "source").select_related("fact_sheet").prefetch_related("fields", "names")
    return list_page(shown, ("slug",), lambda row: institution_out(row, request.user), cursor=cursor, limit=limit)


@router.get("/institutions/{slug:slug}", response=InstitutionOut, summary="One institution")
def institution(request: HttpRequest, slug: str) -> dict[str, Any]:
    """An id that was given up when two became one answers with the one that was kept."""
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


@router.get("/concepts/{slug}", response=ConceptOut, summary="One concept")
def concept(request: HttpRequest, slug: str) -> dict[str, Any]:
    try:
        return concept_out(vocabulary().by_slug(slug))
    except KeyError as unknown:
        raise Http404 from unknown


def expert_out(profile: ExpertProfile, reader: Any) -> dict[str, Any]:
    """What the gate lets through, and nothing else."""
    shown = profile_for_reader(profile, reader)
    place = shown.affiliation
    return {
        **{name: getattr(shown, name) for name in ALWAYS},
        **{name: getattr(shown, name) or None for name in HIDEABLE},
        "url": settings.SITE_URL + shown.url,
        "fields": _fields_out(shown),
        "affiliation": {"id": place.institution_id, "name": str(place.name)} if place else None,
        "experience_years": shown.experience_years,
        "competences": [
            {
                "material": _ref(row.material),
                "object_type": _ref(row.object_type),
                "technique": _ref(row.technique),
                "level": row.level,
                "level_label": row.level_label,
                "last_year": row.last_year,
                "evidence": row.evidence,
            }
            for row in shown.competences
        ],
        "languages": [
            {
                "language": row.language,
                "level": row.level,
                "level_label": str(row.get_level_display()),
                "can_teach": row.can_teach,
            }
            for row in shown.languages
        ],
        "windows": [{"starts": row.starts, "ends": row.ends} for row in shown.windows],
        "lead_time_days": shown.lead_time_days,
        "longest_stay_weeks": shown.longest_stay_weeks,
        "photo": _file_url(shown, "photo") if shown.photo_url else None,
        "cv": _file_url(shown, "cv") if shown.cv_url else None,
        "moves": [],
    }


def record_out(profile: ExpertProfile, reader: Any) -> dict[str, Any]:
    """The rest of one expert, through the same gate."""
    record = record_for_reader(profile, reader)
    return {
        "positions": [_post_out(row) for row in record.positions],
        "education": [_post_out(row) for row in record.education],
        "accreditations": [
            {"title": row.title, "body": row.body, "number": row.number or None, "expires": row.expires}
            for row in record.accreditations
        ],
        "publications": record.publications,
        "orcid": record.orcid or None,
        "portfolio": [_case_out(case, profile.pk) for case in record.cases],
    }


def _post_out(row: VisiblePosition) -> dict[str, Any]:
    facts = {name: getattr(row, name) for name in ("title", "starts", "ends")}
    return facts | {"place": str(row.place), "institution": row.institution_id}


def _case_out(case: VisibleCase, expert_id: int) -> dict[str, Any]:
    return {
        **{name: getattr(case, name) for name in ("title", "story", "year")},
        "concepts": [_ref(term) for term in case.terms],
        "pictures": [
            {
                "alt": picture.alt,
                "caption": picture.caption,
                "rights_holder": picture.holder,
                "licence": picture.licence,
                "sizes": {
                    width: f"{settings.SITE_URL}/api/v1/experts/{expert_id}/pictures/{picture.id}/{name}"
                    for name, (_address, width) in zip(WIDTHS, picture.sizes, strict=False)
                },
            }
            for picture in case.pictures
            if picture.sizes
        ],
    }


ALWAYS = ("id", "name", "latin_name", "also_written", "headline", "confirmed_on", "freshness", "is_demo")
HIDEABLE = ("country", "city", "biography", "biography_language", "phone", "email")


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
        "fields": [_ref(words.concept(each.pk)) for each in row.fields.all()],
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


INSTITUTION_FACTS = ("short_name", "kind", "country", "city", "website", "latitude", "longitude", "state", "is_demo")


def concept_out(term: Term) -> dict[str, Any]:
    words = vocabulary()
    return {
        "id": term.slug,
        "scheme": term.scheme,
        "label": str(term.label),
        "labels": dict(term.label),
        "broader": [words.concept(pk).slug for pk in words.ancestors(term.id)],
        "note": term.note,
    }


def _fields_out(shown: VisibleProfile) -> list[dict[str, Any]]:
    primary = {term.id for term in shown.primary_fields}
    return [{"id": term.slug, "label": str(term.label), "primary": term.id in primary} for term in shown.fields]


def _ref(term: Term | None) -> dict[str, str] | None:
    return {"id": term.slug, "label": str(term.label)} if term else None


def _file_url(shown: VisibleProfile, part: str) -> str:
    return f"{settings.SITE_URL}/api/v1/experts/{shown.id}/{part}"


def _words(q: str) -> QueryDict:
    params = QueryDict(mutable=True)
    params["q"] = q
    return params


def _term(slug: str) -> Term:
    try:
        return vocabulary().by_slug(slug)
    except KeyError as unknown:
        raise DomainError(_("There is no such concept in the vocabulary."), code="unknown-concept") from unknown


def _with_file(request: HttpRequest, pk: int, part: Part) -> ExpertProfile:
    profile: ExpertProfile = get_visible(ExpertProfile.objects.visible_to(request.user), pk=pk)
    if not getattr(profile, part.value) or not can_see_part(profile, part, request.user):
        raise Http404
    return profile
