"""What the register says of an institution beside its record: further names, the fact sheet, old addresses, what stands in the way of verifying it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.core.access import require
from exchange.core.errors import DomainError, Text
from exchange.core.history import record_history
from exchange.core.spoken_languages import Language
from exchange.core.translated import Translated, clean_translations
from profiles.domain.coordinators import coordinator_ids
from profiles.domain.institutions import can_edit_institution, refresh_institution
from profiles.domain.profiles import clean_line
from profiles.models import FactSheet, FormerSlug, Institution, InstitutionName, Membership, User
from profiles.states import InstitutionNameKind, InstitutionState, Role

MAX_NAMES = 40
SHEET_TEXTS = (*("labs", "equipment", "collections", "library", "housing", "housing_price", "visa_help", "accessibility"),)
SHEET_FIELDS = (*SHEET_TEXTS, "housing_places", "work_languages")


# ---- names -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_names(institution: Institution, rows: Iterable[Mapping[str, str]], *, by: User) -> None:
    """Set the further names (text, language, kind) to exactly these; a text said twice, or in the record already, counts once.

    The history keeps what was added and removed. Refuses more than `MAX_NAMES`. Sends `institution_changed` when anything changed.
    """
    require(can_edit_institution(by, institution))
    held: Institution = Institution.objects.select_for_update(of=("self",)).defer("search").get(pk=institution.pk)
    wanted = _clean_names(held, rows)
    if len(wanted) > MAX_NAMES:
        raise DomainError(_("Too many names."), code="too-many")
    before = {row.text: (row.language, row.kind) for row in held.names.all()}
    if before == wanted:
        return
    held.names.exclude(text__in=wanted).delete()
    for text, (language, kind) in wanted.items():
        if before.get(text) != (language, kind):
            InstitutionName.objects.update_or_create(institution=held, text=text, defaults={"language": language, "kind": kind})
    data = {"added": sorted(wanted.keys() - before.keys()), "removed": sorted(before.keys() - wanted.keys())}
    record_history(held, transition="names", by=by, before=held.state, after=held.state, data=data)
    refresh_institution(held)


def _clean_names(institution: Institution, rows: Iterable[Mapping[str, str]]) -> dict[str, tuple[str, str]]:
    known = {*institution.name.values(), institution.short_name}
    wanted: dict[str, tuple[str, str]] = {}
    for row in rows:
        text = clean_line(row.get("text", ""), 250)
        if text and text not in known:
            language = row.get("language", "")
            wanted.setdefault(
                text,
                (language if language in Language.values else "", InstitutionNameKind(row.get("kind") or "alias").value),
            )
    return wanted


@dataclass(frozen=True)
class AlsoKnown:
    """One more name as a page shows it."""

    text: str
    language: str
    label: str


def also_known_as(institution: Institution) -> list[AlsoKnown]:
    """Every name but the shown one: the translations first, then the further names, each text once."""
    shown = str(institution.name)
    found = {text: AlsoKnown(text, code, "") for code, text in institution.name.items() if text != shown}
    for row in institution.names.all():
        if row.text not in {shown, institution.short_name}:
            label = str(row.get_kind_display()) if row.kind in {InstitutionNameKind.FORMER, InstitutionNameKind.OFFICIAL} else ""
            found.setdefault(row.text, AlsoKnown(row.text, row.language, label))
    return list(found.values())


# ---- the fact sheet --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SheetSection:
    """One part of a fact sheet as a page shows it; `lines` are short facts under it."""

    code: str
    title: Text
    text: Translated = field(default_factory=Translated)
    lines: list[tuple[Text, str]] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return f"facts-{self.code}"


SECTION_TITLES: tuple[tuple[str, Text], ...] = (
    ("labs", pgettext_lazy("section of a fact sheet", "Laboratories and workshops")),
    ("equipment", pgettext_lazy("section of a fact sheet", "Equipment")),
    ("collections", pgettext_lazy("section of a fact sheet", "Collections")),
    ("library", pgettext_lazy("section of a fact sheet", "Library and archive")),
    ("housing", pgettext_lazy("section of a fact sheet", "Housing")),
    ("visa_help", pgettext_lazy("section of a fact sheet", "Help with visas and registration")),
    ("accessibility", pgettext_lazy("section of a fact sheet", "Accessibility")),
)


def sheet_of(institution: Institution) -> FactSheet:
    """The fact sheet, an empty unsaved one when nothing is written yet."""
    return FactSheet.objects.filter(institution=institution).first() or FactSheet(institution=institution)


def sheet_sections(sheet: FactSheet | None) -> list[SheetSection]:
    """The parts that say something, in order; none for an empty sheet or no sheet."""
    if sheet is None:
        return []
    sections = [SheetSection(code, title, getattr(sheet, code), _lines(sheet, code)) for code, title in SECTION_TITLES]
    if sheet.work_languages:
        names = ", ".join(str(Language(code).label) for code in sheet.work_languages)
        title = pgettext_lazy("section of a fact sheet", "Languages of work")
        sections.append(SheetSection("work_languages", title, lines=[("", names)]))
    return [section for section in sections if section.text or section.lines]


def _lines(sheet: FactSheet, code: str) -> list[tuple[Text, str]]:
    if code != "housing":
        return []
    lines: list[tuple[Text, str]] = []
    if sheet.housing_places is not None:
        lines.append((pgettext_lazy("housing of an institution", "Places to stay"), str(sheet.housing_places)))
    if sheet.housing_price:
        lines.append((pgettext_lazy("housing of an institution", "What it costs"), str(sheet.housing_price)))
    return lines


@transaction.atomic
def save_sheet(institution: Institution, *, by: User, facilities: Any = None, **facts: Any) -> FactSheet:
    """Set any of `SHEET_FIELDS`, and the remarks in the record; the history keeps which changed. Sends `institution_changed` if any did."""
    require(can_edit_institution(by, institution))
    held: Institution = Institution.objects.select_for_update(of=("self",)).defer("search").get(pk=institution.pk)
    sheet = sheet_of(held)
    changed = []
    for name in SHEET_FIELDS:
        if name in facts:
            value = clean_translations(facts[name]) if name in SHEET_TEXTS else facts[name]
            if getattr(sheet, name) != value:
                setattr(sheet, name, value)
                changed.append(name)
    if changed:
        sheet.save()
    if facilities is not None and held.facilities != clean_translations(facilities):
        held.facilities = clean_translations(facilities)
        held.save(update_fields=["facilities"])
        changed.append("facilities")
    if changed:
        record_history(held, transition="facts", by=by, before=held.state, after=held.state, data={"changed": changed})
        refresh_institution(held)
    return sheet


# ---- addresses -------------------------------------------------------------------------------------------------------


def moved_to(slug: str, reader: Any) -> Institution | None:
    """The institution an old address leads to, if this reader may see it."""
    address = FormerSlug.objects.filter(slug=slug).first()
    if address is None:
        return None
    found: Institution | None = Institution.objects.visible_to(reader).defer("search").filter(pk=address.institution_id).first()
    return found


# ---- verification ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class VerificationIssue:
    """One thing that a coordinator will ask for, and who can do something about it."""

    code: str
    text: Text


def verification_issues(institution: Institution) -> list[VerificationIssue]:
    """What an institution lacks before a coordinator can vouch for it, in order; two queries."""
    found = []
    if not institution.name.get("en") and not institution.name.get("ru"):
        found.append(VerificationIssue("name", _("A name in English or Russian, so that the other countries can read it.")))
    if not institution.website:
        found.append(VerificationIssue("website", _("A website, or a page about it on the site of the body it belongs to.")))
    if not institution.description:
        found.append(VerificationIssue("description", _("A few sentences on what it does.")))
    if not institution.fields.exists():
        found.append(VerificationIssue("fields", _("The fields it works in.")))
    if not Membership.objects.filter(institution=institution, role=Role.OWNER, user__is_active=True).exists():
        found.append(VerificationIssue("owner", _("Somebody who owns its record.")))
    return found


@dataclass(frozen=True)
class UnverifiedInstitution:
    """An institution that may not post yet: what is missing on its side, and whether anybody can verify it."""

    institution: Institution
    issues: list[VerificationIssue]
    has_coordinator: bool

    @property
    def suspended(self) -> bool:
        return self.institution.state == InstitutionState.SUSPENDED


def unverified_institutions(user: Any) -> list[UnverifiedInstitution]:
    """The institutions this person edits that may not post programmes, with the reasons."""
    rows = Institution.objects.filter(pk__in=user.access.edited_institutions).exclude(state=InstitutionState.VERIFIED)
    return [
        UnverifiedInstitution(row, verification_issues(row), bool(coordinator_ids(row.country)))
        for row in rows.defer("search").order_by("pk")
    ]
