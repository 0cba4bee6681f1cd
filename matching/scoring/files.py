"""People and programmes from files of one JSON object a line. Unknown keys are ignored; a wrong value names its file, line and key."""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from matching.scoring.values import LEVELS, Call, Person, Row, Window

CEFR = {"A1": 1, "A2": 2, "B1": 3, "B2": 4, "C1": 5, "C2": 6, "native": 7}
MODALITIES = ("onsite", "hybrid", "online")
MAX_NUMBER = 10_000
MAX_ROWS = 10_000
T = TypeVar("T")


class FileError(ValueError):
    """A file that cannot be used: `str()` says where and why."""


class _WrongValueError(ValueError):
    """A wrong value of a key."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(f"{key}: {message}")


def read_people(path: Path) -> dict[str, Person]:
    """By id. Raises FileError."""
    return _read(path, _person)


def read_programs(path: Path) -> dict[str, Call]:
    """By id. Raises FileError."""
    return _read(path, _call)


def _read(path: Path, make: Callable[["_Object"], T]) -> dict[str, T]:
    found: dict[str, T] = {}
    for number, line in _lines(path):
        try:
            read = _Object(_json(line))
            found[_new_id(read, found)] = make(read)
        except _WrongValueError as error:
            raise FileError(f"{path}, line {number}, {error}") from error
    return found


def _new_id(read: "_Object", found: Mapping[str, object]) -> str:
    key = read.text("id", needed=True)
    if not key or any(letter in key for letter in "\t\r\n"):
        raise read.wrong("id", "a text without tabs and line ends is needed")
    if key in found:
        raise read.wrong("id", f"{key} stands in an earlier line as well")
    return key


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise FileError(f"{path}: not UTF-8 (byte {error.start})") from error


def _json(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _WrongValueError("JSON", str(error)) from error
    if not isinstance(found, dict):
        raise _WrongValueError("JSON", "an object is needed")
    return found


class _Object:
    """One object, read key by key. `where` precedes the keys in messages. null and a missing key are the same."""

    def __init__(self, data: dict[str, Any], where: str = "") -> None:
        self._data, self._where = data, where

    def wrong(self, key: str, message: str) -> _WrongValueError:
        return _WrongValueError(f"{self._where}{key}", message)

    def value(self, key: str) -> Any:
        return self._data.get(key)

    def text(self, key: str, *, needed: bool = False) -> str:
        found = self.value(key)
        if found is None and not needed:
            return ""
        if not isinstance(found, str):
            raise self.wrong(key, "a text is needed")
        return found

    def number(self, key: str) -> int | None:
        found = self.value(key)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found) or found != int(found):
            raise self.wrong(key, "a whole number is needed")
        if not 0 <= found <= MAX_NUMBER:
            raise self.wrong(key, f"a number from 0 to {MAX_NUMBER} is needed")
        return int(found)

    def day(self, key: str) -> date | None:
        found = self.text(key)
        if not found:
            return None
        try:
            return date.fromisoformat(found[:10])
        except ValueError as error:
            raise self.wrong(key, "a date like 2027-03-31 is needed") from error

    def needed_day(self, key: str) -> date:
        found = self.day(key)
        if found is None:
            raise self.wrong(key, "a date is needed")
        return found

    def one_of(self, key: str, choices: "tuple[str, ...] | dict[str, int]") -> str:
        found = self.value(key)
        if not isinstance(found, str) or found not in choices:
            raise self.wrong(key, "one of these is needed: " + ", ".join(choices))
        return found

    def texts(self, key: str) -> list[str]:
        found = self._list(key)
        for place, one in enumerate(found):
            if not isinstance(one, str):
                raise self.wrong(f"{key}[{place}]", "a text is needed")
        return list(dict.fromkeys(found))

    def objects(self, key: str) -> "list[_Object]":
        made = []
        for place, one in enumerate(self._list(key)):
            if not isinstance(one, dict):
                raise self.wrong(f"{key}[{place}]", "an object is needed")
            made.append(_Object(one, f"{self._where}{key}[{place}]."))
        return made

    def object(self, key: str) -> "_Object":
        found = self.value(key)
        if found is not None and not isinstance(found, dict):
            raise self.wrong(key, "an object is needed")
        return _Object(found or {}, f"{self._where}{key}.")

    def _list(self, key: str) -> list[Any]:
        found = self.value(key)
        if found is None:
            return []
        if not isinstance(found, list) or len(found) > MAX_ROWS:
            raise self.wrong(key, f"a list of at most {MAX_ROWS} is needed")
        return found


def _person(read: _Object) -> Person:
    fields = read.object("fields")
    biography = read.text("biography")
    return Person(
        country=read.text("country"),
        institution=read.text("institution") or None,
        primary=fields.texts("primary"),
        secondary=fields.texts("secondary"),
        rows=[row for row in map(_row, read.objects("competences")) if row.concepts],
        languages=_languages(read, "languages"),
        windows=[_window(one) for one in read.objects("availability")],
        lead_days=read.number("lead_days") or 0,
        longest_days=read.number("longest_stay_days"),
        years=read.number("years_experience"),
        texts=[(biography, read.text("bio_lang"))] if biography else [],
    )


def _row(read: _Object) -> Row:
    named = tuple(dict.fromkeys(filter(None, (read.text(key) for key in ("material", "object_type", "technique")))))
    return Row(named, LEVELS.index(read.one_of("level", LEVELS)) + 1, read.number("year_last"))


def _window(read: _Object) -> Window:
    starts, ends = read.needed_day("from"), read.needed_day("to")
    if ends < starts:
        raise read.wrong("to", "the last day is before the first")
    return starts, ends


def _languages(read: _Object, key: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in read.objects(key):
        language, level = one.text("lang", needed=True), CEFR[one.one_of("cefr", CEFR)]
        found[language] = max(level, found.get(language, 0))
    return found


def _call(read: _Object) -> Call:
    dates = read.object("dates")
    starts, ends = dates.needed_day("starts"), dates.needed_day("ends")
    if ends < starts:
        raise dates.wrong("ends", "the last day is before the first")
    seats = read.number("seats")
    language = read.text("text_lang")
    modality = read.one_of("modality", MODALITIES) if read.value("modality") is not None else "onsite"
    return Call(
        starts,
        ends,
        kind=read.text("kind"),
        institution=read.text("host_institution") or None,
        countries=frozenset(read.texts("eligible_countries")),
        concepts=read.texts("concepts"),
        languages=_languages(read, "required_languages"),
        deadline=dates.day("deadline"),
        years=read.number("min_years") or 0,
        seats=1 if seats is None else seats,
        away=modality != "online",
        titles=[(read.text("title"), language)] if read.text("title") else [],
        texts=[(read.text("text"), language)] if read.text("text") else [],
    )
