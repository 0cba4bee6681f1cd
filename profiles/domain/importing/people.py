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
from institutions.domain.lookup import InstitutionLookup
from institutions.models import Institution
from profiles.domain.importing import plain_cells
from profiles.domain.importing.cells import CompetenceTuple, LabelLookup, LanguageTuple
from profiles.domain.importing.tables import Problems, Row, is_plain, read_table
from profiles.domain.profiles import is_latin
from profiles.models import PersonName
from profiles.models.experts import DEFAULT_LEAD_DAYS, MAX_EXPERIENCE_YEARS, MAX_LEAD_DAYS, MAX_STAY_DAYS
from profiles.models.imports import MAX_EXTERNAL_ID_LENGTH
from profiles.states import NameKind
from vocabulary.domain.vocabulary import vocabulary

REQUIRED = ("external_id", "name")
COLUMNS = (
    *("external_id", "name", "name_lang"),
    *("country", "city", "fields", "competences", "languages", "headline", "email"),
    *("biography", "biography_lang", "experience_years", "availability", "lead_days", "longest_stay_days"),
    *("affiliation", "positions"),
)
NAME_COLUMN = re.compile(r"name_(?P<language>[a-z]{2,3})(?:[-_](?:[a-z]{4}|\d{1,2}))*")
LANGUAGE_TAG = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*")
NO_LANGUAGE = frozenset({"und", "mul", "mis", "zxx", "unknown", "other", "none", "-", "?"})
LATIN_NATIVES = frozenset({Language.UZ, Language.TK, Language.TR, Language.DE, Language.FR})
MAX_CELL_LENGTH = 20_000
"""Longer cells are refused before anything looks into them."""
MAX_NAME_LENGTH = int(PersonName._meta.get_field("whole").max_length or 0)  # noqa: SLF001 -- Django documents it for this use

NameTuple = tuple[str, str, str]
"""Kind, language, and the name as the table writes it."""
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


def read_people(content: bytes, source: Source) -> People:
    """Read and check every row. A row with a mistake is not in `rows`; an unreadable table has no rows."""
    found = People()
    labels, register = LabelLookup(vocabulary()), InstitutionLookup()
    places: dict[str, int] = {}
    for row in read_table(content, required=REQUIRED, is_known=_is_known, problems=found.problems):
        found.total += 1
        person = _read(row, labels, register, source)
        if person.external_id and places.setdefault(person.external_id, row.place) != row.place:
            message = _("“%(id)s” appears in row %(row)s too.")
            row.wrong("external_id", message % {"id": shorten(person.external_id), "row": places[person.external_id]})
        if row.place not in found.problems.rows:
            found.rows.append(person)
    if not found.total and not found.problems:
        found.problems.note(None, "", _("The table has no rows."))
    if found.problems.whole:
        found.rows = []
    return found


def _is_known(column: str) -> bool:
    return column in COLUMNS or NAME_COLUMN.fullmatch(column) is not None


def _read(row: Row, labels: LabelLookup, register: InstitutionLookup, source: Source) -> PersonRow:
    fields = _list(row, "fields", labels.fields)
    facts: dict[str, Any] = {"country": _country(row, labels, source)} if row.has("country") or source.country else {}
    facts |= {column: _line(row, column, longest) for column, longest in (("city", 120), ("headline", 160)) if row.has(column)}
    facts |= _details(row)
    if row.has("affiliation") or source.institution:
        facts["affiliation_id"] = _cell(row, "affiliation", register.find) or (source.institution and source.institution.pk)
    positions = _list(row, "positions", plain_cells.positions)
    return PersonRow(
        place=row.place,
        external_id=_external_id(row),
        names=_names(row, facts.get("country", "")),
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
    """The spellings of a row, the first one from `name`. Names are never split."""
    rest = [(match["language"], column) for column in row.values if (match := _name_column(column))]
    found: dict[str, str] = {}
    for language, column in [(_language(row), "name"), *rest]:
        text = _line(row, column, MAX_NAME_LENGTH)
        if text:
            found[text] = found.get(text) or language
        elif column == "name":
            row.wrong("name", _("This cell is empty.") if not row.text("name") else _("The cell has no visible text."))
    taken: set[str] = set()
    spellings = []
    for text, language in found.items():
        kind = next(kind for kind in _kinds(text, language, country) if kind not in taken)
        if kind != NameKind.OTHER:
            taken.add(kind)
        spellings.append((str(kind), language, text))
    return tuple(spellings)


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
