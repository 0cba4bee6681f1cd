"""Reading a table of people as spreadsheets save it. Every mistake is noted with its row and column, and reading goes on."""

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

DELIMITERS = (",", ";", "\t")
MAX_KEPT = 200
"""So many mistakes are kept in words; the rest is counted."""
MAX_RECORD_LENGTH = 1_000_000


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


class Table:
    """A CSV file: UTF-8 with or without byte order mark; commas, semicolons or tabs; the columns named by its first row, in any order."""

    def __init__(
        self, content: bytes, *, required: Collection[str], known: Collection[str], also: "re.Pattern[str]", problems: Problems
    ) -> None:
        self.content = content
        self.required = required
        self.known = known
        self.also = also
        self.problems = problems
        self.columns: list[str] = []

    def __iter__(self) -> Iterator[Row]:
        """Rows whose width is right; the others are noted."""
        text = self._decoded()
        if text is None:
            return
        records = self._records(text)
        self.columns = ["".join(filter(str.isprintable, cell)).strip().lower()[:80] for cell in next(records, [])]
        if not any(self.columns):
            self.problems.note(None, "", _("The file is empty."))
            return
        while not self.columns[-1]:
            self.columns.pop()
        if not self._has_good_header():
            return
        width = len(self.columns)
        for place, record in enumerate(records, start=2):
            if not any(cell.strip() for cell in record):
                continue
            if len(record) < width or any(cell.strip() for cell in record[width:]):
                message = _("The row has %(found)s cells, the first row has %(wanted)s.") % {"found": len(record), "wanted": width}
                self.problems.note(place, "", message)
                continue
            yield Row(place, dict(zip(self.columns, record, strict=False)), self.problems)

    def _decoded(self) -> str | None:
        try:
            text = self.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            message = _("The file is not UTF-8: a letter in line %(line)s cannot be read. Save it again as “CSV UTF-8”.")
            self.problems.note(None, "", message % {"line": line})
            return None
        return text

    def _records(self, text: str) -> Iterator[list[str]]:
        csv.field_size_limit(max(csv.field_size_limit(), MAX_RECORD_LENGTH))
        place = 0
        try:
            for place, record in enumerate(  # noqa: B007 -- read below, when the next record breaks
                csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True), start=1
            ):
                yield record
        except csv.Error as error:
            message = _("The file cannot be read from this row on: %(reason)s.") % {"reason": error}
            self.problems.note(place + 1, "", message)
            self.problems.whole = True

    def _has_good_header(self) -> bool:
        before = self.problems.count
        for column in self.required:
            if column not in self.columns:
                self.problems.note(1, column, _("This column is missing."))
        for column in dict.fromkeys(self.columns):
            if self.columns.count(column) > 1:
                self.problems.note(1, column, _("This column stands twice."))
            if column not in self.known and not self.also.fullmatch(column):
                self.problems.note(1, column, _("No column of this name is known."))
        return self.problems.count == before


def delimiter_of(text: str) -> str:
    """What separates the cells of the first row: the one that makes most of them."""
    head = text[:20_000]

    def cells(delimiter: str) -> int:
        try:
            return len(next(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), []))
        except csv.Error:
            return 0

    return max(DELIMITERS, key=cells)


def is_plain(text: str) -> bool:
    """Whether nothing invisible stands in it."""
    return all(unicodedata.category(char)[0] != "C" for char in text)
