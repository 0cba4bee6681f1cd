"""API of expert profiles: the same visibility as the pages."""

import datetime
from collections.abc import Sequence
from typing import Annotated, Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from ninja import Query, Router, Schema

from exchange.core.api import TransitionOut, get_visible, list_page, page_out
from exchange.core.countries import Country
from exchange.core.files import send_file
from exchange.core.pictures import WIDTHS
from exchange.core.spoken_languages import Language
from exchange.core.text import has_words
from exchange.core.word_search import WordQuery, page_by_words
from profiles.domain.listing import listed_experts
from profiles.domain.record import VisibleCase, VisiblePosition, find_profile, record_for_reader
from profiles.domain.visibility import VisibleProfile, can_see_part, profile_for_reader, with_parts
from profiles.models import CasePicture, ExpertProfile
from profiles.states import Part
from vocabulary.api import ConceptRef, concept_ref, find_term

router = Router(tags=["profiles"])

Limit = Annotated[int, Query(ge=1, le=100)]


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
    """An expert as this reader may see them: a hidden part is null or empty, like one that is not filled in."""

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
    longest_stay_days: int | None
    photo: str | None
    cv: str | None
    phone: str | None
    email: str | None
    confirmed_on: datetime.date
    freshness: int
    is_demo: bool
    moves: list[TransitionOut]


class PostOut(Schema):
    """A position or a degree; `institution` when it is in the register."""

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
    """One expert with career, publications and portfolio."""

    positions: list[PostOut]
    education: list[PostOut]
    accreditations: list[AccreditationOut]
    publications: list[PublicationOut]
    orcid: str | None
    portfolio: list[CaseOut]


class ExpertPage(Schema):
    items: list[ExpertOut]
    next: str | None


class ExpertFilters(Schema):
    country: list[Country] = []
    field: list[str] = []
    language: list[Language] = []
    q: str = ""


@router.get("/experts", response=ExpertPage, summary="Experts the reader may see")
def experts(request: HttpRequest, filters: Query[ExpertFilters], cursor: str | None = None, limit: Limit = 20) -> dict[str, Any]:
    """By name; with `q` what the search finds, best first. `field` takes concept ids and finds narrower ones too, `language` those who speak one of them and show it."""
    fields = [find_term(slug).id for slug in filters.field]
    if has_words(filters.q):
        chosen: dict[str, Sequence[Any]] = {"country": filters.country, "field": fields, "language": filters.language}
        asked = {name: [str(value) for value in values] for name, values in chosen.items()}
        query = WordQuery("expert", filters.q, asked, cursor=cursor or "", limit=limit)
        found = page_by_words(with_parts(ExpertProfile.objects.visible_to(request.user)), query, reader=request.user)
        return page_out(found, lambda row: expert_out(row, request.user))
    conditions: dict[str, Any] = {}
    if filters.country:
        conditions["country__in"] = filters.country
    if fields:
        conditions["field_ids__overlap"] = fields
    if filters.language:
        conditions["spoken__overlap"] = [str(code) for code in filters.language]
    rows = with_parts(listed_experts(request.user).filter(**conditions))
    return list_page(rows, ("sort_name", "id"), lambda row: expert_out(row, request.user), cursor=cursor, limit=limit)


@router.get("/experts/{int:pk}", response=ExpertRecordOut, summary="One expert")
def expert(request: HttpRequest, pk: int) -> dict[str, Any]:
    """One expert by id; the id of a merged profile answers with the one it became part of."""
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


def expert_out(profile: ExpertProfile, reader: Any) -> dict[str, Any]:
    """Only what this reader may see (`domain.visibility`)."""
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
                "material": concept_ref(row.material),
                "object_type": concept_ref(row.object_type),
                "technique": concept_ref(row.technique),
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
        "longest_stay_days": shown.longest_stay_days,
        "photo": _file_url(shown, "photo") if shown.photo_url else None,
        "cv": _file_url(shown, "cv") if shown.cv_url else None,
        "moves": [],
    }


def record_out(profile: ExpertProfile, reader: Any) -> dict[str, Any]:
    """Career, publications and portfolio, as this reader may see them."""
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
        "concepts": [concept_ref(term) for term in case.terms],
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


def _fields_out(shown: VisibleProfile) -> list[dict[str, Any]]:
    primary = {term.id for term in shown.primary_fields}
    return [{"id": term.slug, "label": str(term.label), "primary": term.id in primary} for term in shown.fields]


def _file_url(shown: VisibleProfile, part: str) -> str:
    return f"{settings.SITE_URL}/api/v1/experts/{shown.id}/{part}"


def _with_file(request: HttpRequest, pk: int, part: Part) -> ExpertProfile:
    profile: ExpertProfile = get_visible(ExpertProfile.objects.visible_to(request.user), pk=pk)
    if not getattr(profile, part.value) or not can_see_part(profile, part, request.user):
        raise Http404
    return profile
