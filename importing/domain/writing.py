"""Writing the people of a table, one transaction per chunk: new ones are added, changed ones updated, others not touched.

Every chunk costs the same number of queries. Committed chunks stay, so the next run continues an interrupted import.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from exchange.core.bulk import reserve_keys, update_rows
from importing.domain.people import PersonRow, Source
from profiles.domain.profiles import prepare_index
from profiles.models import (
    AvailabilityWindow,
    Competence,
    ExpertProfile,
    ImportedExpert,
    LanguageSkill,
    PersonName,
    Position,
    ProfileField,
)
from profiles.signals import profiles_imported

CHUNK = 500
PARTS: dict[str, Any] = {
    "names": PersonName,
    "profile_fields": ProfileField,
    "competences": Competence,
    "languages": LanguageSkill,
    "windows": AvailabilityWindow,
    "positions": Position,
}

# What an update writes, with the types of SQL; `search` comes as text.
PROFILE_COLUMNS = {
    "country": "text",
    "city": "text",
    "headline": "text",
    "biography": "text",
    "biography_language": "text",
    "experience_years": "smallint",
    "lead_time_days": "smallint",
    "longest_stay_days": "smallint",
    "affiliation_id": "bigint",
    "confirmed_on": "date",
    "updated_at": "timestamptz",
    "shown_name": "text",
    "latin_name": "text",
    "sort_name": "text",
    "field_ids": "bigint[]",
    "language_codes": "text[]",
    "filled_sections": "text[]",
    "completeness": "smallint",
}
RECORD_COLUMNS = {"institution_id": "bigint", "email": "text", "imported_by_id": "bigint", "imported_at": "timestamptz"}


@dataclass
class Outcome:
    """The number of people added, changed, unchanged, and `claimed`: profiles that have an account by now and are not changed."""

    new: int = 0
    changed: int = 0
    same: int = 0
    claimed: int = 0
    ids: list[tuple[str, int]] = field(default_factory=list)
    """(Id in the table, id of the profile), in the order of the table; those not written are missing."""

    @property
    def wrote(self) -> bool:
        return bool(self.new or self.changed)

    def add(self, other: "Outcome") -> None:
        self.new += other.new
        self.changed += other.changed
        self.same += other.same
        self.claimed += other.claimed
        self.ids += other.ids

    @property
    def counts(self) -> dict[str, int]:
        return {"new": self.new, "changed": self.changed, "same": self.same, "claimed": self.claimed}


@dataclass
class PlannedChange:
    """The planned state of one person: the record, its profile, and the rows of each part to be replaced."""

    row: PersonRow
    record: ImportedExpert
    profile: ExpertProfile
    parts: dict[str, list[Any]]


@dataclass
class Plan:
    """What a chunk of a table would change."""

    new: list[PlannedChange] = field(default_factory=list)
    changed: list[PlannedChange] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)
    claimed: int = 0
    same: int = 0

    @property
    def outcome(self) -> Outcome:
        return Outcome(len(self.new), len(self.changed), self.same, self.claimed)


def write_people(rows: Sequence[PersonRow], source: Source, *, advance: Callable[[int], None] = lambda done: None) -> Outcome:
    """Update the profiles of this source to match the table. Sends `profiles_imported` for each chunk that changes something.

    Profiles with an account are not changed, nor profiles of the source that are absent from the table.
    """
    outcome = Outcome()
    for chunk in _chunks(rows):
        outcome.add(_write_chunk(chunk, source))
        advance(len(chunk))
    return outcome


def dry_run(rows: Sequence[PersonRow], source: Source, *, advance: Callable[[int], None] = lambda done: None) -> Outcome:
    """What `write_people` would do; nothing is written."""
    outcome = Outcome()
    for chunk in _chunks(rows):
        outcome.add(_plan(chunk, source).outcome)
        advance(len(chunk))
    return outcome


def _chunks(rows: Sequence[PersonRow]) -> Iterator[Sequence[PersonRow]]:
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))


@transaction.atomic
def _write_chunk(rows: Sequence[PersonRow], source: Source) -> Outcome:
    with connection.cursor() as cursor:  # serialises two imports of one source: both would add the same person
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"import:{source.key}"])
    plan = _plan(rows, source, hold=True)
    _add(plan.new)
    _update(plan.changed)
    written = [planned.profile.pk for planned in (*plan.new, *plan.changed)]
    if written:
        profiles_imported.send(ExpertProfile, profile_ids=written)
    ids = plan.known | {planned.row.external_id: planned.profile.pk for planned in plan.new}
    outcome = plan.outcome
    outcome.ids = [(row.external_id, ids[row.external_id]) for row in rows]
    return outcome


# ---- comparing -------------------------------------------------------------------------------------------------------


def _plan(rows: Sequence[PersonRow], source: Source, *, hold: bool = False) -> Plan:
    stored = ImportedExpert.objects.filter(source=source.key, external_id__in=[row.external_id for row in rows])
    if hold:
        stored = stored.select_for_update(of=("self", "profile"))
    known = {record.external_id: record for record in stored.select_related("profile")}
    _read_parts([record.profile for record in known.values()])
    plan = Plan(known={external_id: record.profile_id for external_id, record in known.items()})
    for row in rows:
        record = known.get(row.external_id)
        if record is None:
            plan.new.append(_new(row, source))
        elif record.profile.user_id is not None or record.profile.merged_into_id is not None:
            plan.claimed += 1
        elif (planned := _changed(row, record, source)) is not None:
            plan.changed.append(planned)
        else:
            plan.same += 1
    return plan


def _read_parts(profiles: Sequence[ExpertProfile]) -> None:
    """Prefetch the parts, without building a query set for each of thousands of lists."""
    owners = {profile.pk: profile for profile in profiles}
    for profile in profiles:
        profile._prefetched_objects_cache = {name: [] for name in PARTS}  # type: ignore[attr-defined]  # noqa: SLF001 -- as prefetch_related leaves it
    for name, model in PARTS.items():
        for row in model.objects.filter(profile_id__in=list(owners)).order_by("pk"):
            _parts_in_memory(owners[row.profile_id])[name].append(row)


def _new(row: PersonRow, source: Source) -> PlannedChange:
    profile = ExpertProfile(**row.facts)
    record = ImportedExpert(
        profile=profile,
        source=source.key,
        external_id=row.external_id,
        institution=source.institution,
        email=row.email or "",
        imported_by=source.by,
    )
    return PlannedChange(row, record, profile, {name: rows or [] for name, rows in _wanted(row).items()})


def _changed(row: PersonRow, record: ImportedExpert, source: Source) -> PlannedChange | None:
    """The changes the table makes, with the new values set on the instances; None when there are none."""
    profile = record.profile
    institution_id = source.institution.pk if source.institution else None
    about = {"institution_id": institution_id} | ({} if row.email is None else {"email": row.email})
    stored = _parts_in_memory(profile)
    parts = {
        name: wanted
        for name, wanted in _wanted(row).items()
        if wanted is not None and _content(name, wanted) != _content(name, stored[name])
    }
    different = [(profile, name, value) for name, value in row.facts.items() if getattr(profile, name) != value]
    different += [(record, name, value) for name, value in about.items() if getattr(record, name) != value]  # type: ignore[misc]
    if not different and not parts:
        return None
    for instance, name, value in different:
        setattr(instance, name, value)
    profile.confirmed_on = timezone.now().date()
    record.imported_at, record.imported_by = timezone.now(), source.by
    return PlannedChange(row, record, profile, parts)


def _wanted(row: PersonRow) -> dict[str, list[Any] | None]:
    """Unsaved rows of each part; None where the table has no such column."""
    return {
        "names": [
            PersonName(kind=kind, language=language, whole=whole, given=given, patronymic=patronymic, family=family)
            for kind, language, whole, given, patronymic, family in row.names
        ],
        "profile_fields": None
        if row.fields is None
        else [ProfileField(concept_id=concept, primary=primary) for concept, primary in row.fields],
        "competences": None
        if row.competences is None
        else [
            Competence(technique_id=technique, material_id=material, object_type_id=thing, level=level, last_year=year)
            for technique, material, thing, level, year in row.competences
        ],
        "languages": None
        if row.languages is None
        else [LanguageSkill(language=code, level=level, can_teach=teaches) for code, level, teaches in row.languages],
        "windows": None if row.windows is None else [AvailabilityWindow(starts=starts, ends=ends) for starts, ends in row.windows],
        "positions": None
        if row.positions is None
        else [
            Position(title=title, place=place, starts=starts, ends=ends, institution_id=institution)
            for title, place, starts, ends, institution in row.positions
        ],
    }


COMPARED: dict[str, tuple[str, ...]] = {
    "names": ("kind", "language", "given", "family", "patronymic", "whole"),
    "profile_fields": ("concept_id", "primary"),
    "competences": ("technique_id", "material_id", "object_type_id", "level", "last_year"),
    "languages": ("language", "level", "can_teach"),
    "windows": ("starts", "ends"),
    "positions": ("title", "place", "starts", "ends", "institution_id"),
}


def _content(name: str, rows: Iterable[Any]) -> set[tuple[Any, ...]]:
    """The content of rows, without their order."""
    return {tuple(getattr(row, column) for column in COMPARED[name]) for row in rows}


# ---- writing ---------------------------------------------------------------------------------------------------------


def _add(people: Sequence[PlannedChange]) -> None:
    if not people:
        return
    for planned, key in zip(people, reserve_keys(ExpertProfile, len(people)), strict=True):
        planned.profile.pk = key  # assigned beforehand: only a profile with a key has related managers
        _index(planned)
    ExpertProfile.objects.bulk_create([planned.profile for planned in people])
    ImportedExpert.objects.bulk_create([_tied(planned.record, planned.profile) for planned in people])
    _write_parts(people)


def _update(people: Sequence[PlannedChange]) -> None:
    if not people:
        return
    for name, model in PARTS.items():
        owners = [planned.profile.pk for planned in people if name in planned.parts]
        if owners:
            model.objects.filter(profile_id__in=owners).delete()
    now = timezone.now()
    for planned in people:
        _index(planned)
        planned.profile.updated_at = now
    profiles = [_values(planned.profile, PROFILE_COLUMNS) for planned in people]
    update_rows(ExpertProfile, PROFILE_COLUMNS, profiles)
    update_rows(ImportedExpert, RECORD_COLUMNS, [_values(planned.record, RECORD_COLUMNS) for planned in people])
    _write_parts(people)


def _values(instance: Any, columns: Iterable[str]) -> dict[str, Any]:
    return {"id": instance.pk} | {column: getattr(instance, column) for column in columns}


def _write_parts(people: Sequence[PlannedChange]) -> None:
    for name, model in PARTS.items():
        rows = [_tied(row, planned.profile) for planned in people for row in planned.parts.get(name, [])]
        if rows:
            model.objects.bulk_create(rows)


def _tied(row: Any, profile: ExpertProfile) -> Any:
    row.profile = profile
    return row


def _parts_in_memory(profile: ExpertProfile) -> dict[str, Any]:
    return getattr(profile, "_prefetched_objects_cache", {})


def _index(planned: PlannedChange) -> None:
    """Set the index columns from the rows in memory, old and new, as if they had been prefetched."""
    profile, before = planned.profile, _parts_in_memory(planned.profile)
    rows = {name: planned.parts[name] if name in planned.parts else list(before.get(name, [])) for name in PARTS}
    rows["competences"] = sorted(rows["competences"], key=lambda row: (-row.level, -(row.last_year or 9999)))
    rows["languages"] = sorted(rows["languages"], key=lambda row: (-row.level, row.language))
    profile._prefetched_objects_cache = rows  # type: ignore[attr-defined]  # noqa: SLF001 -- as prefetch_related leaves it
    filled = {*profile.filled_sections} - {"positions"} | ({"positions"} if rows["positions"] else set())
    profile.filled_sections = sorted(filled)
    prepare_index(profile)
