"""Tables as people have them: XLSX, and text in the encodings of spreadsheets. What a file is follows from its content, not from its name."""

import datetime
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from exchange.core.archives import unpacked_size
from exchange.core.csv_reader import Mistake, csv_records
from exchange.core.encodings import guess_encodings

MAX_COLUMNS = 200
MAX_ROWS = 50_000
MAX_SHEETS = 50
MAX_UNPACKED = 60 * 1024 * 1024
MAX_MEMBERS = 2000
EXAMINED_ROWS = 30
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError, KeyError, ValueError, TypeError, AttributeError),
    *(IndexError, OSError, EOFError, NotImplementedError, RuntimeError),
)
"""What openpyxl and zipfile raise for damaged files."""


class Kind(StrEnum):
    """Kinds of files that hold a table."""

    TEXT = "text"
    XLSX = "xlsx"


class TableFileError(Exception):
    """The file as a whole cannot be read; `mistake` says why, `facts` belong to its text, `row` is where reading ended."""

    def __init__(self, mistake: Mistake, row: int | None = None, **facts: Any) -> None:
        super().__init__(mistake)
        self.mistake, self.row, self.facts = mistake, row, facts


@dataclass
class TableFile:
    """An opened file. `encodings` has more than one entry when its encoding is unsure, `sheets` when it has several sheets."""

    kind: Kind
    content: bytes = field(repr=False)
    encoding: str = ""
    encodings: tuple[str, ...] = ()
    sheet: str = ""
    sheets: tuple[str, ...] = ()

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """All rows with their numbers in the spreadsheet. Raises TableFileError for a damaged, too wide or too long table."""
        records = _text_records(self) if self.kind == Kind.TEXT else _sheet_records(self.content, self.sheet)
        for count, (place, cells) in enumerate(records):
            if count > MAX_ROWS:
                raise TableFileError(Mistake.LONG, most=MAX_ROWS)
            if len(cells) > MAX_COLUMNS and any(cell.strip() for cell in cells[MAX_COLUMNS:]):
                raise TableFileError(Mistake.WIDE, most=MAX_COLUMNS)
            yield place, cells[:MAX_COLUMNS]


def open_table(content: bytes, *, encoding: str = "", sheet: str = "") -> TableFile:
    """The table in a file; `encoding` and `sheet` decide what is unsure otherwise. Raises TableFileError for anything that is no table.

    Formulas are not evaluated: a cell has the value that the spreadsheet stored.
    """
    if content.startswith(b"PK\x03\x04"):
        sheets = _sheets(content)
        chosen = sheet if sheet in sheets else next((name for name in sheets if _has_rows(content, name)), sheets[0])
        return TableFile(Kind.XLSX, content, sheet=chosen, sheets=sheets)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableFileError(Mistake.OLD)
    if not content.strip():
        raise TableFileError(Mistake.EMPTY)
    encodings = guess_encodings(content)
    if not encodings:
        raise TableFileError(Mistake.ENCODING if _is_text(content) else Mistake.BINARY)
    return TableFile(Kind.TEXT, content, encoding if encoding in encodings else encodings[0], encodings)


def _is_text(content: bytes) -> bool:
    return b"\x00" not in content[:4096] and sum(byte < 9 for byte in content[:4096]) == 0


def _text_records(table: TableFile) -> Iterator[tuple[int, list[str]]]:
    def report(mistake: Mistake, row: int | None, column: str, facts: dict[str, Any]) -> None:
        raise TableFileError(mistake, row, **facts)

    return csv_records(table.content.decode(table.encoding).removeprefix("\ufeff"), report)


# ---- XLSX ------------------------------------------------------------------------------------------------------------


def _check_archive(content: bytes) -> None:
    """Refuse an archive that is no workbook, unpacks to too much, or declares entities of XML."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if "xl/workbook.xml" not in archive.namelist():
            raise TableFileError(Mistake.BINARY)
        if len(members) > MAX_MEMBERS or unpacked_size(archive, MAX_UNPACKED) > MAX_UNPACKED:
            raise TableFileError(Mistake.LARGE)
        for member in members:
            with archive.open(member) as part:
                if b"<!DOCTYPE" in part.read(2048).upper():
                    raise TableFileError(Mistake.BINARY)


def _sheets(content: bytes) -> tuple[str, ...]:
    """The names of the visible sheets."""
    try:
        _check_archive(content)
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        names = [sheet.title for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    except UNREADABLE as error:
        raise TableFileError(Mistake.DAMAGED) from error
    if not names:
        raise TableFileError(Mistake.EMPTY)
    return tuple(names[:MAX_SHEETS])


def _has_rows(content: bytes, sheet: str) -> bool:
    return any(any(cells) for _place, cells in islice(_sheet_records(content, sheet), EXAMINED_ROWS))


def _sheet_records(content: bytes, sheet: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet as texts, without empty cells at their ends."""
    try:
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        page = workbook[sheet]
        page.reset_dimensions()  # what the file says about its size need not be true
        for place, row in enumerate(page.iter_rows(values_only=True), start=1):
            if place > 2 * MAX_ROWS:
                raise TableFileError(Mistake.LONG, most=MAX_ROWS)
            cells = [_text(value) for value in row]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                yield place, cells
    except UNREADABLE as error:
        raise TableFileError(Mistake.DAMAGED) from error


def _text(value: Any) -> str:
    """A cell as it reads: whole numbers without a fraction, days without a time."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)
