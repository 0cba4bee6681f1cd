"""Four forms of a reading, each simpler than the one before: strict, medium, loose, stem."""

import re
from functools import lru_cache

from vocabulary.names.transliteration_tables import PATRONYMIC_ENDINGS, SURNAME_ENDINGS

VOWELS = "aeiou"
_ANY_VOWEL = str.maketrans("eiou", "aaaa")
_CLASSES = str.maketrans("ghdbfzxj", "kktppsqq")
_INITIAL_CLASSES = str.maketrans("gdbfzxeiouy", "ktppsqaaaaa")
_DOUBLE = re.compile(r"(.)\1+")
_NO_VOWELS = str.maketrans("", "", VOWELS)


def squeezed(sounds: str) -> str:
    """Without double sounds."""
    return _DOUBLE.sub(r"\1", sounds)


@lru_cache(65536)
def medium(strict: str) -> str:
    """The consonants unchanged, every run of vowels as `a`, without a final silent h."""
    form = squeezed(strict.translate(_ANY_VOWEL))
    return form[:-1] if len(form) > 3 and form.endswith("ah") else form


@lru_cache(65536)
def loose(strict: str) -> str:
    """Classes of consonants (k=g t=d p=b=f s=z q=x=j) without vowels, except an initial one, which becomes `a`."""
    if len(strict) > 3 and strict.endswith("h"):
        strict = strict[:-1]
    form = squeezed(strict.translate(_CLASSES))
    if not form:
        return ""
    return ("a" if form[0] in VOWELS else form[0]) + form[1:].translate(_NO_VOWELS)


@lru_cache(65536)
def stem(strict: str) -> str:
    """The loose form without the ending of a surname or patronymic, if at least three sounds remain."""
    for ending in SURNAME_ENDINGS:
        if strict.endswith(ending) and len(strict) - len(ending) >= 3:
            return loose(strict[: -len(ending)])
    return loose(strict)


def open_syllable(strict: str) -> str:
    """The class of the consonant and a vowel if it is only these two sounds (Шу, Чу), whose loose form is one letter; else empty."""
    if len(strict) == 2 and strict[0] not in VOWELS and strict[1] in VOWELS:
        return medium(strict).translate(_CLASSES)
    return ""


def is_patronymic(strict: str) -> bool:
    """Whether it has the ending of a patronymic."""
    return strict.endswith(PATRONYMIC_ENDINGS)


def initial_class(sound: str) -> str:
    """The class of an initial sound; all vowels are one class."""
    return sound.translate(_INITIAL_CLASSES)


def chained(first: str, second: str) -> str:
    """Two loose forms written as one word."""
    return squeezed(first + (second[1:] if first and second.startswith("a") else second))
