"""Snapshots of profiles: the copy an application keeps, independent of later edits."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import pgettext

from exchange.core.date_format import write_date
from exchange.core.spoken_languages import Language, Level
from exchange.core.translated import Translated
from profiles.models import (
    Accreditation,
    AvailabilityWindow,
    Competence,
    Education,
    ExpertProfile,
    LanguageSkill,
    PersonName,
    PortfolioCase,
    Position,
    ProfileField,
    Publication,
)
from profiles.states import NameKind, SkillLevel
from vocabulary.domain.vocabulary import vocabulary

SHAPE = 2
"""Format version, increased when the document's structure changes; `read_snapshot` reads all versions."""


PARTS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "names": (PersonName.objects.exclude(kind=NameKind.PASSPORT), ("kind", "language", "given", "patronymic", "family", "whole")),
    "fields": (ProfileField.objects.order_by("-primary", "pk"), ("concept_id", "primary")),
    "competences": (
        Competence.objects,
        ("material_id", "object_type_id", "technique_id", "level", "last_year", "evidence"),
    ),
    "languages": (LanguageSkill.objects, ("language", "level", "can_teach")),
    "windows": (AvailabilityWindow.objects, ("starts", "ends")),
    "positions": (Position.objects, ("title", "institution__name", "place", "starts", "ends")),
    "education": (Education.objects, ("degree", "institution__name", "place", "year")),
    "accreditations": (Accreditation.objects, ("title", "body", "expires")),
    "publications": (Publication.objects, ("title", "authors", "year", "container", "doi", "url")),
    "portfolio": (PortfolioCase.objects, ("title", "year", "material_id", "object_type_id", "technique_id")),
}
"""The related rows of a profile, and which columns are stored."""


def snapshot_of(profile: ExpertProfile) -> dict[str, Any]:
    """The profile as a JSON document, hidden parts included: applying shares them with the host. One query.

    Contact, passport name, numbers of accreditations, files and pictures are left out.
    """
    return snapshots_of([profile])[profile.pk]


def snapshots_of(profiles: Iterable[ExpertProfile]) -> dict[int, dict[str, Any]]:
    """As `snapshot_of`, for many profiles in one query, by id."""
    known = {profile.pk: profile for profile in profiles}
    rows = ExpertProfile.objects.filter(pk__in=known).values_list("pk", *(_rows_of(*part) for part in PARTS.values()))
    return {pk: _document(known[pk], dict(zip(PARTS, parts, strict=True))) for pk, *parts in rows}


def _rows_of(rows: Any, columns: tuple[str, ...]) -> ArraySubquery:
    """The rows of one part as JSON objects, in their order."""
    return ArraySubquery(rows.filter(profile=OuterRef("pk")).values(row=JSONObject(**{name: name for name in columns})))


def _document(profile: ExpertProfile, parts: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {
        "shape": SHAPE,
        "taken_at": timezone.now().isoformat(timespec="seconds"),
        "expert": profile.pk,
        "name": profile.shown_name,
        "latin_name": profile.latin_name,
        "names": parts["names"],
        "country": profile.country,
        "city": profile.city,
        "headline": profile.headline,
        "biography": profile.biography,
        "biography_language": profile.biography_language,
        "experience_years": profile.experience_years,
        "affiliation": _affiliation(profile),
        "fields": [{**_concept(row["concept_id"]), "primary": row["primary"]} for row in parts["fields"]],
        "competences": [
            {
                "material": _concept(row["material_id"]),
                "object_type": _concept(row["object_type_id"]),
                "technique": _concept(row["technique_id"]),
                "level": row["level"],
                "last_year": row["last_year"],
                "evidence": row["evidence"],
            }
            for row in parts["competences"]
        ],
        "languages": parts["languages"],
        "availability": {
            "windows": [[row["starts"], row["ends"]] for row in parts["windows"]],
            "lead_time_days": profile.lead_time_days,
            "longest_stay_days": profile.longest_stay_days,
        },
        "orcid": profile.orcid,
        "positions": [
            {"title": row["title"], "place": _place(row), "starts": row["starts"], "ends": row["ends"]}
            for row in parts["positions"]
        ],
        "education": [{"title": row["degree"], "place": _place(row), "ends": row["year"]} for row in parts["education"]],
        "accreditations": parts["accreditations"],
        "publications": parts["publications"],
        "portfolio": [
            {
                "title": row["title"],
                "year": row["year"],
                "concepts": [_concept(row[name]) for name in ("material_id", "object_type_id", "technique_id") if row[name]],
            }
            for row in parts["portfolio"]
        ],
    }


def _place(row: dict[str, Any]) -> dict[str, str]:
    """The institution's names in all languages, or the place as written."""
    return row["institution__name"] or {"": row["place"]}


def _affiliation(profile: ExpertProfile) -> dict[str, Any] | None:
    institution = profile.affiliation
    return {"id": institution.pk, "name": dict(institution.name)} if institution else None


def _concept(concept_id: int | None) -> dict[str, Any]:
    """A concept by its slug and its labels at that time."""
    if concept_id is None:
        return {}
    term = vocabulary().concept(concept_id)
    return {"concept": term.slug, "label": dict(term.label)}


@dataclass(frozen=True)
class SnapshotCompetence:
    """One row of competence; concepts by their titles in the reader's language, empty where none was given."""

    material_title: str
    object_title: str
    technique_title: str
    level: int
    level_label: str
    last_year: int | None
    evidence: str


@dataclass(frozen=True)
class SnapshotLanguage:
    """One language of a snapshot."""

    label: str
    level_label: str
    can_teach: bool


@dataclass(frozen=True)
class SnapshotLine:
    """A line of a record: years, title, and a smaller line below."""

    when: str
    title: str
    note: str


@dataclass(frozen=True)
class Snapshot:
    """A stored profile, prepared for display in the reader's language."""

    name: str = ""
    latin_name: str = ""
    names: list[str] = field(default_factory=list)
    country: str = ""
    city: str = ""
    headline: str = ""
    biography: str = ""
    biography_language: str = ""
    experience_years: int | None = None
    affiliation: Translated | None = None
    primary_fields: list[str] = field(default_factory=list)
    secondary_fields: list[str] = field(default_factory=list)
    competences: list[SnapshotCompetence] = field(default_factory=list)
    languages: list[SnapshotLanguage] = field(default_factory=list)
    windows: list[tuple[datetime.date, datetime.date]] = field(default_factory=list)
    lead_time_days: int | None = None
    longest_stay_days: int | None = None
    orcid: str = ""
    positions: list[SnapshotLine] = field(default_factory=list)
    education: list[SnapshotLine] = field(default_factory=list)
    accreditations: list[SnapshotLine] = field(default_factory=list)
    publications: list[SnapshotLine] = field(default_factory=list)
    portfolio: list[SnapshotLine] = field(default_factory=list)
    taken_at: datetime.datetime | None = None

    @property
    def fields(self) -> list[str]:
        return [*self.primary_fields, *self.secondary_fields]

    def __bool__(self) -> bool:
        return bool(self.country)


def _longest_stay(away: dict[str, Any]) -> int | None:
    """In days; older documents give weeks."""
    weeks = away.get("longest_stay_weeks")
    days: int | None = away.get("longest_stay_days")
    return 7 * weeks if weeks and days is None else days


def read_snapshot(document: dict[str, Any] | None) -> Snapshot:
    """Read a stored document for display; an empty or missing one gives an empty Snapshot, which is falsy."""
    kept = document or {}
    names = [
        " ".join(filter(None, [row["given"], row["patronymic"], row["family"]])) or row.get("whole", "")
        for row in kept.get("names", [])
    ]
    away = kept.get("availability") or {}
    shown = {kept.get("name", ""), kept.get("latin_name", "")}
    return Snapshot(
        **{key: kept[key] for key in PLAIN if key in kept},
        names=[name for name in dict.fromkeys(names) if name and name not in shown],
        affiliation=Translated(kept["affiliation"]["name"]) if kept.get("affiliation") else None,
        primary_fields=[_title(row) for row in kept.get("fields", []) if row["primary"]],
        secondary_fields=[_title(row) for row in kept.get("fields", []) if not row["primary"]],
        competences=[_snapshot_competence(row) for row in kept.get("competences", [])],
        languages=[_snapshot_language(row) for row in kept.get("languages", [])],
        windows=[(datetime.date.fromisoformat(a), datetime.date.fromisoformat(b)) for a, b in away.get("windows", [])],
        lead_time_days=away.get("lead_time_days"),
        longest_stay_days=_longest_stay(away),
        positions=[_snapshot_position(row) for row in kept.get("positions", [])],
        education=[_snapshot_position(row) for row in kept.get("education", [])],
        accreditations=[
            SnapshotLine("", row["title"], " · ".join(filter(None, [row["body"], _until(row["expires"])])))
            for row in kept.get("accreditations", [])
        ],
        publications=[
            SnapshotLine(
                str(row["year"] or ""), row["title"], " · ".join(filter(None, [row["authors"], row["container"], row["doi"]]))
            )
            for row in kept.get("publications", [])
        ],
        portfolio=[
            SnapshotLine(str(row["year"] or ""), row["title"], " · ".join(_title(each) for each in row["concepts"]))
            for row in kept.get("portfolio", [])
        ],
        taken_at=datetime.datetime.fromisoformat(kept["taken_at"]) if kept.get("taken_at") else None,
    )


PLAIN = ("name", "latin_name", "country", "city", "headline", "biography", "biography_language", "experience_years", "orcid")


def _snapshot_position(row: dict[str, Any]) -> SnapshotLine:
    place = row["place"]
    when = "–".join(dict.fromkeys(str(year) for year in (row.get("starts"), row["ends"]) if year))
    lasts = "starts" in row and row["starts"] and not row["ends"]
    return SnapshotLine(f"{when}–" if lasts else when, row["title"], place[""] if "" in place else str(Translated(place)))


def _until(expires: str | None) -> str:
    if not expires:
        return ""
    return f"{pgettext('a date follows', 'valid until')} {write_date(datetime.date.fromisoformat(expires))}"


def _title(row: dict[str, Any]) -> str:
    text = str(Translated(row.get("label") or {}))
    return text[:1].upper() + text[1:]


def _snapshot_competence(row: dict[str, Any]) -> SnapshotCompetence:
    return SnapshotCompetence(
        material_title=_title(row["material"]),
        object_title=_title(row["object_type"]),
        technique_title=_title(row["technique"]),
        level=row["level"],
        level_label=str(SkillLevel(row["level"]).label),
        last_year=row["last_year"],
        evidence=row["evidence"],
    )


def _snapshot_language(row: dict[str, Any]) -> SnapshotLanguage:
    return SnapshotLanguage(str(Language(row["language"]).label), str(Level(row["level"]).label), row["can_teach"])
