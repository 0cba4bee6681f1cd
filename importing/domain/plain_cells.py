"""Parsing single cells without a table of labels: numbers, longer texts, days, positions. Each raises CellError with a reason."""

import datetime
import re
import unicodedata

from django.utils import timezone
from django.utils.translation import gettext as _

from exchange.core.csv_reader import CellError, shorten
from exchange.core.lines import clean_line
from importing.domain.cells import MAX_IN_A_CELL, parts_of
from profiles.domain.profiles import merged
from profiles.models import ExpertProfile, Position

MAX_BIOGRAPHY_LENGTH = int(ExpertProfile._meta.get_field("biography").max_length or 0)  # noqa: SLF001 -- Django documents it for this use
MAX_TITLE_LENGTH = int(Position._meta.get_field("title").max_length or 0)  # noqa: SLF001 -- as above
MAX_PLACE_LENGTH = int(Position._meta.get_field("place").max_length or 0)  # noqa: SLF001 -- as above
MAX_POSITION_LENGTH = MAX_TITLE_LENGTH + MAX_PLACE_LENGTH + 40
MAX_YEARS_AHEAD = 10
DAY = r"(\d{4}-\d\d-\d\d|\d\d?\.\d\d?\.\d{4})"
WINDOW = re.compile(DAY + r" ?(?:\.\.|…|–|—|-|/) ?" + DAY)
"""Two days; single blanks only, so that the time stays linear."""
YEARS = re.compile(r"(\d{4})? ?[-–—] ?(\d{4})?")

Window = tuple[datetime.date, datetime.date]
PositionTuple = tuple[str, str, int | None, int | None]
"""A position: title, institution as written, first and last year."""


def too_long(text: str, longest: int) -> str:
    return _("This cell has %(found)s characters; at most %(most)s fit.") % {"found": len(text), "most": longest}


def whole_number(cell: str, least: int, most: int) -> int:
    """A whole number within both limits."""
    if cell.isascii() and cell.isdecimal() and len(cell) <= 6 and least <= int(cell) <= most:
        return int(cell)
    message = _("“%(text)s” is not a whole number from %(least)s to %(most)s.")
    raise CellError(message % {"text": shorten(cell), "least": least, "most": most})


def long_text(cell: str) -> str:
    """The text with its paragraphs, without control characters."""
    lines = cell.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(char for char in lines if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"}).strip()
    if len(text) > MAX_BIOGRAPHY_LENGTH:
        raise CellError(too_long(text, MAX_BIOGRAPHY_LENGTH))
    return text


def windows(cell: str) -> list[Window]:
    """`2027-02-15..2027-05-20; ...`: availability windows, both days included. Those that touch or overlap become one."""
    return merged(_window(part) for part in parts_of(cell))


def _window(text: str) -> Window:
    match = WINDOW.fullmatch(" ".join(text.split()))
    if match is None:
        raise CellError(_("“%(text)s” is not of the form 2027-02-15..2027-05-20.") % {"text": shorten(text)})
    starts, ends = _day(match[1]), _day(match[2])
    if ends < starts:
        raise CellError(_("The end of “%(text)s” is before its beginning.") % {"text": shorten(text)})
    if ends.year > timezone.now().year + MAX_YEARS_AHEAD:
        raise CellError(_("The end of “%(text)s” is too far in the future.") % {"text": shorten(text)})
    return starts, ends


def _day(text: str) -> datetime.date:
    try:
        return datetime.datetime.strptime(text, "%d.%m.%Y" if "." in text else "%Y-%m-%d").date()  # noqa: DTZ007 -- a day has no time zone
    except ValueError:
        raise CellError(_("“%(text)s” is not a day of the calendar.") % {"text": text}) from None


def positions(cell: str) -> list[PositionTuple]:
    """`title: institution: 2015-2020; ...`; institution and years are optional, `2015-` lasts until today."""
    pieces = [" ".join(piece.split()) for piece in cell.replace("\n", ";").split(";")]
    found = list(dict.fromkeys(_position(piece) for piece in pieces if piece))
    if len(found) > MAX_IN_A_CELL:
        raise CellError(_("At most %(most)s are possible.") % {"most": MAX_IN_A_CELL})
    return found


def _position(text: str) -> PositionTuple:
    if len(text) > MAX_POSITION_LENGTH:
        raise CellError(
            _("“%(text)s” is too long: at most %(most)s characters fit.")
            % {"text": shorten(text[:200]), "most": MAX_POSITION_LENGTH}
        )
    title, *rest = (clean_line(piece, 10 * MAX_PLACE_LENGTH) for piece in text.split(":"))
    starts = ends = None
    if rest and (match := YEARS.fullmatch(rest[-1])) and any(match.groups()):
        starts, ends = (_year(year) for year in match.groups())
        rest.pop()
    elif rest and rest[-1].isdecimal():
        message = _("“%(text)s” does not say whether this is the first year: write 2015- for since 2015, 2015-2020 for both years.")
        raise CellError(message % {"text": shorten(text)})
    place = ": ".join(filter(None, rest))
    if not title:
        raise CellError(_("“%(text)s” names no position.") % {"text": shorten(text)})
    for part, longest in ((title, MAX_TITLE_LENGTH), (place, MAX_PLACE_LENGTH)):
        if len(part) > longest:
            raise CellError(
                _("“%(text)s” is too long: at most %(most)s characters fit.") % {"text": shorten(part), "most": longest}
            )
    if starts and ends and ends < starts:
        raise CellError(_("The end of “%(text)s” is before its beginning.") % {"text": shorten(text)})
    return title, place, starts, ends


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    if not 1900 <= int(text) <= 2100:
        raise CellError(_("“%(text)s” is not a year.") % {"text": text})
    return int(text)
