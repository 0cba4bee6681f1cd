"""Reading hand-edited CSV tables: every mistake is collected with its file, row and column."""

import datetime
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from exchange.core.csv_reader import Mistake, read_csv

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Problem:
    """One mistake. `row` counts as a spreadsheet does: the header is row 1. Other files have other names for row and column."""

    file: str
    row: int | None
    column: str
    text: str
    row_name: str = "row"
    column_name: str = "column"

    def __str__(self) -> str:
        place = [self.file]
        if self.row is not None:
            place.append(f"{self.row_name} {self.row}")
        if self.column:
            place.append(f"{self.column_name} {self.column}")
        return f"{', '.join(place)}: {self.text}"


class TableError(Exception):
    """The tables have problems; nothing was written."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass
class Row:
    """A row. Its methods record a problem and return a default for an invalid cell, so that the rest is checked too."""

    file: str
    place: int
    values: dict[str, str]
    problems: list[Problem] = field(repr=False)

    def wrong(self, column: str, text: str) -> None:
        self.problems.append(Problem(self.file, self.place, column, text))

    def text(self, column: str, *, max_length: int = 0, required: bool = True) -> str:
        """The cell without surrounding blanks, in Unicode's composed form."""
        value = unicodedata.normalize("NFC", self.values.get(column, "")).strip()
        if required and not value:
            self.wrong(column, "is empty")
        if max_length and len(value) > max_length:
            self.wrong(column, f"has {len(value)} characters, at most {max_length} fit")
        return value

    def slug(self, column: str = "id", *, max_length: int = 80) -> str:
        value = self.text(column, max_length=max_length)
        if value and not SLUG.fullmatch(value):
            self.wrong(column, f"{value!r} is not an id: small letters, digits and single hyphens are wanted")
        return value

    def choice(self, column: str, allowed: Collection[str], *, required: bool = True) -> str:
        value = self.text(column, required=required)
        if value and value not in allowed:
            self.wrong(column, f"{value!r} is none of {', '.join(allowed)}")
        return value

    def many(
        self, column: str, allowed: Collection[str] | None = None, *, max_length: int = 0, required: bool = False
    ) -> list[str]:
        """The parts of a cell between semicolons, without duplicates."""
        parts = list(dict.fromkeys(part.strip() for part in self.text(column, required=required).split(";") if part.strip()))
        for part in parts:
            if max_length and len(part) > max_length:
                self.wrong(column, f"{part[:30]!r}… has {len(part)} characters, at most {max_length} fit")
            if allowed is not None and part not in allowed:
                self.wrong(column, f"{part!r} is not known")
        return parts

    def tagged(self, column: str, allowed: Collection[str], *, max_length: int = 0) -> list[tuple[str, str]]:
        """`key:value;key:value`, each key one of `allowed` and any number of times; pairs that appear twice are kept once."""
        found: list[tuple[str, str]] = []
        for part in self.many(column):
            key, colon, value = (piece.strip() for piece in part.partition(":"))
            if not colon or not value:
                self.wrong(column, f"{part!r} is not of the form key:value")
            elif key not in allowed:
                self.wrong(column, f"{key!r} in {part!r} is none of {', '.join(allowed)}")
            elif max_length and len(value) > max_length:
                self.wrong(column, f"{value[:30]!r}… has {len(value)} characters, at most {max_length} fit")
            else:
                found.append((key, value))
        return list(dict.fromkeys(found))

    def pairs(self, column: str, allowed: Collection[str]) -> dict[str, str]:
        """`key:value;key:value`, each key once and one of `allowed`."""
        found: dict[str, str] = {}
        for part in self.many(column):
            key, colon, value = (piece.strip() for piece in part.partition(":"))
            if not colon or not value:
                self.wrong(column, f"{part!r} is not of the form key:value")
            elif key not in allowed:
                self.wrong(column, f"{key!r} in {part!r} is not known")
            elif key in found:
                self.wrong(column, f"{key!r} appears twice")
            else:
                found[key] = value
        return found

    def number(self, column: str, *, minimum: float, maximum: float) -> float | None:
        value = self.text(column, required=False)
        if not value:
            return None
        try:
            number = float(value)
        except ValueError:
            self.wrong(column, f"{value!r} is not a number")
            return None
        if not minimum <= number <= maximum:
            self.wrong(column, f"{value} is not between {minimum:g} and {maximum:g}")
            return None
        return number

    def whole(self, column: str, *, minimum: int, maximum: int, value: str | None = None) -> int:
        """A whole number; `value` when it is a part of the cell."""
        text = self.text(column) if value is None else value
        if not text:
            return minimum
        if not re.fullmatch(r"\d{1,9}", text):
            self.wrong(column, f"{text!r} is not a whole number")
            return minimum
        if not minimum <= int(text) <= maximum:
            self.wrong(column, f"{text} is not between {minimum} and {maximum}")
            return minimum
        return int(text)

    def date(self, column: str) -> datetime.date | None:
        value = self.text(column)
        if not value:
            return None
        try:
            return datetime.datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 -- a day, not a moment
        except ValueError:
            self.wrong(column, f"{value!r} is not a date of the form 2027-01-31")
            return None


WORDS = {
    Mistake.EMPTY: "is empty",
    Mistake.ENCODING: "is not UTF-8: a byte in line %(line)s cannot be read",
    Mistake.SYNTAX: "is not a CSV file: %(reason)s",
    Mistake.WIDTH: "has %(found)s cells, the header has %(wanted)s",
    Mistake.MISSING: "is missing",
    Mistake.DUPLICATE: "appears twice",
    Mistake.UNKNOWN: "is not a column of this table",
}


def read_table(path: Path, columns: Collection[str], problems: list[Problem], *, optional: Collection[str] = ()) -> Iterator[Row]:
    """The rows of a CSV file with these columns (and any optional ones) and unique ids; problems are recorded."""

    def report(mistake: Mistake, row: int | None, column: str, facts: dict[str, Any]) -> None:
        problems.append(Problem(path.name, None if mistake == Mistake.SYNTAX else row, column, WORDS[mistake] % facts))

    ids: set[str] = set()
    known = {*columns, *optional}
    for place, values in read_csv(path.read_bytes(), required=columns, is_known=known.__contains__, report=report):
        row = Row(path.name, place, values, problems)
        key = values["id"].strip()
        if key and key in ids:
            row.wrong("id", f"{key!r} stands in an earlier row too")
        ids.add(key)
        yield row
