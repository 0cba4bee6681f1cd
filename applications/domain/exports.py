"""The host's table as a file: CSV that spreadsheets open in every script, or XLSX; what the reader may see, and no formulas."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from applications.domain.tables import ORDERS, Row, chosen_order, conditions, decides_for, hosted_rows, rows_of
from exchange.core.countries import Country
from profiles.models import User
from programs.domain.answers import display_answers
from programs.models import Program

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BOM = "\ufeff"
LONGEST_CELL = 32_000
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Cells = list[str]


def write_table(program: Program, user: User, params: QueryDict, kind: str) -> bytes:
    """The file's bytes: a head, then a row for each application the address' filters leave and this person reads."""
    rows = list(_table(program, user, params))
    return _write_xlsx(rows) if kind == "xlsx" else _write_csv(rows)


def _table(program: Program, user: User, params: QueryDict) -> Iterator[Cells]:
    decides = decides_for(program, user)
    known = conditions(decides=decides)
    found = hosted_rows(program, user).filter(known.get(params.get("show", ""), known[""]))
    if params.get("country", "") in Country.values:
        found = found.filter(country=params["country"])
    found = found.order_by(*ORDERS[chosen_order(params, decides=decides)]).select_related("expert").prefetch_related("reviews")
    questions = [question for question, _text in display_answers(program, {})]
    yield [*_head(), *(str(question.label) for question in questions)]
    for row in rows_of(found, user, decides=decides):
        answers = [text for _question, text in display_answers(program, row.application.answers)]
        yield [*_cells(row), *answers]


def _head() -> Cells:
    return [
        _("Applicant"),
        _("In Latin letters"),
        _("Country"),
        _("Where it stands"),
        _("Submitted"),
        _("Reviews"),
        _("Mean"),
        pgettext("column of a table", "Lowest"),
        pgettext("column of a table", "Highest"),
        _("My score"),
        _("Statement"),
    ]


def _cells(row: Row) -> Cells:
    application = row.application
    submitted = timezone.localtime(application.submitted_at) if application.submitted_at else None
    return [
        application.expert.shown_name,
        application.expert.latin_name,
        str(Country(application.country).label),
        str(application.get_state_display()),
        submitted.strftime("%Y-%m-%d %H:%M") if submitted else "",
        str(application.review_count),
        str(application.mean_score) if row.scores_shown and application.mean_score is not None else "",
        str(min(row.means)) if row.means else "",
        str(max(row.means)) if row.means else "",
        str(row.mine.mean) if row.mine else "",
        application.statement,
    ]


def _write_csv(rows: list[Cells]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([[_harmless(cell) for cell in row] for row in rows])
    return (BOM + out.getvalue()).encode()


def _harmless(cell: str) -> str:
    """A text that no spreadsheet runs as a formula."""
    return f"'{cell}" if cell.startswith(STARTS_A_FORMULA) else cell


def _write_xlsx(rows: list[Cells]) -> bytes:
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(pgettext("name of a sheet", "Applications"))
    sheet.freeze_panes = "B2"
    for row in rows:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST_CELL])
            cell.data_type = "s"  # a string, whatever it begins with
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
