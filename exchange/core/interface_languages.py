"""The languages of the interface, one row each. Settings, dates, translated content, message files, towns and the glossary read this list.

A new language needs a row here and a folder in `locale/` (`make messages` creates it). Settings import this module, so it must not read them.
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import get_language, gettext_noop

SOURCE_LANGUAGE = "en"
"""The language of the texts in the code. It has no message file."""
CENTRAL_ASIAN = ("ru", "en")
"""Readers of Central Asian languages are more likely to read Russian than English."""


class DateFormat(NamedTuple):
    """How one language writes a date: long and short month names inside a date, and the patterns around them."""

    long: tuple[str, ...]
    short: tuple[str, ...]
    long_date: str = "{d} {m} {y}"
    date: str = "{d} {m} {y}"
    day: str = "{d} {m}"
    days: str = "{d} – {d2} {m} {y}"
    month: str = "{m} {y}"
    short_alone: tuple[str, ...] = ()
    """Short names where no day stands before them; empty when they are the same."""
    long_alone: tuple[str, ...] = ()
    """Long names where no year follows; empty when they are the same."""


class InterfaceLanguage(NamedTuple):
    """One language of the interface."""

    code: str
    name: str
    """In English: a msgid."""
    own_name: str
    fallbacks: tuple[str, ...]
    """Languages tried, in this order, when a text is missing in this one. The first one also fills the gaps of its message file."""
    town_names: str
    """The language whose names are used for towns without a name in this one, as its press does."""
    dates: DateFormat

    @property
    def message_file_fallback(self) -> str | None:
        """The language that fills the gaps of the message file; None where gaps are shown in the source language."""
        first = self.fallbacks[0]
        return None if SOURCE_LANGUAGE in (self.code, first) else first


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


INTERFACE_LANGUAGES = (
    InterfaceLanguage(
        code="en",
        name=gettext_noop("English"),
        own_name="English",
        fallbacks=("ru",),
        town_names="en",
        dates=DateFormat(
            _words("January February March April May June July August September October November December"),
            _words("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
        ),
    ),
    InterfaceLanguage(
        code="ru",
        name=gettext_noop("Russian"),
        own_name="Русский",
        fallbacks=("en",),
        town_names="ru",
        dates=DateFormat(
            _words("января февраля марта апреля мая июня июля августа сентября октября ноября декабря"),
            _words("янв. февр. мар. апр. мая июн. июл. авг. сент. окт. нояб. дек."),
            short_alone=_words("янв. февр. март апр. май июнь июль авг. сент. окт. нояб. дек."),
        ),
    ),
    InterfaceLanguage(
        code="kk",
        name=gettext_noop("Kazakh"),
        own_name="Қазақша",
        fallbacks=CENTRAL_ASIAN,
        town_names="ru",
        dates=DateFormat(
            _words("қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан"),
            _words("қаң. ақп. нау. сәу. мам. мау. шіл. там. қыр. қаз. қар. жел."),
            long_date="{y} ж. {d} {m}",
            date="{y} ж. {d} {m}",
            days="{y} ж. {d} – {d2} {m}",
            month="{y} ж. {m}",
        ),
    ),
    InterfaceLanguage(
        code="ky",
        name=gettext_noop("Kyrgyz"),
        own_name="Кыргызча",
        fallbacks=CENTRAL_ASIAN,
        town_names="ru",
        dates=DateFormat(
            _words("январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"),
            _words("янв. фев. мар. апр. май июн. июл. авг. сен. окт. ноя. дек."),
            long_date="{y}-ж., {d}-{m}",
            date="{y}-ж., {d}-{m}",
            day="{d}-{m}",
            days="{y}-ж., {d} – {d2}-{m}",
            month="{y}-ж., {m}",
        ),
    ),
    InterfaceLanguage(
        code="uz",
        name=gettext_noop("Uzbek"),
        own_name="Oʻzbekcha",
        fallbacks=CENTRAL_ASIAN,
        town_names="en",
        dates=DateFormat(
            _words("yanvar fevral mart aprel may iyun iyul avgust sentabr oktabr noyabr dekabr"),
            _words("yan fev mar apr may iyn iyl avg sen okt noy dek"),
            long_date="{d}-{m}, {y}",
            date="{d}-{m}, {y}",
            day="{d}-{m}",
            days="{d} – {d2}-{m}, {y}",
            month="{m}, {y}",
        ),
    ),
    InterfaceLanguage(
        code="tg",
        name=gettext_noop("Tajik"),
        own_name="Тоҷикӣ",
        fallbacks=CENTRAL_ASIAN,
        town_names="ru",
        dates=DateFormat(
            _words("январи феврали марти апрели майи июни июли августи сентябри октябри ноябри декабри"),
            _words("янв фев мар апр май июн июл авг сен окт ноя дек"),
            long_alone=_words("январ феврал март апрел май июн июл август сентябр октябр ноябр декабр"),
        ),
    ),
    InterfaceLanguage(
        code="tk",
        name=gettext_noop("Turkmen"),
        own_name="Türkmençe",
        fallbacks=CENTRAL_ASIAN,
        town_names="en",
        dates=DateFormat(
            _words("ýanwar fewral mart aprel maý iýun iýul awgust sentýabr oktýabr noýabr dekabr"),
            _words("ýan few mart apr maý iýun iýul awg sen okt noý dek"),
        ),
    ),
)
"""In the order in which they are offered. The date formats follow Unicode CLDR, in small letters; Tajik dates add the izafat, which CLDR lacks."""

BY_CODE = {language.code: language for language in INTERFACE_LANGUAGES}
TRANSLATED_LANGUAGES = tuple(language.code for language in INTERFACE_LANGUAGES if language.code != SOURCE_LANGUAGE)
"""Codes of the languages that have a message file."""


def active_language() -> str:
    """The code of the reader's language; English for a language that is not offered."""
    code = (get_language() or SOURCE_LANGUAGE).split("-")[0]
    return code if code in BY_CODE else SOURCE_LANGUAGE
