"""Reading CSV files of spreadsheets: every mistake is reported with its row and column."""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator
from enum import StrEnum
from typing import Any

DELIMITERS = (",", ";", "\t")
MAX_CELL_LENGTH = 1_000_000
MAX_COLUMN_NAME = 80
SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?(?:\r\n|\r|\n|$)', re.IGNORECASE)


class Mistake(StrEnum):
    """Mistakes of a file; in brackets the facts that are reported."""

    EMPTY = "empty"
    ENCODING = "encoding"  # (line) where a byte is not UTF-8
    SYNTAX = "syntax"  # (reason) reading ends here
    WIDTH = "width"  # (found, wanted) numbers of cells
    MISSING = "missing"
    UNKNOWN = "unknown"
    DUPLICATE = "twice"
    BINARY = "binary"  # neither text nor a workbook
    OLD = "old"  # a workbook of before 2007
    DAMAGED = "damaged"
    LARGE = "large"
    WIDE = "wide"  # (most) columns
    LONG = "long"  # (most) rows


Report = Callable[[Mistake, int | None, str, dict[str, Any]], None]
"""Called with the mistake, its row, its column and its facts. Rows count as a spreadsheet does: the header is row 1, None is the file."""


class CellError(Exception):
    """An invalid cell; its message is in the reader's language."""


def read_csv(
    content: bytes, *, required: Collection[str], is_known: Callable[[str], bool], report: Report
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows below the header, each with its number and its cells by column; blank rows and rows of another width are skipped.

    UTF-8 with or without byte order mark; commas, semicolons or tabs; columns in any order, in upper or lower case. Nothing
    is read below a header with a missing, duplicate or unknown column.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        report(Mistake.ENCODING, None, "", {"line": error.object[: error.start].count(b"\n") + 1})
        return
    records = (cells for _place, cells in csv_records(text, report))
    columns = ["".join(filter(str.isprintable, cell)).strip().lower()[:MAX_COLUMN_NAME] for cell in next(records, [])]
    if not any(columns):
        report(Mistake.EMPTY, None, "", {})
        return
    while not columns[-1]:
        columns.pop()
    if not _check_header(columns, required, is_known, report):
        return
    width = len(columns)
    for place, record in enumerate(records, start=2):
        if not any(cell.strip() for cell in record):
            continue
        if len(record) < width or any(cell.strip() for cell in record[width:]):
            report(Mistake.WIDTH, place, "", {"found": len(record), "wanted": width})
            continue
        yield place, dict(zip(columns, record, strict=False))


def csv_records(text: str, report: Report) -> Iterator[tuple[int, list[str]]]:
    """The records with their numbers. A first line `sep=;` names the delimiter and is not counted, as in a spreadsheet."""
    csv.field_size_limit(max(csv.field_size_limit(), MAX_CELL_LENGTH))
    place = 0
    named = SEPARATOR_LINE.match(text)
    text = text[named.end() :] if named else text
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=named[1] if named else _delimiter_of(text), strict=True)
    try:
        for place, record in enumerate(reader, start=1):
            yield place, record
    except csv.Error as error:
        report(Mistake.SYNTAX, place + 1, "", {"reason": error})


def _delimiter_of(text: str) -> str:
    """The delimiter that gives the first row most cells."""
    head = text[:20_000]

    def cells(delimiter: str) -> int:
        try:
            return len(next(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), []))
        except csv.Error:
            return 0

    return max(DELIMITERS, key=cells)


def _check_header(columns: list[str], required: Collection[str], is_known: Callable[[str], bool], report: Report) -> bool:
    mistakes = [(Mistake.MISSING, column) for column in required if column not in columns]
    for column in dict.fromkeys(columns):
        if columns.count(column) > 1:
            mistakes.append((Mistake.DUPLICATE, column))
        if not is_known(column):
            mistakes.append((Mistake.UNKNOWN, column))
    for mistake, column in mistakes:
        report(mistake, 1, column, {})
    return not mistakes


def shorten(text: str) -> str:
    """A text on one line, cut to 60 characters, for a message."""
    line = "".join(char for char in " ".join(text.split()) if char.isprintable())
    return line if len(line) <= 60 else f"{line[:59]}…"
