"""Dates in the interface languages: a compact form for lists, a long form for running text, and ranges that repeat nothing.

Django knows the month names of these languages, but not the order of the parts (Uzbek joins day and month, Kyrgyz and Kazakh put
the year first), and has no form short enough for a card. The formats themselves are in `interface_languages.py`.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language

from exchange.core.interface_languages import BY_CODE, SOURCE_LANGUAGE, DateFormat


def active_date_format(language: str | None = None) -> DateFormat:
    """The date format of this language, or of the active one; the English one for an unknown language."""
    code = (language or get_language() or SOURCE_LANGUAGE).split("-")[0]
    return BY_CODE.get(code, BY_CODE[SOURCE_LANGUAGE]).dates


def local(moment: dt.datetime, zone: dt.tzinfo | None = None) -> dt.datetime:
    """The moment in a time zone; without one, in the reader's."""
    if timezone.is_naive(moment):
        return moment
    return timezone.localtime(moment, zone)


def as_date(value: dt.date | dt.datetime) -> dt.date:
    """The day of a date, or of a moment in the reader's time zone."""
    return local(value).date() if isinstance(value, dt.datetime) else value


def write_date(value: dt.date | dt.datetime, *, long: bool = False, year: bool = True, language: str | None = None) -> str:
    """A day as text: "30 Aug 2027", long "30 August 2027", without the year "30 Aug"."""
    how = active_date_format(language)
    day = as_date(value)
    month = (how.long if long else how.short)[day.month - 1]
    if not year:
        return how.day.format(d=day.day, m=how.long_alone[day.month - 1] if long and how.long_alone else month)
    return (how.long_date if long else how.date).format(d=day.day, m=month, y=day.year)


def write_month(value: dt.date, *, language: str | None = None) -> str:
    """A month and its year, short: "Aug 2027"."""
    return active_date_format(language).month.format(m=month_name(value.month, language=language), y=value.year)


def month_name(number: int, *, language: str | None = None) -> str:
    """The short name of a month (1 to 12) without a day."""
    how = active_date_format(language)
    return (how.short_alone or how.short)[number - 1]


def write_range(
    start: dt.date | dt.datetime | None,
    end: dt.date | dt.datetime | None,
    *,
    long: bool = False,
    language: str | None = None,
) -> str:
    """Two days without repetition: "7 – 18 Jun 2027", "30 Aug – 17 Dec 2027", "20 Dec 2027 – 3 Jan 2028"."""
    if start is None or end is None:
        only = start or end
        return "" if only is None else write_date(only, long=long, language=language)
    a, b = as_date(start), as_date(end)
    how = active_date_format(language)
    if a == b:
        return write_date(a, long=long, language=language)
    if (a.year, a.month) == (b.year, b.month):
        month = (how.long if long else how.short)[a.month - 1]
        return how.days.format(d=a.day, d2=b.day, m=month, y=a.year)
    # a year that comes first must not be repeated
    first_has_year = a.year != b.year or how.date.startswith("{y}")
    last_has_year = a.year != b.year or not how.date.startswith("{y}")
    return " – ".join(
        (
            write_date(a, long=long, year=first_has_year, language=language),
            write_date(b, long=long, year=last_has_year, language=language),
        )
    )


def write_moment(moment: dt.datetime, zone: dt.tzinfo | None = None, *, long: bool = True, language: str | None = None) -> str:
    """A moment in a time zone: "31 March 2027, 17:00"."""
    there = local(moment, zone)
    how = active_date_format(language)
    pattern = how.long_date if long else how.date
    month = (how.long if long else how.short)[there.month - 1]
    return f"{pattern.format(d=there.day, m=month, y=there.year)}, {there:%H:%M}"


def write_offset(moment: dt.datetime, zone: dt.tzinfo | None = None) -> str:
    """The UTC offset of a time zone at that moment: "UTC+5", "UTC−4", "UTC+5:30"."""
    offset = local(moment, zone).utcoffset() or dt.timedelta()
    minutes = round(offset.total_seconds() / 60)
    sign = "−" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}:{rest:02d}" if rest else f"UTC{sign}{hours}"


def zone_of(name: str | dt.tzinfo | None) -> dt.tzinfo | None:
    """The time zone for a name such as "Asia/Samarkand"; None for an empty or unknown name."""
    if not name or isinstance(name, dt.tzinfo):
        return name or None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
