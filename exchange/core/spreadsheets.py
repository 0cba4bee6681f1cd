"""Tables as downloads: CSV with a byte order mark, or XLSX; user text never becomes a formula."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BOM = "\ufeff"
MAX_CELL_LENGTH = 32_000
MAX_SHEET_NAME_LENGTH = 31
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def sheet_response(rows: Iterable[Sequence[str]], *, kind: str, name: str, title: str) -> HttpResponse:
    """The rows as a download called `name`, in a sheet called `title`. Raises Http404 for an unsupported file type."""
    if kind not in CONTENT_TYPES:
        raise Http404
    content = write_xlsx(rows, title) if kind == "xlsx" else write_csv(rows)
    response = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def sheet_stream(rows: Iterable[Sequence[str]], *, kind: str, name: str, title: str) -> HttpResponseBase:
    """As `sheet_response`, for tables too long for memory: CSV is streamed row by row, a workbook through a temporary file."""
    response: HttpResponseBase
    if kind == "csv":
        response = StreamingHttpResponse(_csv_pieces(rows), content_type=CONTENT_TYPES[kind])
    elif kind == "xlsx":
        file = tempfile.TemporaryFile()  # noqa: SIM115 -- the response closes the file
        _save_xlsx(rows, title, file)
        file.seek(0)
        response = FileResponse(file, content_type=CONTENT_TYPES[kind])
    else:
        raise Http404
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _csv_pieces(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    out = io.StringIO()
    writer = csv.writer(out)
    out.write(BOM)
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()


def write_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """CSV with a byte order mark; a cell that a spreadsheet would run as a formula gets an apostrophe before it."""
    out = io.StringIO()
    csv.writer(out).writerows([harmless(cell) for cell in row] for row in rows)
    return (BOM + out.getvalue()).encode()


def harmless(cell: str) -> str:
    """A text that no spreadsheet treats as a formula; plain numbers are unchanged."""
    if cell.startswith(STARTS_A_FORMULA) and not cell.lstrip("+-").replace(".", "", 1).isdigit():
        return f"'{cell}"
    return cell


def write_xlsx(rows: Iterable[Sequence[str]], title: str) -> bytes:
    """A workbook with one sheet; every cell is a string."""
    out = io.BytesIO()
    _save_xlsx(rows, title, out)
    return out.getvalue()


def _save_xlsx(rows: Iterable[Sequence[str]], title: str, out: Any) -> None:
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet("".join(char for char in title if char not in r"[]:*?/\\")[:MAX_SHEET_NAME_LENGTH])
    sheet.freeze_panes = "B2"
    for row in rows:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text)[:MAX_CELL_LENGTH])
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    book.save(out)
