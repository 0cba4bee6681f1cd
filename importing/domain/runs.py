"""A complete import: read all rows, refuse the table if any has a mistake, write all rows."""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import IO

from django.utils.translation import gettext as _

from exchange.core.errors import DomainError
from importing.domain.headings import COLUMNS, NAME_PARTS
from importing.domain.layouts import Layout
from importing.domain.people import People, Source, read_people
from importing.domain.tables import Problems
from importing.domain.writing import Outcome, dry_run, write_people

Advance = Callable[[int], None]
EXAMPLE: dict[str, str] = {
    "external_id": "1001",
    "name": "Дилноза Раҳимова",
    "name_lang": "uz",
    "name_ru": "Дилноза Рахимова",
    "name_en": "Dilnoza Rahimova",
    "country": "UZ",
    "city": "Bukhara",
    "fields": "textile-conservation; ethnography",
    "competences": "silk + suzani: leads: 2025",
    "languages": "uz:native ru:C1 en:B2:teaches",
    "headline": "Conservator of silk and embroidery",
    "email": "dilnoza@museum.example",
    "biography": "I restore suzani and other silk embroidery.",
    "biography_lang": "en",
    "experience_years": "12",
    "availability": "2027-02-15..2027-05-20; 2027-09-01..2027-11-30",
    "lead_days": "45",
    "longest_stay_days": "60",
    "affiliation": "",
    "positions": "Restorer: State Museum of Arts: 2015-2020; Head of the textile workshop: State Museum of Arts: 2020-",
}


@dataclass(frozen=True)
class Progress:
    """Called with the number of rows at the beginning, and with the number of rows of each part that is done."""

    start: Advance = lambda total: None
    advance: Advance = lambda done: None


SILENT = Progress()


class TableError(DomainError):
    """A table with mistakes; nothing was imported. `problems` lists the mistakes."""

    def __init__(self, problems: Problems) -> None:
        super().__init__(_("The table has errors; nothing was imported."), code="table")
        self.problems = problems


@dataclass
class Report:
    """The result of an import or dry run, and the mistakes of the rows it left out."""

    total: int
    outcome: Outcome
    problems: Problems = field(default_factory=Problems)
    layout: Layout | None = None


def import_people(
    content: bytes,
    source: Source,
    *,
    layout: Layout | None = None,
    dry: bool = False,
    skip_bad_rows: bool = False,
    progress: Progress = SILENT,
) -> Report:
    """Update the profiles of a source to match its table (see `write_people`).

    Raises TableError, with nothing written, when any row has a mistake; with `skip_bad_rows` only when the table as a whole cannot be
    read. `dry` writes nothing and raises nothing: mistakes are in the report. A second run changes nothing.
    """
    people = read_people(content, source, layout)
    if not dry and not may_write(people, skip_bad_rows=skip_bad_rows):
        raise TableError(people.problems)
    progress.start(len(people.rows))
    work = dry_run if dry else write_people
    return Report(people.total, work(people.rows, source, advance=progress.advance), people.problems, people.layout)


def may_write(people: People, *, skip_bad_rows: bool) -> bool:
    """Whether the table has no mistakes, or is readable and its invalid rows are to be left out."""
    return not people.problems or (skip_bad_rows and not people.problems.whole)


def write_map(ids: Iterable[tuple[str, int]], out: IO[str]) -> None:
    """`external_id,id` for every row, as CSV."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["external_id", "id"])
    writer.writerows(ids)


def template_rows() -> list[list[str]]:
    """A template: all columns, and one invented person."""
    rest = [column for column in COLUMNS[1:] if column not in {"name", "name_lang", *NAME_PARTS}]
    columns = ["external_id", "name", "name_lang", "name_ru", "name_en", *rest]
    return [columns, [EXAMPLE[column] for column in columns]]
