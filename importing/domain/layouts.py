"""The layout of a table: which of its columns is taken for what, and what has to be asked before it is read."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from dataclasses import field as dataclass_field
from itertools import islice
from typing import Any

from exchange.core.csv_reader import Mistake
from exchange.core.table_files import TableFile, TableFileError
from importing.domain.headings import clean_heading, column_of, heading_key, is_column

SAMPLES = 3
HEADER_WITHIN = 20
LEFT_OUT = ""
"""The field of a column that is not imported."""


@dataclass
class Column:
    """A column of the table. `field` is the column of the import, LEFT_OUT, or None as long as nobody has said."""

    heading: str
    field: str | None
    samples: list[str] = dataclass_field(default_factory=list)


@dataclass
class Layout:
    """How a table is read. `ids_from_names`: a person is known by the name, because no column has an id."""

    columns: list[Column] = dataclass_field(default_factory=list)
    header_place: int = 1
    encoding: str = ""
    encodings: list[str] = dataclass_field(default_factory=list)
    sheet: str = ""
    sheets: list[str] = dataclass_field(default_factory=list)
    ids_from_names: bool = False
    encoding_chosen: bool = False
    confirmed: bool = False
    """Whether a person has chosen; then nothing is asked again."""

    @property
    def fields(self) -> list[str]:
        return [column.field for column in self.columns if column.field]

    @property
    def unknown(self) -> list[str]:
        return [column.heading for column in self.columns if column.field is None]

    @property
    def twice(self) -> list[str]:
        return sorted({name for name in self.fields if self.fields.count(name) > 1})

    @property
    def missing(self) -> list[str]:
        """The columns that every table needs and this one lacks."""
        has_name = {"name", "family_name", "given_name"} & set(self.fields)
        has_id = "external_id" in self.fields or self.ids_from_names
        return [name for name, there in (("external_id", has_id), ("name", has_name)) if not there]

    @property
    def asks(self) -> bool:
        """Whether something is unsure: it is asked, never guessed."""
        return bool(self.unknown or self.twice or self.missing or self.encoding_is_unsure)

    @property
    def encoding_is_unsure(self) -> bool:
        return len(self.encodings) > 1 and not (self.confirmed or self.encoding_chosen)

    @property
    def shown_fields(self) -> list[tuple[str, str]]:
        """Heading and field of the columns that are read."""
        return [(column.heading, column.field) for column in self.columns if column.field]

    def without_samples(self) -> dict[str, Any]:
        """As JSON, without the cells that it shows."""
        return asdict(self) | {"columns": [{"heading": column.heading, "field": column.field} for column in self.columns]}

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Layout":
        return cls(**{**stored, "columns": [Column(**column) for column in stored["columns"]]})


def plan_layout(table: TableFile, remembered: Mapping[str, str] | None = None) -> Layout:
    """The layout that the headings of a table suggest; `remembered` fields by `heading_key` come before the known headings.

    The header is the first row with two cells or more, or else the first row. Raises TableFileError for an unreadable table.
    """
    known = remembered or {}
    first = [(place, cells) for place, cells in islice(table.records(), HEADER_WITHIN) if any(cell.strip() for cell in cells)]
    if not first:
        raise TableFileError(Mistake.EMPTY)
    header = next((row for row in first if sum(bool(cell.strip()) for cell in row[1]) > 1), first[0])
    below = [cells for place, cells in first if place > header[0]][:SAMPLES]
    headings = [clean_heading(cell) for cell in header[1]]
    width = max([len(headings), *(_filled(cells) for cells in below)]) if headings else 0
    columns = []
    for number in range(width):
        heading = headings[number] if number < len(headings) else ""
        samples = [clean_heading(cells[number]) if number < len(cells) else "" for cells in below]
        if heading or any(samples):
            columns.append(Column(heading or f"#{number + 1}", _field(heading, known), samples))
        else:
            columns.append(Column("", LEFT_OUT))
    while columns and not columns[-1].heading:
        columns.pop()
    return Layout(columns, header[0], table.encoding, list(table.encodings), table.sheet, list(table.sheets))


def _filled(cells: list[str]) -> int:
    return max((number for number, cell in enumerate(cells, 1) if cell.strip()), default=0)


def _field(heading: str, remembered: Mapping[str, str]) -> str | None:
    chosen = remembered.get(heading_key(heading)) if heading else None
    return chosen if chosen is not None and (chosen == LEFT_OUT or is_column(chosen)) else column_of(heading)


def rows_of(table: TableFile, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """The rows below the header that are not blank."""
    for place, cells in table.records():
        if place > layout.header_place and any(cell.strip() for cell in cells):
            yield place, cells
