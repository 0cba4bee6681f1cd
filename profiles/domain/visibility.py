"""Visibility checks: what of a profile a reader may see. Pages, lists, the API and files use this module; hidden parts are absent.

A hidden part and an empty part look the same, so that a reader cannot tell that something is hidden.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.access import access_of
from exchange.core.translated import Translated
from institutions.states import InstitutionState
from profiles.models import AvailabilityWindow, ExpertProfile, LanguageSkill, PersonName, ProfileField
from profiles.models.experts import audiences_open_to
from profiles.states import WIDEST_FIRST, Audience, NameKind, Part, narrower
from vocabulary.domain.vocabulary import Term, vocabulary

HEAD = "head"
"""The parts that share the audience of the whole profile: name, Latin name, country, fields, headline, date of confirmation."""
ALL_AUDIENCES = frozenset(str(audience) for audience in Audience)


@dataclass(frozen=True)
class VisibleCompetence:
    """One competence, with vocabulary terms."""

    material: Term | None
    object_type: Term | None
    technique: Term | None
    level: int
    level_label: str
    last_year: int | None
    evidence: str

    @property
    def material_title(self) -> str:
        return self.material.title if self.material else ""

    @property
    def object_title(self) -> str:
        return self.object_type.title if self.object_type else ""

    @property
    def technique_title(self) -> str:
        return self.technique.title if self.technique else ""


@dataclass(frozen=True)
class VisibleAffiliation:
    """Where a person works; `url` is empty while the institution is not public."""

    name: Translated
    url: str
    institution_id: int


@dataclass(frozen=True)
class VisibleProfile:
    """A profile as one reader may see it. Parts that are hidden, or empty, are None or empty."""

    id: int
    url: str
    name: str
    latin_name: str
    country: str
    headline: str
    primary_fields: list[Term]
    secondary_fields: list[Term]
    confirmed_on: datetime.date
    freshness: int
    """Whole months since the last confirmation."""
    is_demo: bool
    own: bool
    reader: str
    """The narrowest audience this reader belongs to, explained on the page."""
    user_id: int | None
    photo_url: str
    names: list[PersonName]
    city: str
    biography: str
    biography_language: str
    affiliation: VisibleAffiliation | None
    competences: list[VisibleCompetence]
    experience_years: int | None
    languages: list[LanguageSkill]
    windows: list[AvailabilityWindow]
    lead_time_days: int | None
    longest_stay_days: int | None
    cv_url: str
    cv_name: str
    phone: str
    email: str

    @property
    def fields(self) -> list[Term]:
        return [*self.primary_fields, *self.secondary_fields]

    @property
    def also_written(self) -> list[str]:
        """Other spellings of the name, without those in the heading."""
        return [
            name
            for name in dict.fromkeys(spelling.full for spelling in self.names)
            if name and name not in {self.name, self.latin_name}
        ]

    @property
    def upcoming_windows(self) -> list[AvailabilityWindow]:
        return [window for window in self.windows if window.ends >= timezone.now().date()]

    @property
    def upcoming_spans(self) -> list[tuple[datetime.date, datetime.date]]:
        """Data of the months chart."""
        return [(window.starts, window.ends) for window in self.upcoming_windows]

    @property
    def drawn_from(self) -> datetime.date:
        """The first month of the chart: the current one, or that of the next window."""
        today = timezone.now().date()
        return max(today, self.upcoming_windows[0].starts) if self.upcoming_windows else today


def with_parts(rows: "QuerySet[ExpertProfile]") -> "QuerySet[ExpertProfile]":
    """Prefetch everything the visibility checks read, in a constant number of queries."""
    return rows.select_related("affiliation", "user").prefetch_related(
        "names", "profile_fields", "languages", "windows", "competences"
    )


def profile_for_reader(profile: ExpertProfile, viewer: Any) -> VisibleProfile:
    """The profile as `viewer` may see it. Raises ExpertProfile.DoesNotExist when this reader may not see it at all."""
    return _shown(profile, audiences_for(profile, viewer), own=is_own(profile, viewer))


def preview_profile(profile: ExpertProfile, audience: str) -> VisibleProfile | None:
    """The profile as any reader of `audience` sees it; None when they do not see it. For the owner's preview."""
    audiences = audiences_up_to(audience)
    return _shown(profile, audiences) if is_open_to(profile, audiences) else None


def is_own(profile: ExpertProfile, viewer: Any) -> bool:
    user_id = access_of(viewer).user_id
    return user_id is not None and profile.user_id == user_id


def audiences_for(profile: ExpertProfile, viewer: Any) -> frozenset[str]:
    """The audiences of this profile to which the reader belongs. Raises ExpertProfile.DoesNotExist when they may not see the profile."""
    if is_own(profile, viewer):
        return ALL_AUDIENCES
    audiences = frozenset(str(audience) for audience in audiences_open_to(viewer))
    if not is_open_to(profile, audiences):
        raise ExpertProfile.DoesNotExist
    return audiences


def audiences_up_to(audience: str) -> frozenset[str]:
    """The audiences that any reader of `audience` belongs to: itself and the wider ones."""
    return frozenset(str(wider) for wider in WIDEST_FIRST[: WIDEST_FIRST.index(Audience(audience)) + 1])


def is_open_to(profile: ExpertProfile, audiences: frozenset[str]) -> bool:
    return bool(profile.shown_name) and profile.audience in audiences


def visible_parts(profile: ExpertProfile, audiences: frozenset[str]) -> set[str]:
    """The parts visible to readers of these audiences."""
    return {part for part in Part.values if profile.audience_of(part) in audiences}


def part_levels(profile: ExpertProfile) -> dict[str, str]:
    """For indexes: the audience that a reader must belong to for each part, and for HEAD; already no wider than that of the profile.

    A part of the level ONLY_ME, or any of a profile without a name, must not be indexed at all.
    """
    whole = profile.audience if profile.shown_name else Audience.ONLY_ME
    return {HEAD: str(whole)} | {part: str(narrower(whole, profile.audience_of(part))) for part in Part.values}


def can_see_part(profile: ExpertProfile, part: str, viewer: Any) -> bool:
    """Whether this reader may see one part: for file downloads and rows of lists."""
    try:
        return profile.audience_of(part) in audiences_for(profile, viewer)
    except ExpertProfile.DoesNotExist:
        return False


def _shown(profile: ExpertProfile, audiences: frozenset[str], *, own: bool = False) -> VisibleProfile:
    seen = visible_parts(profile, audiences)
    words = vocabulary()
    chosen = [(row.primary, words.concept(row.concept_id)) for row in fields_in_order(profile)]
    contact = profile.user if Part.CONTACT in seen else None
    return VisibleProfile(
        id=profile.pk,
        url=profile.get_absolute_url(),
        name=str(profile),
        latin_name=profile.latin_name,
        country=profile.country,
        headline=profile.headline,
        primary_fields=[term for primary, term in chosen if primary],
        secondary_fields=[term for primary, term in chosen if not primary],
        confirmed_on=profile.confirmed_on,
        freshness=months_since(profile.confirmed_on),
        is_demo=profile.is_demo,
        own=own,
        reader=Audience.ONLY_ME if own else max(audiences, key=lambda audience: WIDEST_FIRST.index(Audience(audience))),
        user_id=profile.user_id,
        photo_url=photo_url(profile) if Part.PHOTO in seen else "",
        names=_names(profile, seen),
        city=profile.city if Part.CITY in seen else "",
        biography=profile.biography if Part.BIOGRAPHY in seen else "",
        biography_language=profile.biography_language if Part.BIOGRAPHY in seen else "",
        affiliation=_affiliation(profile) if Part.AFFILIATION in seen else None,
        competences=_competences(profile) if Part.COMPETENCES in seen else [],
        experience_years=profile.experience_years if Part.COMPETENCES in seen else None,
        languages=list(profile.languages.all()) if Part.LANGUAGES in seen else [],
        windows=list(profile.windows.all()) if Part.AVAILABILITY in seen else [],
        lead_time_days=profile.lead_time_days if Part.AVAILABILITY in seen else None,
        longest_stay_days=profile.longest_stay_days if Part.AVAILABILITY in seen else None,
        cv_url=reverse("expert_cv", args=[profile.pk]) if profile.cv and Part.CV in seen else "",
        cv_name=profile.cv_name if profile.cv and Part.CV in seen else "",
        phone=profile.phone if Part.CONTACT in seen else "",
        email=contact.email if contact else "",
    )


def months_since(day: datetime.date) -> int:
    """Whole months from that day to today, never negative: used to compare how recent profiles are."""
    today = timezone.now().date()
    return max(0, (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day))


def fields_in_order(profile: ExpertProfile) -> list[ProfileField]:
    """In the owner's order, primary ones first."""
    return sorted(profile.profile_fields.all(), key=lambda row: (not row.primary, row.pk))


def _names(profile: ExpertProfile, seen: set[str]) -> list[PersonName]:
    """Spellings; the passport name is for documents and has an audience of its own."""
    parts = {True: Part.PASSPORT, False: Part.OTHER_NAMES}
    return [name for name in profile.names.all() if parts[name.kind == NameKind.PASSPORT] in seen]


def _affiliation(profile: ExpertProfile) -> VisibleAffiliation | None:
    institution = profile.affiliation
    if institution is None:
        return None
    open_page = institution.state != InstitutionState.SUSPENDED
    return VisibleAffiliation(institution.name, institution.get_absolute_url() if open_page else "", institution.pk)


def _competences(profile: ExpertProfile) -> list[VisibleCompetence]:
    words = vocabulary()

    def term(concept_id: int | None) -> Term | None:
        return words.concept(concept_id) if concept_id is not None else None

    return [
        VisibleCompetence(
            material=term(row.material_id),
            object_type=term(row.object_type_id),
            technique=term(row.technique_id),
            level=row.level,
            level_label=row.get_level_display(),
            last_year=row.last_year,
            evidence=row.evidence,
        )
        for row in profile.competences.all()
    ]


def small_photo_url(profile: ExpertProfile, viewer: Any) -> str:
    """The URL of the photograph at the size of a list; empty without one, and where it is hidden from this reader."""
    return f"{photo_url(profile)}&size=small" if profile.photo and can_see_part(profile, Part.PHOTO, viewer) else ""


def photo_url(profile: ExpertProfile) -> str:
    """The URL of the photograph, which changes with the file so that no browser cache is stale; empty without one."""
    if not profile.photo:
        return ""
    return f"{reverse('expert_photo', args=[profile.pk])}?v={str(profile.photo.name).rpartition('/')[2][:8]}"
