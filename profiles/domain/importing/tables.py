"""Reading a table of people as spreadsheets save it. Every mistake is noted with its row and column, and reading goes on."""

import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from exchange.core.csv_reader import Mistake, read_csv

MAX_KEPT = 200
"""So many mistakes are kept in words; the rest is counted."""


@dataclass(frozen=True)
class Problem:
    """One mistake. `row` counts as a spreadsheet does: the header is row 1, and None means the file as a whole."""

    row: int | None
    column: str
    text: str

    def __str__(self) -> str:
        place = [f"row {self.row}"] if self.row is not None else []
        place += [f"column {self.column}"] if self.column else []
        return f"{', '.join(place)}: {self.text}" if place else self.text

    def as_list(self) -> list[Any]:
        """For keeping as JSON."""
        return [self.row, self.column, self.text]


@dataclass
class Problems:
    """What is wrong with a table: the first `MAX_KEPT` mistakes, the number of all, and which rows they spoil."""

    kept: list[Problem] = field(default_factory=list)
    count: int = 0
    rows: set[int] = field(default_factory=set)
    whole: bool = False
    """Whether something is wrong with the file itself, so that no row of it can be trusted."""

    def note(self, row: int | None, column: str, text: str) -> None:
        self.count += 1
        if len(self.kept) < MAX_KEPT:
            self.kept.append(Problem(row, column, text))
        if row is None or row == 1:
            self.whole = True
        else:
            self.rows.add(row)

    def __bool__(self) -> bool:
        return self.count > 0


@dataclass
class Row:
    """One record of the table."""

    place: int
    values: dict[str, str]
    problems: Problems = field(repr=False)

    def wrong(self, column: str, text: str) -> None:
        self.problems.note(self.place, column, text)

    def has(self, column: str) -> bool:
        return column in self.values

    def text(self, column: str) -> str:
        """The cell as it stands, without surrounding blanks."""
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
    """The rows of a CSV file, as `read_csv` reads it; what is wrong is noted in `problems`."""

    def report(mistake: Mistake, row: int | None, column: str, facts: dict[str, Any]) -> None:
        problems.note(row, column, str(WORDS[mistake]) % facts)
        problems.whole = problems.whole or mistake == Mistake.SYNTAX

    for place, values in read_csv(content, required=required, is_known=is_known, report=report):
        yield Row(place, values, problems)


def is_plain(text: str) -> bool:
    """Whether nothing invisible stands in it."""
    return all(unicodedata.category(char)[0] != "C" for char in text)
