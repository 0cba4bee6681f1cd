"""Rows of a table as people: what each wants to be true of one profile."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from exchange.core.spoken_languages import Language
from profiles.domain.importing.cells import CellError, CompetenceTuple, LanguageTuple, Words, short
from profiles.domain.importing.tables import Problems, Row, Table, is_plain
from profiles.domain.profiles import clean_line, is_latin
from profiles.domain.vocabulary import vocabulary
from profiles.models import Institution, PersonName
from profiles.models.imports import MAX_EXTERNAL_ID_LENGTH
from profiles.states import NameKind

REQUIRED = ("external_id", "name")
COLUMNS = (
    *("external_id", "name", "name_lang"),
    *("country", "city", "fields", "competences", "languages", "headline", "email"),
)
NAME_COLUMN = re.compile(r"name_(?P<language>[a-z]{2,3})(?:[-_](?:[a-z]{4}|\d{1,2}))*")
LANGUAGE_TAG = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*")
NO_LANGUAGE = frozenset({"und", "mul", "mis", "zxx", "unknown", "other", "none", "-", "?"})
LATIN_NATIVES = frozenset({Language.UZ, Language.TK, Language.TR, Language.DE, Language.FR})
MAX_NAME_LENGTH = int(PersonName._meta.get_field("whole").max_length or 0)  # noqa: SLF001 -- Django documents it for this use

Spelling = tuple[str, str, str]
"""Kind, language, and the name as the table writes it."""
T = TypeVar("T")


@dataclass(frozen=True)
class Source:
    """Where a table comes from. `key` is the name space of its ids; `by` is None for the system.

    `country` stands in where a row names none; with `one_country` no other may stand in the table.
    """

    key: str
    by: Any = None
    institution: Institution | None = None
    country: str = ""
    one_country: bool = False


@dataclass(frozen=True)
class PersonRow:
    """One person of the table. What is None has no column there, and is left as it is."""

    place: int
    external_id: str
    names: tuple[Spelling, ...]
    facts: dict[str, Any]
    fields: tuple[tuple[int, bool], ...] | None
    competences: tuple[CompetenceTuple, ...] | None
    languages: tuple[LanguageTuple, ...] | None
    email: str | None


@dataclass
class People:
    """Everybody of a table who can be imported, and what is wrong with the others."""

    rows: list[PersonRow] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    total: int = 0


def read_people(content: bytes, source: Source) -> People:
    """Read and check every row. A row with any mistake is not among `rows`; a table that is wrong as a whole has none."""
    found = People()
    words = Words(vocabulary())
    places: dict[str, int] = {}
    table = Table(content, required=REQUIRED, known=COLUMNS, also=NAME_COLUMN, problems=found.problems)
    for row in table:
        found.total += 1
        person = _read(row, words, source)
        if person.external_id and places.setdefault(person.external_id, row.place) != row.place:
            message = _("“%(id)s” stands in row %(row)s too.")
            row.wrong("external_id", message % {"id": short(person.external_id), "row": places[person.external_id]})
        if row.place not in found.problems.rows:
            found.rows.append(person)
    if not found.total and not found.problems:
        found.problems.note(None, "", _("The table has no rows."))
    if found.problems.whole:
        found.rows = []
    return found


def _read(row: Row, words: Words, source: Source) -> PersonRow:
    fields = _list(row, "fields", words.fields)
    facts = {"country": _country(row, words, source)} if row.has("country") or source.country else {}
    facts |= {column: _line(row, column, longest) for column, longest in (("city", 120), ("headline", 160)) if row.has(column)}
    return PersonRow(
        place=row.place,
        external_id=_external_id(row),
        names=_names(row, facts.get("country", "")),
        facts=facts,
        fields=None if fields is None else tuple((concept, place == 0) for place, concept in enumerate(dict.fromkeys(fields))),
        competences=_competences(_list(row, "competences", words.competences)),
        languages=_tuple(_list(row, "languages", words.languages)),
        email=_email(row) if row.has("email") else None,
    )


def _list(row: Row, column: str, read: Callable[[str], list[T]]) -> list[T] | None:
    """What a cell lists; None without such a column; empty for an empty cell, and for a wrong one, which is noted."""
    return (_cell(row, column, read) or []) if row.has(column) else None


def _cell(row: Row, column: str, read: Callable[[str], T]) -> T | None:
    """What a cell says; None when it says nothing, or something wrong, which is noted."""
    text = unicodedata.normalize("NFC", row.text(column))
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
    """As the source writes it: it is compared letter by letter."""
    text = row.text("external_id")
    if not text:
        row.wrong("external_id", _("This cell is empty."))
    elif len(text) > MAX_EXTERNAL_ID_LENGTH:
        row.wrong("external_id", _too_long(text, MAX_EXTERNAL_ID_LENGTH))
    elif not is_plain(text):
        row.wrong("external_id", _("Invisible characters stand in this cell."))
    return text


def _line(row: Row, column: str, longest: int) -> str:
    text = clean_line(row.text(column), 10 * longest)
    if len(text) > longest:
        row.wrong(column, _too_long(text, longest))
    return text


def _too_long(text: str, longest: int) -> str:
    return _("This cell has %(found)s characters; at most %(most)s fit.") % {"found": len(text), "most": longest}


def _country(row: Row, words: Words, source: Source) -> str:
    code = _cell(row, "country", words.country) or source.country
    if source.one_country and code != source.country:
        row.wrong("country", _("You import people of your own country only: %(code)s.") % {"code": source.country})
    return code


def _email(row: Row) -> str:
    text = row.text("email").lower()
    try:
        if text:
            validate_email(text)
    except ValidationError:
        row.wrong("email", _("“%(text)s” is not an e-mail address.") % {"text": short(text)})
        return ""
    return text[:254]


# ---- names -----------------------------------------------------------------------------------------------------------


def _names(row: Row, country: str) -> tuple[Spelling, ...]:
    """The spellings of a row, the first one from `name`. Names are never taken apart."""
    rest = [(match["language"], column) for column in row.values if (match := _name_column(column))]
    found: dict[str, str] = {}
    for language, column in [(_language(row), "name"), *rest]:
        text = _line(row, column, MAX_NAME_LENGTH)
        if text:
            found[text] = found.get(text) or language
        elif column == "name":
            row.wrong("name", _("This cell is empty.") if not row.text("name") else _("No letter can be seen in this cell."))
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
        row.wrong("name_lang", _("“%(text)s” is not the code of a language, such as kk.") % {"text": short(cell)})
    return match[1] if match else ""


def _kinds(text: str, language: str, country: str) -> list[NameKind]:
    """What a spelling may be, best first: a person has one native, one Russian and one Latin spelling, and any number of others."""
    if is_latin(text):
        native = language in LATIN_NATIVES or (language == Language.EN and country == "US")
        return [NameKind.NATIVE, NameKind.LATIN, NameKind.OTHER] if native else [NameKind.LATIN, NameKind.OTHER]
    return [NameKind.RUSSIAN, NameKind.OTHER] if language == Language.RU else [NameKind.NATIVE, NameKind.OTHER]
