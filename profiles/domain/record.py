"""Career, publications and portfolio of a profile as one reader may see them; audiences are checked by `visibility`."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from exchange.core.pictures import VisiblePicture, visible_picture
from exchange.core.translated import Translated
from institutions.states import InstitutionState
from profiles.domain.career import NEAR
from profiles.domain.visibility import audiences_for, audiences_up_to, is_open_to, is_own, visible_parts, with_parts
from profiles.models import CasePicture, Education, ExpertProfile, PortfolioCase, Position, Publication
from profiles.states import Part
from vocabulary.domain.vocabulary import Term, vocabulary


@dataclass(frozen=True)
class VisiblePosition:
    """A position or a degree: what, where, when. `url` is empty without an institution of the register that is public."""

    title: str
    place: Translated | str
    url: str
    institution_id: int | None
    starts: int | None
    ends: int | None
    current: bool

    @property
    def years(self) -> str:
        """2015–2020; 2015– for a current one; 2020 when only one year is known; empty without years."""
        if self.starts and self.ends and self.starts != self.ends:
            return f"{self.starts}–{self.ends}"
        return f"{self.starts}–" if self.current and self.starts else str(self.ends or self.starts or "")


@dataclass(frozen=True)
class VisibleAccreditation:
    """`state` is "over", "near" (within three months) or empty; the number has an audience of its own."""

    title: str
    body: str
    number: str
    expires: datetime.date | None
    state: str


@dataclass(frozen=True)
class VisibleCase:
    """A work of the portfolio."""

    id: int
    title: str
    story: str
    year: int | None
    terms: list[Term]
    pictures: list[VisiblePicture]


@dataclass(frozen=True)
class VisibleRecord:
    """Hidden parts are empty, like parts that are not filled in."""

    positions: list[VisiblePosition]
    education: list[VisiblePosition]
    accreditations: list[VisibleAccreditation]
    publications: list[Publication]
    orcid: str
    cases: list[VisibleCase]

    def __bool__(self) -> bool:
        return any((self.positions, self.education, self.accreditations, self.publications, self.orcid, self.cases))


def with_record(rows: "QuerySet[ExpertProfile]") -> "QuerySet[ExpertProfile]":
    """As `with_parts`, and everything this module reads: for one profile, or a short page of them."""
    return with_parts(rows).prefetch_related(
        "positions__institution", "education__institution", "accreditations", "publications", "cases__pictures"
    )


def find_profile(pk: int, viewer: Any) -> ExpertProfile | None:
    """The profile of this id with its record, or the one it was merged into; None when it does not exist or this reader may not see it."""
    open_ones = with_record(ExpertProfile.objects.visible_to(viewer))
    return open_ones.filter(pk=pk).first() or open_ones.filter(merged_from=pk).first()


def record_for_reader(profile: ExpertProfile, viewer: Any) -> VisibleRecord:
    """The record as `viewer` may see it. Raises ExpertProfile.DoesNotExist when this reader may not see the profile."""
    return _record(profile, audiences_for(profile, viewer), own=is_own(profile, viewer))


def preview_record(profile: ExpertProfile, audience: str) -> VisibleRecord | None:
    """The record as any reader of `audience` sees it, for its owner."""
    audiences = audiences_up_to(audience)
    return _record(profile, audiences) if is_open_to(profile, audiences) else None


def _record(profile: ExpertProfile, audiences: frozenset[str], *, own: bool = False) -> VisibleRecord:
    seen = visible_parts(profile, audiences)
    publications = Part.PUBLICATIONS in seen
    return VisibleRecord(
        positions=[_position(row) for row in profile.positions.all()] if Part.POSITIONS in seen else [],
        education=[_degree(row) for row in profile.education.all()] if Part.EDUCATION in seen else [],
        accreditations=_accreditations(profile, numbers=Part.NUMBERS in seen) if Part.ACCREDITATIONS in seen else [],
        publications=list(profile.publications.all()) if publications else [],
        orcid=profile.orcid if publications else "",
        cases=[visible_case(row, own=own) for row in profile.cases.all()] if Part.PORTFOLIO in seen else [],
    )


def _position(row: Position) -> VisiblePosition:
    return VisiblePosition(row.title, *_place(row), row.starts, row.ends, current=row.ends is None)


def _degree(row: Education) -> VisiblePosition:
    return VisiblePosition(row.degree, *_place(row), None, row.year, current=False)


def _place(row: Position | Education) -> tuple[Translated | str, str, int | None]:
    institution = row.institution
    if institution is None:
        return row.place, "", None
    open_page = institution.state != InstitutionState.SUSPENDED
    return institution.name, institution.get_absolute_url() if open_page else "", institution.pk


def _accreditations(profile: ExpertProfile, *, numbers: bool) -> list[VisibleAccreditation]:
    return [
        VisibleAccreditation(row.title, row.body, row.number if numbers else "", row.expires, expiry_state(row.expires))
        for row in profile.accreditations.all()
    ]


def expiry_state(expires: datetime.date | None) -> str:
    """Whether a date is "over", "near" (within three months) or, as an empty string, neither."""
    today = timezone.now().date()
    if expires is None or expires > today + NEAR:
        return ""
    return "over" if expires < today else "near"


def visible_case(row: PortfolioCase, *, own: bool = False) -> VisibleCase:
    """A work; pictures whose sizes are not made yet are only for its owner."""
    words = vocabulary()
    pictures = [_picture(picture, row.profile_id) for picture in row.pictures.all() if picture.ready or own]
    concepts = [words.concept(pk) for pk in (row.material_id, row.object_type_id, row.technique_id) if pk is not None]
    return VisibleCase(row.pk, row.title, row.story, row.year, concepts, pictures)


def _picture(row: CasePicture, profile_id: int) -> VisiblePicture:
    return visible_picture(row, lambda size: reverse("expert_picture", args=[profile_id, row.pk, size]))
