"""Reading a table of people. Every mistake is reported with row and column, and reading continues."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from exchange.core.csv_reader import Mistake
from exchange.core.encodings import NAMES
from exchange.core.table_files import Kind, TableFile, TableFileError
from importing.domain.layouts import Layout, rows_of

MAX_LISTED = 200
"""At most this many mistakes are listed; the rest is counted."""


@dataclass(frozen=True)
class Problem:
    """One mistake. `row` is numbered as in a spreadsheet: the header is row 1; None means the whole file."""

    row: int | None
    column: str
    text: str

    def __str__(self) -> str:
        place = [f"row {self.row}"] if self.row is not None else []
        place += [f"column {self.column}"] if self.column else []
        return f"{', '.join(place)}: {self.text}" if place else self.text

    def as_list(self) -> list[Any]:
        """For storing as JSON."""
        return [self.row, self.column, self.text]


@dataclass
class Problems:
    """The mistakes of a table: the first `MAX_LISTED`, the number of all, and the rows affected."""

    listed: list[Problem] = field(default_factory=list)
    count: int = 0
    rows: set[int] = field(default_factory=set)
    whole: bool = False
    """Whether the file itself is invalid, so that no row can be used."""

    def note(self, row: int | None, column: str, text: str) -> None:
        self.count += 1
        if len(self.listed) < MAX_LISTED:
            self.listed.append(Problem(row, column, text))
        if row is None or row == 1:
            self.whole = True
        else:
            self.rows.add(row)

    def __bool__(self) -> bool:
        return self.count > 0


@dataclass
class Row:
    """One row of the table."""

    place: int
    values: dict[str, str]
    problems: Problems = field(repr=False)
    headings: dict[str, str] = field(repr=False)
    """The heading of each field in the table."""

    def wrong(self, column: str, text: str) -> None:
        self.problems.note(self.place, self.headings.get(column, column), text)

    def has(self, column: str) -> bool:
        return column in self.values

    def text(self, column: str) -> str:
        """The text of the cell, without surrounding blanks."""
        return self.values.get(column, "").strip()


WORDS = {
    Mistake.EMPTY: _("The file is empty."),
    Mistake.ENCODING: _("The encoding of the file is not known. Save it again as XLSX or as “CSV UTF-8”."),
    Mistake.SYNTAX: _("The file cannot be read from this row on: %(reason)s."),
    Mistake.WIDTH: _("The row has %(found)s cells, the first row has %(wanted)s."),
    Mistake.MISSING: _("This column is missing."),
    Mistake.DUPLICATE: _("This column appears twice."),
    Mistake.UNKNOWN: _("There is no column with this name."),
    Mistake.BINARY: _("The file is neither a workbook (XLSX) nor a text table (CSV)."),
    Mistake.OLD: _("The file is a workbook of an old kind (XLS). Save it again as XLSX."),
    Mistake.DAMAGED: _("The workbook is damaged. Save it again as XLSX."),
    Mistake.LARGE: _("The workbook unpacks to too much. Save only the sheet with the people."),
    Mistake.WIDE: _("The table has more than %(most)s columns."),
    Mistake.LONG: _("The table has more than %(most)s rows. Import it in several parts."),
}


def note_unsure(layout: Layout, problems: Problems) -> None:
    """Report what the layout leaves open, for imports in which nobody can be asked."""
    if layout.encoding_is_unsure:
        known = ", ".join(NAMES.get(encoding, encoding) for encoding in layout.encodings)
        problems.note(None, "", _("The encoding of the file may be one of these: %(known)s. Say which.") % {"known": known})
    for mistake, columns in (
        (Mistake.MISSING, layout.missing),
        (Mistake.UNKNOWN, layout.unknown),
        (Mistake.DUPLICATE, layout.twice),
    ):
        for column in columns:
            problems.note(1, column, str(WORDS[mistake]))


def note_unreadable(error: TableFileError, problems: Problems) -> None:
    """Report a file that cannot be read, or not to its end."""
    problems.note(error.row, "", str(WORDS[error.mistake]) % error.facts)
    problems.whole = True


def read_rows(table: TableFile, layout: Layout, problems: Problems) -> Iterator[Row]:
    """The rows of a table by the fields of its layout; mistakes are added to `problems`, under the headings of the table."""
    fields = {number: column.field for number, column in enumerate(layout.columns) if column.field}
    headings = {column.field: column.heading for column in layout.columns if column.field}
    width = len(layout.columns)
    try:
        for place, cells in rows_of(table, layout):
            short = table.kind == Kind.TEXT and len(cells) < width
            if short or any(cell.strip() for cell in cells[width:]):
                problems.note(place, "", str(WORDS[Mistake.WIDTH]) % {"found": len(cells), "wanted": width})
                continue
            values = {field: cells[number] if number < len(cells) else "" for number, field in fields.items()}
            yield Row(place, values, problems, headings)
    except TableFileError as error:
        note_unreadable(error, problems)


def is_plain(text: str) -> bool:
    """Whether the text has no invisible characters."""
    return all(unicodedata.category(char)[0] != "C" for char in text)
