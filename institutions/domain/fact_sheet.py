"""Further names, the fact sheet, former slugs and verification issues of an institution."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.domain.coordinators import coordinator_ids
from accounts.models import User
from accounts.states import Role
from exchange.core.access import require
from exchange.core.errors import DomainError, Text
from exchange.core.history import record_history
from exchange.core.lines import clean_line
from exchange.core.spoken_languages import Language
from exchange.core.translated import Translated, clean_translations
from institutions.domain.institutions import can_edit_institution
from institutions.models import FactSheet, FormerSlug, Institution, InstitutionName, Membership
from institutions.signals import institution_changed
from institutions.states import InstitutionNameKind, InstitutionState

MAX_NAMES = 40
SHEET_TEXTS = (*("labs", "equipment", "collections", "library", "housing", "housing_price", "visa_help", "accessibility"),)
SHEET_FIELDS = (*SHEET_TEXTS, "housing_places", "work_languages")


# ---- names -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_names(institution: Institution, rows: Iterable[Mapping[str, str]], *, by: User) -> None:
    """Set the further names (text, language, kind) to exactly these; a text given twice, or already in the record, counts once.

    The history records what was added and removed. Refuses more than `MAX_NAMES`. Sends `institution_changed` when anything changed.
    """
    require(can_edit_institution(by, institution))
    locked: Institution = Institution.objects.select_for_update(of=("self",)).get(pk=institution.pk)
    wanted = _clean_names(locked, rows)
    if len(wanted) > MAX_NAMES:
        raise DomainError(_("Too many names."), code="too-many")
    before = {row.text: (row.language, row.kind) for row in locked.names.all()}
    if before == wanted:
        return
    locked.names.exclude(text__in=wanted).delete()
    for text, (language, kind) in wanted.items():
        if before.get(text) != (language, kind):
            InstitutionName.objects.update_or_create(institution=locked, text=text, defaults={"language": language, "kind": kind})
    data = {"added": sorted(wanted.keys() - before.keys()), "removed": sorted(before.keys() - wanted.keys())}
    record_history(locked, transition="names", by=by, before=locked.state, after=locked.state, data=data)
    institution_changed.send(Institution, institution_id=locked.pk)


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
    """A further name as a page shows it."""

    text: str
    language: str
    label: str


def also_known_as(institution: Institution) -> list[AlsoKnown]:
    """Every name except the displayed one: translations first, then further names, each text once."""
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
    """A section of a fact sheet as a page shows it; `lines` are short facts below the text."""

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
    """The fact sheet, or an empty unsaved one."""
    return FactSheet.objects.filter(institution=institution).first() or FactSheet(institution=institution)


def sheet_sections(sheet: FactSheet | None) -> list[SheetSection]:
    """The sections with content, in order; none for an empty sheet or None."""
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
    """Set any of `SHEET_FIELDS`, and the facilities of the record; the history records which fields changed. Sends `institution_changed` if any did."""
    require(can_edit_institution(by, institution))
    locked: Institution = Institution.objects.select_for_update(of=("self",)).get(pk=institution.pk)
    sheet = sheet_of(locked)
    changed = []
    for name in SHEET_FIELDS:
        if name in facts:
            value = clean_translations(facts[name]) if name in SHEET_TEXTS else facts[name]
            if getattr(sheet, name) != value:
                setattr(sheet, name, value)
                changed.append(name)
    if changed:
        sheet.save()
    if facilities is not None and locked.facilities != clean_translations(facilities):
        locked.facilities = clean_translations(facilities)
        locked.save(update_fields=["facilities"])
        changed.append("facilities")
    if changed:
        record_history(locked, transition="facts", by=by, before=locked.state, after=locked.state, data={"changed": changed})
        institution_changed.send(Institution, institution_id=locked.pk)
    return sheet


# ---- former slugs -------------------------------------------------------------------------------------------------------


def moved_to(slug: str, reader: Any) -> Institution | None:
    """The institution a former slug redirects to, if this reader may see it; else None."""
    address = FormerSlug.objects.filter(slug=slug).first()
    if address is None:
        return None
    found: Institution | None = Institution.objects.visible_to(reader).filter(pk=address.institution_id).first()
    return found


# ---- verification ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class VerificationIssue:
    """Something a coordinator will ask for before verifying, and who can provide it."""

    code: str
    text: Text


def verification_issues(institution: Institution) -> list[VerificationIssue]:
    """What an institution lacks before a coordinator can verify it, in order. Two queries."""
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
        found.append(VerificationIssue("owner", _("A person who owns its record.")))
    return found


@dataclass(frozen=True)
class UnverifiedInstitution:
    """An institution that may not post programmes yet: what it lacks, and whether it has a coordinator."""

    institution: Institution
    issues: list[VerificationIssue]
    has_coordinator: bool

    @property
    def suspended(self) -> bool:
        return self.institution.state == InstitutionState.SUSPENDED


def unverified_institutions(user: Any) -> list[UnverifiedInstitution]:
    """The institutions this user edits that may not post programmes, with the reasons."""
    rows = Institution.objects.filter(pk__in=user.access.edited_institutions).exclude(state=InstitutionState.VERIFIED)
    return [UnverifiedInstitution(row, verification_issues(row), bool(coordinator_ids(row.country))) for row in rows.order_by("pk")]
