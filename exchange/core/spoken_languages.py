"""Languages people speak and programmes ask for, with the levels of the Common European Framework (CEFR).

Codes are those of ISO 639: two letters where there are two, three otherwise. The languages are those that Unicode CLDR names, and some
of the region that it lacks; their names come from CLDR (library Babel) and, for `NAMED_HERE`, from the message files.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

from babel import Locale
from babel.core import get_global
from django.db import models
from django.utils import translation
from django.utils.functional import lazy
from django.utils.translation import get_language, pgettext, pgettext_lazy

from exchange.core.interface_languages import BY_CODE, SOURCE_LANGUAGE
from exchange.core.text import normalise_text

NAMED_HERE: dict[str, Any] = {
    "en": pgettext_lazy("language name", "English"),
    "ru": pgettext_lazy("language name", "Russian"),
    "kk": pgettext_lazy("language name", "Kazakh"),
    "ky": pgettext_lazy("language name", "Kyrgyz"),
    "uz": pgettext_lazy("language name", "Uzbek"),
    "tg": pgettext_lazy("language name", "Tajik"),
    "tk": pgettext_lazy("language name", "Turkmen"),
    "kaa": pgettext_lazy("language name", "Karakalpak"),
    "fa": pgettext_lazy("language name", "Persian"),
    "prs": pgettext_lazy("language name", "Dari"),
    "tr": pgettext_lazy("language name", "Turkish"),
    "de": pgettext_lazy("language name", "German"),
    "fr": pgettext_lazy("language name", "French"),
    "dng": pgettext_lazy("language name", "Dungan"),
    "sgh": pgettext_lazy("language name", "Shughni"),
    "wbl": pgettext_lazy("language name", "Wakhi"),
    "yai": pgettext_lazy("language name", "Yaghnobi"),
}
"""Languages that translators name: those of the interface and its neighbours, and those that CLDR lacks in some language of the interface."""
LIKELY = (
    *("en", "ru", "kk", "ky", "uz", "tg", "tk", "kaa", "ug", "uk", "ko", "ar", "fa", "prs", "tr", "de", "fr"),
    *("dng", "sgh", "wbl", "yai", "az", "tt", "ba", "ka", "hy", "be", "mn", "zh", "ja", "hi", "ur", "ps", "he", "es", "it", "pl"),
)
"""The languages of the region and of its guests, offered before all others."""
NOT_SPOKEN = frozenset({"mul", "und", "zxx", "mis", "root"})


@cache
def _names_of_cldr(language: str) -> dict[str, str]:
    return dict(Locale(language).languages)


def _codes() -> tuple[str, ...]:
    """All codes: the likely ones first, then by their English names."""
    names = _names_of_cldr(SOURCE_LANGUAGE)
    others = {code for code in names if code.isalpha() and len(code) <= 3} - NOT_SPOKEN - set(LIKELY)
    return (*LIKELY, *sorted(others, key=names.__getitem__))


def _name(code: str) -> str:
    """The name in the active language, or else in the next one that its readers know."""
    if code in NAMED_HERE:
        return str(NAMED_HERE[code])
    active = BY_CODE.get((get_language() or SOURCE_LANGUAGE)[:2], BY_CODE[SOURCE_LANGUAGE])
    for language in (active.code, *active.fallbacks, SOURCE_LANGUAGE):
        if name := _names_of_cldr(language).get(code):
            return name[:1].upper() + name[1:]
    return code


if TYPE_CHECKING:

    class Language(models.TextChoices):
        """A language of ISO 639; named here are those that the code mentions."""

        EN = "en"
        RU = "ru"
        UZ = "uz"
        TK = "tk"
        TR = "tr"
        DE = "de"
        FR = "fr"

else:
    Language = models.TextChoices(
        "Language", [(code.upper(), (code, lazy(_name, str)(code))) for code in _codes()], module=__name__
    )


def language_choices() -> list[tuple[str, Any]]:
    """All languages with their names, for the fields of models: a function, so that a new language needs no migration."""
    return list(Language.choices)


def likely_choices() -> list[tuple[str, Any]]:
    """The likely languages with their names."""
    return [(code, Language(code).label) for code in LIKELY]


def language_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """All languages for a select: the likely ones in their order, then the others by name in the reader's language."""
    others = sorted(((code, _name(code)) for code in Language.values if code not in LIKELY), key=lambda row: row[1].casefold())
    return [
        (pgettext("group of languages", "Languages of the region and of its guests"), [(code, _name(code)) for code in LIKELY]),
        (pgettext("group of languages", "Other languages"), others),
    ]


def language_codes_of(text: str) -> frozenset[str]:
    """The codes that a text may mean: a code of ISO 639 with two or three letters, or a name in any language of the interface."""
    code = text.strip().lower()
    code = get_global("language_aliases").get(code, code)
    return frozenset({code}) if code in Language.values else _codes_by_name().get(normalise_text(text), frozenset())


@cache
def _codes_by_name() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for language in BY_CODE:
        names = {code: name for code, name in _names_of_cldr(language).items() if code in Language.values}
        with translation.override(language):
            texts = [*names.items(), *((code, str(label)) for code, label in NAMED_HERE.items())]
        for code, name in texts:
            found.setdefault(normalise_text(name), set()).add(code)
    return {name: frozenset(codes) for name, codes in found.items()}


@cache
def names_of_languages() -> dict[str, tuple[str, ...]]:
    """The names of each language in every language of the interface, normalised, and its code."""
    found: dict[str, list[str]] = {code: [code] for code in Language.values}
    for name, codes in _codes_by_name().items():
        for code in codes:
            found[code].append(name)
    return {code: tuple(names) for code, names in found.items()}


class Level(models.IntegerChoices):
    """CEFR levels in order (Council of Europe, 2001); 7 is a first language."""

    A1 = 1, "A1"
    A2 = 2, "A2"
    B1 = 3, "B1"
    B2 = 4, "B2"
    C1 = 5, "C1"
    C2 = 6, "C2"
    NATIVE = 7, pgettext_lazy("language level", "first language")
