"""The import of all tables: read everything, refuse everything if anything is wrong, write everything in one transaction."""

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
from profiles.models import Concept, FormerSlug, Institution

DATA = Path(__file__).parent / "data"


@dataclass
class Report:
    """What happened to each kind of thing."""

    concepts: Outcome = field(default_factory=lambda: Outcome(0))
    institutions: Outcome = field(default_factory=lambda: Outcome(0))
    programs: Outcome = field(default_factory=lambda: Outcome(0))

    @property
    def wrote(self) -> bool:
        return bool(self.concepts.written or self.institutions.written or self.programs.written)


@dataclass
class Tables:
    """What the files of a folder say. A file that is not there says nothing."""

    concepts: dict[str, ConceptRow] = field(default_factory=dict)
    institutions: dict[str, InstitutionRow] = field(default_factory=dict)
    programs: dict[str, ProgramRow] = field(default_factory=dict)


def read_tables(folder: Path, *, demo: bool = False) -> Tables:
    """Read and check every table of the folder. Raises TableError with everything that is wrong, all at once."""
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
    """Bring vocabulary and institutions (and with `demo` the demonstration programmes) to what the files say.

    Raises TableError, with nothing written, when anything in any file is wrong. A second run writes nothing.
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
