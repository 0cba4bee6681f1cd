"""Reading a CSV table of people. Every mistake is reported with row and column, and reading continues."""

import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from exchange.core.csv_reader import Mistake, read_csv

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

    def wrong(self, column: str, text: str) -> None:
        self.problems.note(self.place, column, text)

    def has(self, column: str) -> bool:
        return column in self.values

    def text(self, column: str) -> str:
        """The text of the cell, without surrounding blanks."""
        return self.values.get(column, "").strip()


WORDS = {
    Mistake.EMPTY: _("The file is empty."),
    Mistake.ENCODING: _("The file is not UTF-8: a character in line %(line)s cannot be read. Save it again as “CSV UTF-8”."),
    Mistake.SYNTAX: _("The file cannot be read from this row on: %(reason)s."),
    Mistake.WIDTH: _("The row has %(found)s cells, the first row has %(wanted)s."),
    Mistake.MISSING: _("This column is missing."),
    Mistake.DUPLICATE: _("This column appears twice."),
    Mistake.UNKNOWN: _("There is no column with this name."),
}


def read_table(content: bytes, *, required: Collection[str], is_known: Callable[[str], bool], problems: Problems) -> Iterator[Row]:
    """The rows of a CSV file, as `read_csv` reads it; mistakes are added to `problems`."""

    def report(mistake: Mistake, row: int | None, column: str, facts: dict[str, Any]) -> None:
        problems.note(row, column, str(WORDS[mistake]) % facts)
        problems.whole = problems.whole or mistake == Mistake.SYNTAX

    for place, values in read_csv(content, required=required, is_known=is_known, report=report):
        yield Row(place, values, problems)


def is_plain(text: str) -> bool:
    """Whether the text has no invisible characters."""
    return all(unicodedata.category(char)[0] != "C" for char in text)
