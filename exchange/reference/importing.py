"""Import of all reference tables: all are read and checked first, then written in one transaction."""

import datetime
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from exchange.reference.institutions import FILE as INSTITUTIONS
from exchange.reference.institutions import InstitutionRow, read_institutions, write_institutions
from exchange.reference.programs import FILE as PROGRAMS
from exchange.reference.programs import ProgramRow, read_programs, write_programs
from exchange.reference.tables import Problem, TableError
from exchange.reference.vocabulary import FILE as VOCABULARY
from exchange.reference.vocabulary import ConceptRow, read_vocabulary, write_vocabulary
from exchange.reference.writing import Outcome
from institutions.models import FormerSlug, Institution
from vocabulary.models import Concept

DATA = Path(__file__).parent / "data"


@dataclass
class Report:
    """The outcome for each table."""

    concepts: Outcome = field(default_factory=lambda: Outcome(0))
    institutions: Outcome = field(default_factory=lambda: Outcome(0))
    programs: Outcome = field(default_factory=lambda: Outcome(0))

    @property
    def wrote(self) -> bool:
        return bool(self.concepts.written or self.institutions.written or self.programs.written)


@dataclass
class Tables:
    """The parsed files of a folder. A missing file gives no rows."""

    concepts: dict[str, ConceptRow] = field(default_factory=dict)
    institutions: dict[str, InstitutionRow] = field(default_factory=dict)
    programs: dict[str, ProgramRow] = field(default_factory=dict)


def read_tables(folder: Path, *, demo: bool = False) -> Tables:
    """Read and check every table of the folder. Raises TableError with all problems."""
    problems: list[Problem] = []
    found = Tables()
    wanted = [VOCABULARY, INSTITUTIONS, *([PROGRAMS] if demo else [])]
    present = [name for name in wanted if (folder / name).is_file()]
    if not present:
        raise TableError([Problem(str(folder), None, "", f"holds none of {', '.join(wanted)}")])
    concepts = set(Concept.objects.values_list("slug", flat=True))
    if VOCABULARY in present:
        found.concepts = read_vocabulary(folder, problems)
        concepts |= set(found.concepts)
    hosts = set(Institution.objects.values_list("slug", flat=True)) if demo else set()
    if INSTITUTIONS in present:
        found.institutions = read_institutions(folder, concepts, problems)
        hosts |= set(found.institutions)
    if PROGRAMS in present:
        found.programs = read_programs(folder, hosts, concepts, problems)
    if problems:
        raise TableError(problems)
    return found


@transaction.atomic
def import_reference(folder: Path = DATA, *, demo: bool = False, today: datetime.date | None = None) -> Report:
    """Update vocabulary and institutions (and with `demo` the demonstration programmes) from the files.

    Raises TableError and writes nothing when any file has a problem. A second run changes nothing.
    """
    tables = read_tables(folder, demo=demo)
    report = Report()
    if tables.concepts:
        report.concepts = write_vocabulary(tables.concepts)
    if tables.institutions:
        report.institutions = write_institutions(tables.institutions)
    if tables.programs:
        hosts = {row.host for row in tables.programs.values()}
        known = {institution.slug: institution for institution in Institution.objects.filter(slug__in=hosts)}
        old = FormerSlug.objects.filter(slug__in=hosts).select_related("institution")
        known |= {address.slug: address.institution for address in old}
        report.programs = write_programs(tables.programs, known, today=today or timezone.now().date())
    return report
