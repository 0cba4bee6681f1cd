"""Parsing rows of a table into `PersonRow`: the wanted values of one profile."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from exchange.core.csv_reader import CellError, shorten
from exchange.core.lines import clean_line
from exchange.core.spoken_languages import Language
from exchange.core.table_files import TableFileError, open_table
from importing.domain import plain_cells
from importing.domain.cells import CompetenceTuple, LabelLookup, LanguageTuple
from importing.domain.headings import NAME_COLUMN
from importing.domain.layouts import Layout, plan_layout
from importing.domain.tables import Problems, Row, is_plain, note_unreadable, note_unsure, read_rows
from institutions.domain.lookup import InstitutionLookup
from institutions.models import Institution
from profiles.domain.profiles import is_latin
from profiles.models import PersonName
from profiles.models.experts import DEFAULT_LEAD_DAYS, MAX_EXPERIENCE_YEARS, MAX_LEAD_DAYS, MAX_STAY_DAYS
from profiles.models.imported import MAX_EXTERNAL_ID_LENGTH
from profiles.states import NameKind
from vocabulary.domain.vocabulary import vocabulary

LANGUAGE_TAG = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*")
NO_LANGUAGE = frozenset({"und", "mul", "mis", "zxx", "unknown", "other", "none", "-", "?"})
LATIN_NATIVES = frozenset({Language.UZ, Language.TK, Language.TR, Language.DE, Language.FR})
MAX_CELL_LENGTH = 20_000
"""Longer cells are refused before anything looks into them."""
MAX_PART_LENGTH = int(PersonName._meta.get_field("given").max_length or 0)  # noqa: SLF001 -- Django documents it for this use
NO_PARTS = ("", "", "")
MAX_NAME_LENGTH = int(PersonName._meta.get_field("whole").max_length or 0)  # noqa: SLF001 -- Django documents it for this use

NameTuple = tuple[str, str, str, str, str, str]
"""Kind, language, the name as the table writes it, or else first name, patronymic and last name."""
PlacedPosition = tuple[str, str, int | None, int | None, int | None]
"""A position: title, institution as written, first and last year, and the id of the institution when the register knows it."""
T = TypeVar("T")


@dataclass(frozen=True)
class Source:
    """Where a table comes from. `key` is the namespace of its ids; `by` is None for the system.

    `country` is the default of rows without one; with `one_country` no other is allowed in the table.
    """

    key: str
    by: Any = None
    institution: Institution | None = None
    country: str = ""
    one_country: bool = False


@dataclass(frozen=True)
class PersonRow:
    """One person of the table. A value of None has no column in the table and is not changed."""

    place: int
    external_id: str
    names: tuple[NameTuple, ...]
    facts: dict[str, Any]
    fields: tuple[tuple[int, bool], ...] | None
    competences: tuple[CompetenceTuple, ...] | None
    languages: tuple[LanguageTuple, ...] | None
    windows: tuple[plain_cells.Window, ...] | None
    positions: tuple[PlacedPosition, ...] | None
    email: str | None


@dataclass
class People:
    """The valid rows of a table, and the mistakes of the others."""

    rows: list[PersonRow] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    total: int = 0
    layout: Layout | None = None


def read_people(content: bytes, source: Source, layout: Layout | None = None) -> People:
    """Read and check every row. A row with a mistake is not in `rows`; an unreadable table has no rows.

    Without a layout the headings of the table decide; what they leave open is a mistake of the table.
    """
    found = People()
    try:
        chosen = (layout.encoding, layout.sheet) if layout else ("", "")
        table = open_table(content, encoding=chosen[0], sheet=chosen[1])
        found.layout = layout or plan_layout(table)
    except TableFileError as error:
        note_unreadable(error, found.problems)
        return found
    if found.layout.asks:
        note_unsure(found.layout, found.problems)
        return found
    labels, register = LabelLookup(vocabulary()), InstitutionLookup()
    places: dict[str, int] = {}
    for row in read_rows(table, found.layout, found.problems):
        found.total += 1
        person = _read(row, labels, register, source, ids_from_names=found.layout.ids_from_names)
        if person.external_id and places.setdefault(person.external_id, row.place) != row.place:
            message = _("“%(id)s” appears in row %(row)s too.")
            column = "name" if found.layout.ids_from_names else "external_id"
            row.wrong(column, message % {"id": shorten(person.external_id), "row": places[person.external_id]})
        if row.place not in found.problems.rows:
            found.rows.append(person)
    if not found.total and not found.problems:
        found.problems.note(None, "", _("The table has no rows."))
    if found.problems.whole:
        found.rows = []
    return found


def _read(row: Row, labels: LabelLookup, register: InstitutionLookup, source: Source, *, ids_from_names: bool) -> PersonRow:
    fields = _list(row, "fields", labels.fields)
    facts: dict[str, Any] = {"country": _country(row, labels, source)} if row.has("country") or source.country else {}
    facts |= {column: _line(row, column, longest) for column, longest in (("city", 120), ("headline", 160)) if row.has(column)}
    facts |= _details(row)
    if row.has("affiliation") or source.institution:
        facts["affiliation_id"] = _cell(row, "affiliation", register.find) or (source.institution and source.institution.pk)
    positions = _list(row, "positions", plain_cells.positions)
    external_id = "" if ids_from_names else _external_id(row)
    names = _names(row, facts.get("country", ""))
    return PersonRow(
        place=row.place,
        external_id=_id_of_name(names) if ids_from_names else external_id,
        names=names,
        facts=facts,
        fields=None if fields is None else tuple((concept, place == 0) for place, concept in enumerate(dict.fromkeys(fields))),
        competences=_competences(_list(row, "competences", labels.competences)),
        languages=_tuple(_list(row, "languages", labels.languages)),
        windows=_tuple(_list(row, "availability", plain_cells.windows)),
        positions=None if positions is None else tuple((*each, register.by_name(each[1])) for each in positions),
        email=_email(row) if row.has("email") else None,
    )


def _details(row: Row) -> dict[str, Any]:
    """The text about the person and the numbers, by field of the profile; an empty cell gives the default of the field."""
    columns: dict[str, tuple[str, Any, Callable[[str], Any]]] = {
        "biography": ("biography", "", plain_cells.long_text),
        "biography_lang": ("biography_language", "", content_language),
        "experience_years": ("experience_years", None, lambda cell: plain_cells.whole_number(cell, 0, MAX_EXPERIENCE_YEARS)),
        "lead_days": ("lead_time_days", DEFAULT_LEAD_DAYS, lambda cell: plain_cells.whole_number(cell, 0, MAX_LEAD_DAYS)),
        "longest_stay_days": ("longest_stay_days", None, lambda cell: plain_cells.whole_number(cell, 1, MAX_STAY_DAYS)),
    }
    found = {field: (_cell(row, column, read), default) for column, (field, default, read) in columns.items() if row.has(column)}
    return {field: default if value is None else value for field, (value, default) in found.items()}


def content_language(cell: str) -> str:
    """The code of a language in which texts are written on the site; a regional form such as ru-RU counts as ru."""
    code = cell.lower().replace("_", "-").partition("-")[0]
    known = [language for language, _name in settings.LANGUAGES]
    if code not in known:
        message = _("“%(text)s” is none of the languages of texts: %(known)s.")
        raise CellError(message % {"text": shorten(cell), "known": ", ".join(known)})
    return code


def _list(row: Row, column: str, read: Callable[[str], list[T]]) -> list[T] | None:
    """The list in a cell; None without such a column; empty for an empty cell or an invalid one, which is reported."""
    return (_cell(row, column, read) or []) if row.has(column) else None


def _cell(row: Row, column: str, read: Callable[[str], T]) -> T | None:
    """The value of a cell; None for an empty cell or an invalid one, which is reported."""
    text = row.text(column)
    if len(text) > MAX_CELL_LENGTH:
        row.wrong(column, plain_cells.too_long(text, MAX_CELL_LENGTH))
        return None
    text = unicodedata.normalize("NFC", text)
    try:
        return read(text) if text else None
    except CellError as error:
        row.wrong(column, str(error))
        return None


def _tuple(found: "list[Any] | None") -> "tuple[Any, ...] | None":
    return None if found is None else tuple(found)


def _competences(found: "list[CompetenceTuple] | None") -> "tuple[CompetenceTuple, ...] | None":
    """Of two rows about the same thing the first counts, as in the editor."""
    if found is None:
        return None
    kept: dict[Any, CompetenceTuple] = {}
    for held in found:
        kept.setdefault(held[:3], held)
    return tuple(kept.values())


def _external_id(row: Row) -> str:
    """The id as written in the source; compared exactly."""
    text = row.text("external_id")
    if not text:
        row.wrong("external_id", _("This cell is empty."))
    elif len(text) > MAX_EXTERNAL_ID_LENGTH:
        row.wrong("external_id", plain_cells.too_long(text, MAX_EXTERNAL_ID_LENGTH))
    elif not is_plain(text):
        row.wrong("external_id", _("This cell contains invisible characters."))
    return text


def _line(row: Row, column: str, longest: int) -> str:
    text = clean_line(row.text(column)[:MAX_CELL_LENGTH], MAX_CELL_LENGTH)
    if len(text) > longest:
        row.wrong(column, plain_cells.too_long(text, longest))
    return text


def _country(row: Row, labels: LabelLookup, source: Source) -> str:
    code = _cell(row, "country", labels.country) or source.country
    if source.one_country and code != source.country:
        row.wrong("country", _("You can import only people of your own country: %(code)s.") % {"code": source.country})
    return code


def _email(row: Row) -> str:
    text = row.text("email").lower()
    try:
        if text:
            validate_email(text)
    except ValidationError:
        row.wrong("email", _("“%(text)s” is not an e-mail address.") % {"text": shorten(text)})
        return ""
    return text[:254]


# ---- names -----------------------------------------------------------------------------------------------------------


def _names(row: Row, country: str) -> tuple[NameTuple, ...]:
    """The spellings of a row, the first one from `name` or from its parts. Names are never split."""
    rest = [(match["language"], column) for column in row.values if (match := _name_column(column))]
    language = _language(row)
    found: dict[str, tuple[str, tuple[str, str, str]]] = {}
    parts = _parts(row)
    spoken = " ".join(filter(None, parts))
    if spoken:
        found[spoken] = (language, parts)
    for tagged, column in [(language, "name")] * row.has("name") + rest:
        text = _line(row, column, MAX_NAME_LENGTH)
        if text and not (column == "name" and sorted(text.split()) == sorted(spoken.split())):
            found[text] = (found[text][0] or tagged, found[text][1]) if text in found else (tagged, NO_PARTS)
        elif column == "name" and not text and not spoken:
            row.wrong("name", _("This cell is empty.") if not row.text("name") else _("The cell has no visible text."))
    if not spoken and not row.has("name"):
        row.wrong("family_name" if row.has("family_name") else "given_name", _("This cell is empty."))
    taken: set[str] = set()
    spellings = []
    for text, (tagged, split) in found.items():
        kind = next(kind for kind in _kinds(text, tagged, country) if kind not in taken)
        if kind != NameKind.OTHER:
            taken.add(kind)
        spellings.append((str(kind), tagged, "" if any(split) else text, *split))
    return tuple(spellings)


def _parts(row: Row) -> tuple[str, str, str]:
    """First name, patronymic and last name, from columns of their own."""
    given, patronymic, family = (
        _line(row, column, MAX_PART_LENGTH) if row.has(column) else "" for column in ("given_name", "patronymic", "family_name")
    )
    return given, patronymic, family


def _id_of_name(names: tuple[NameTuple, ...]) -> str:
    """The id of a person in a table without ids: the first spelling of the name, cut to the length of an id."""
    return (names[0][2] or " ".join(filter(None, names[0][3:])))[:MAX_EXTERNAL_ID_LENGTH] if names else ""


def _name_column(column: str) -> "re.Match[str] | None":
    return None if column == "name_lang" else NAME_COLUMN.fullmatch(column)


def _language(row: Row) -> str:
    """The language of `name`; empty when the source does not know it."""
    cell = row.text("name_lang").lower()
    if cell in NO_LANGUAGE:
        return ""
    match = LANGUAGE_TAG.fullmatch(cell)
    if cell and match is None:
        row.wrong("name_lang", _("“%(text)s” is not the code of a language, such as kk.") % {"text": shorten(cell)})
    return match[1] if match else ""


def _kinds(text: str, language: str, country: str) -> list[NameKind]:
    """The possible kinds of a spelling, best first: a person has one native, one Russian and one Latin spelling, and any number of others."""
    if is_latin(text):
        native = language in LATIN_NATIVES or (language == Language.EN and country == "US")
        return [NameKind.NATIVE, NameKind.LATIN, NameKind.OTHER] if native else [NameKind.LATIN, NameKind.OTHER]
    return [NameKind.RUSSIAN, NameKind.OTHER] if language == Language.RU else [NameKind.NATIVE, NameKind.OTHER]
