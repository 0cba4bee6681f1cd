"""Names, dates and sizes in the reader's language."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info, gettext, pgettext, pgettext_lazy

from exchange.core import date_format
from exchange.core.components.badges import badge
from exchange.core.components.registry import register
from exchange.core.countries import Country
from exchange.core.spoken_languages import Language
from exchange.core.towns import town as town_name
from exchange.core.zones import zone_title

COUNTRY_SHORT_NAMES = {Country.US: pgettext_lazy("country name, short form", "USA")}


@register.simple_tag
def country(code: object, short: bool = False) -> str:
    """A country's name in the reader's language, for use on its own: inside a sentence it would need a case ending."""
    key = str(code or "").upper()
    if key not in Country.values:
        return key
    return str(COUNTRY_SHORT_NAMES[Country(key)] if short and key in COUNTRY_SHORT_NAMES else Country(key).label)


@register.filter
def town(name: object) -> str:
    """A town's name in the reader's language, if the town is known."""
    return town_name(str(name or ""))


@register.simple_tag
def language_name(code: object) -> str:
    """A language's name in the reader's language."""
    key = str(code or "").lower()
    if key in Language.values:
        return str(Language(key).label)
    try:
        return str(get_language_info(key)["name_translated"])
    except KeyError:
        return key


@register.simple_tag
def date(value: dt.date | None, long: bool = False, year: bool = True) -> SafeString:
    """A day in the reader's language: "30 Aug 2027"."""
    if value is None:
        return mark_safe("")
    words = date_format.write_date(value, long=long, year=year)
    return format_html('<time datetime="{}">{}</time>', date_format.as_date(value).isoformat(), words)


@register.simple_tag
def daterange(start: dt.date | None, end: dt.date | None, long: bool = False) -> SafeString:
    """Two days without repetition: "30 Aug – 17 Dec 2027"."""
    return format_html('<span class="num">{}</span>', date_format.write_range(start, end, long=long))


@register.simple_tag
def moment(value: dt.datetime | None, short: bool = True) -> SafeString:
    """A moment in the reader's time zone: "19 Mar 2027, 23:41"."""
    if value is None:
        return mark_safe("")
    words = date_format.write_moment(value, long=not short)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(timespec="seconds"), words)


@register.inclusion_tag("components/when.html")
def when(value: dt.datetime | None, zone: str | dt.tzinfo | None = None, place: str = "") -> dict[str, Any]:
    """A moment in the time zone of its place, and in the reader's when that differs."""
    if value is None:
        return {"value": None}
    there = date_format.zone_of(zone)
    here = timezone.get_current_timezone()
    differs = there is not None and date_format.local(value, there).utcoffset() != date_format.local(value, here).utcoffset()
    return {
        "value": value.isoformat(timespec="seconds"),
        "there": date_format.write_moment(value, there),
        "place": place or zone_title(getattr(there, "key", "")),
        "offset": date_format.write_offset(value, there),
        "here": date_format.write_moment(value, here) if differs else "",
        "here_place": zone_title(getattr(here, "key", "")),
    }


@register.simple_tag
def deadline_badge(deadline: dt.datetime | None, zone: str | dt.tzinfo | None = None) -> SafeString:
    """The time left to apply, as a badge; "Open" without a deadline. Days are counted in the deadline's time zone."""
    if deadline is None:
        return badge(pgettext("call, badge", "Open"), "success")
    now = timezone.now()
    if deadline <= now:
        return badge(pgettext("call, badge", "Closed"))
    there = date_format.zone_of(zone)
    days = (date_format.local(deadline, there).date() - date_format.local(now, there).date()).days
    if days == 0:
        return badge(gettext("Closes today"), "warning")
    if days == 1:
        return badge(gettext("Closes tomorrow"), "warning")
    return badge(gettext("Deadline in %(days)s days") % {"days": days}, "warning" if days <= 14 else "success")


@register.simple_tag
def filesize(n: Any) -> str:
    """A file's size in the units of the reader's language."""
    return filesizeformat(n)
