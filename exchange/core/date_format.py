"""Dates in the seven languages: one compact form for lists, one long form for reading, and ranges that do not repeat themselves.

Django knows the month names of these languages, yet not the order of their parts (Uzbek joins day and month, Kyrgyz and Kazakh put
the year first), and has no form short enough for a card. The forms follow Unicode CLDR, and the izafat of Tajik dates.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language


class DateFormat(NamedTuple):
    """How one language writes a date: long and short month names inside a date, and the patterns around them."""

    long: tuple[str, ...]
    short: tuple[str, ...]
    long_date: str = "{d} {m} {y}"
    date: str = "{d} {m} {y}"
    day: str = "{d} {m}"
    days: str = "{d} – {d2} {m} {y}"
    month: str = "{m} {y}"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_KY_LONG = "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"

DATE_FORMATS: dict[str, DateFormat] = {
    "en": DateFormat(
        _words("January February March April May June July August September October November December"),
        _words("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
    ),
    "ru": DateFormat(
        _words("января февраля марта апреля мая июня июля августа сентября октября ноября декабря"),
        _words("янв. февр. мар. апр. мая июн. июл. авг. сент. окт. нояб. дек."),
    ),
    "kk": DateFormat(
        _words("қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан"),
        _words("қаң. ақп. нау. сәу. мам. мау. шіл. там. қыр. қаз. қар. жел."),
        long_date="{y} ж. {d} {m}",
        date="{y} ж. {d} {m}",
        days="{y} ж. {d} – {d2} {m}",
        month="{y} ж. {m}",
    ),
    "ky": DateFormat(
        _words(_KY_LONG),
        _words("янв. фев. мар. апр. май июн. июл. авг. сен. окт. ноя. дек."),
        long_date="{y}-ж., {d}-{m}",
        date="{y}-ж., {d}-{m}",
        day="{d}-{m}",
        days="{y}-ж., {d} – {d2}-{m}",
        month="{y}-ж., {m}",
    ),
    "uz": DateFormat(
        _words("yanvar fevral mart aprel may iyun iyul avgust sentabr oktabr noyabr dekabr"),
        _words("yan fev mar apr may iyn iyl avg sen okt noy dek"),
        long_date="{d}-{m}, {y}",
        date="{d}-{m}, {y}",
        day="{d}-{m}",
        days="{d} – {d2}-{m}, {y}",
        month="{m}, {y}",
    ),
    "tg": DateFormat(
        _words("январи феврали марти апрели майи июни июли августи сентябри октябри ноябри декабри"),
        _words("янв фев мар апр май июн июл авг сен окт ноя дек"),
    ),
    "tk": DateFormat(
        _words("ýanwar fewral mart aprel maý iýun iýul awgust sentýabr oktýabr noýabr dekabr"),
        _words("ýan few mar apr maý iýn iýl awg sen okt noý dek"),
    ),
}


def active_date_format(language: str | None = None) -> DateFormat:
    """How dates are written in this language, or in the one now active."""
    code = (language or get_language() or "en").split("-")[0]
    return DATE_FORMATS.get(code, DATE_FORMATS["en"])


def local(moment: dt.datetime, zone: dt.tzinfo | None = None) -> dt.datetime:
    """The moment on the clock of a zone; without one, on the reader's."""
    if timezone.is_naive(moment):
        return moment
    return timezone.localtime(moment, zone)


def as_date(value: dt.date | dt.datetime) -> dt.date:
    """The day of a date, or of a moment on the reader's clock."""
    return local(value).date() if isinstance(value, dt.datetime) else value


def write_date(value: dt.date | dt.datetime, *, long: bool = False, year: bool = True, language: str | None = None) -> str:
    """A day in words: "30 Aug 2027", long "30 August 2027", without the year "30 Aug"."""
    how = active_date_format(language)
    day = as_date(value)
    month = (how.long if long else how.short)[day.month - 1]
    if not year:
        return how.day.format(d=day.day, m=month)
    return (how.long_date if long else how.date).format(d=day.day, m=month, y=day.year)


def write_month(value: dt.date, *, language: str | None = None) -> str:
    """A month and its year, short: "Aug 2027"."""
    how = active_date_format(language)
    return how.month.format(m=how.short[value.month - 1], y=value.year)


def write_range(
    start: dt.date | dt.datetime | None,
    end: dt.date | dt.datetime | None,
    *,
    long: bool = False,
    language: str | None = None,
) -> str:
    """Two days in as few words as their difference needs: "7 – 18 Jun 2027", "30 Aug – 17 Dec 2027", "20 Dec 2027 – 3 Jan 2028"."""
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
    # where the year comes first it must not be said twice, nor stand in the middle
    first_has_year = a.year != b.year or how.date.startswith("{y}")
    last_has_year = a.year != b.year or not how.date.startswith("{y}")
    return " – ".join(
        (
            write_date(a, long=long, year=first_has_year, language=language),
            write_date(b, long=long, year=last_has_year, language=language),
        )
    )


def write_moment(moment: dt.datetime, zone: dt.tzinfo | None = None, *, long: bool = True, language: str | None = None) -> str:
    """A moment on a zone's clock: "31 March 2027, 17:00"."""
    there = local(moment, zone)
    how = active_date_format(language)
    pattern = how.long_date if long else how.date
    month = (how.long if long else how.short)[there.month - 1]
    return f"{pattern.format(d=there.day, m=month, y=there.year)}, {there:%H:%M}"


def write_offset(moment: dt.datetime, zone: dt.tzinfo | None = None) -> str:
    """A zone's distance from universal time at that moment: "UTC+5", "UTC−4", "UTC+5:30"."""
    offset = local(moment, zone).utcoffset() or dt.timedelta()
    minutes = round(offset.total_seconds() / 60)
    sign = "−" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}:{rest:02d}" if rest else f"UTC{sign}{hours}"


def zone_of(name: str | dt.tzinfo | None) -> dt.tzinfo | None:
    """The zone for a name such as "Asia/Samarkand"; none for an empty or unknown one."""
    if not name or isinstance(name, dt.tzinfo):
        return name or None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
