"""The forms of a word: those that are stored for a word of a text, and those that a typed word may stand for."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache

from vocabulary.words import english, russian
from vocabulary.words.dictionaries import is_english, is_russian, russian_lemmas
from vocabulary.words.kazakh import KAZAKH
from vocabulary.words.kyrgyz import KYRGYZ
from vocabulary.words.morphology import WHOLE, Morphology, stems
from vocabulary.words.sounds import settled, spelt
from vocabulary.words.tajik import TAJIK
from vocabulary.words.tokens import MAX_WORD, tokens
from vocabulary.words.turkmen import TURKMEN
from vocabulary.words.uzbek import UZBEK

CACHED = 65536
_OUR_LETTER = re.compile("[a-z\u00df-\u024f\u0259\u0430-\u052f\u1e00-\u1eff]")
MAX_STORED = 4
MAX_ASKED = 24

DICTIONARIES: dict[str, Callable[[str], bool]] = {"ru": is_russian, "en": is_english}
MORPHOLOGIES: dict[str, Morphology] = {"kk": KAZAKH, "ky": KYRGYZ, "uz": UZBEK, "tg": TAJIK, "tk": TURKMEN}
CYRILLIC = ("kk", "ky", "uz", "tg")  # beside Russian
LATIN = ("uz", "tk")  # beside English
RUSSIAN_LETTERS = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
ENGLISH_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz'")


@lru_cache(CACHED)
def stored_forms(word: str, language: str = "") -> frozenset[str]:
    """What is stored for one word of a text in that language, 1 to MAX_STORED forms; "" or another language: every language of its script."""
    word = _one(word)
    if not _has_our_letters(word):
        return frozenset([word] if word else [])
    languages = _languages(word, language)
    if len(languages) > 1:
        return frozenset(_agreed(word, languages)[:MAX_STORED] or [word])
    forms = _forms(word, languages[0])
    if languages[0] in DICTIONARIES and not DICTIONARIES[languages[0]](word):
        forms = (*forms, settled(spelt(word)))  # a word of the region in a Russian or English text: suzani
    return frozenset(forms[:MAX_STORED] or [word])


@lru_cache(CACHED)
def asked_forms(word: str) -> frozenset[str]:
    """What a typed word may stand for, at most MAX_ASKED forms: a text has the word when it has any of these stored forms."""
    word = _one(word)
    if not _has_our_letters(word):
        return frozenset([word] if word else [])
    languages = ("ru" if is_cyrillic(word) else "en", *possible_languages(word))
    forms = dict.fromkeys(form for code in languages for one in _with_marks(word, code) for form in _forms(one, code))
    bases = (word, *russian_lemmas(word)) if is_cyrillic(word) else (word,)
    forms |= dict.fromkeys(settled(spelt(base)) for base in bases)  # реставрации finds реставрацияны
    if "" in forms:  # no letter with a sound
        forms[word] = forms.pop("")
    return frozenset(list(forms)[:MAX_ASKED])


def _agreed(word: str, languages: Iterable[str]) -> list[str]:
    """The forms in several languages: those of dictionaries first, then those that most languages agree on."""
    votes = Counter(form for code in languages for form in _forms(word, code))
    return sorted(votes, key=lambda form: (not _of_dictionary(form), -votes[form], len(form), form))


def _has_our_letters(word: str) -> bool:
    return bool(_OUR_LETTER.search(word))


def _one(word: str) -> str:
    """The word as `tokens` gives it."""
    if word.isalpha() and word.islower() and len(word) <= MAX_WORD:
        return word
    found = tokens(word)
    return found[0] if found else ""


def is_cyrillic(word: str) -> bool:
    return any("\u0400" <= letter < "\u0530" for letter in word)


def _languages(word: str, language: str) -> tuple[str, ...]:
    """The languages a word of such a text may belong to: that language if it has such letters."""
    first, letters, others = ("ru", RUSSIAN_LETTERS, CYRILLIC) if is_cyrillic(word) else ("en", ENGLISH_LETTERS, LATIN)
    if language in others or (language == first and letters.issuperset(word)):
        return (language,)
    possible = tuple(code for code in possible_languages(word) if code in others) or others
    return (first, *possible) if letters.issuperset(word) else possible


# Letters that only some of the languages have. A word typed without them may be of any.
_LETTERS_OF = {
    "ӣӯҷ": ("tg",), "ў": ("uz",), "ҳ": ("uz", "tg"), "ғқ": ("kk", "uz", "tg"), "ңөү": ("kk", "ky"), "әұіһ": ("kk",),
    "'": ("uz", "kk"), "ňýžä": ("tk", "kk"), "şçöü": ("tk", "kk", "uz"), "qx": ("uz", "kk"),
}  # fmt: skip


def possible_languages(word: str) -> tuple[str, ...]:
    """The Central Asian languages a typed word may belong to; Kazakh in both scripts."""
    codes: tuple[str, ...] = CYRILLIC if is_cyrillic(word) else (*LATIN, "kk")
    for letters, only in _LETTERS_OF.items():
        if not set(letters).isdisjoint(word):
            codes = tuple(code for code in codes if code in only) or codes
    return codes


# What stands for marked letters whose sounds differ, where a word is typed without any mark of its language.
_MARKS = {"tg": "ӣӯҷҳқғ", "tk": "şžçýňöüä"}
_WITHOUT_MARKS = {"tg": (("ч", "ҷ"),), "tk": (("c", "ç"), ("s", "ş"), ("z", "ž"))}


def _with_marks(word: str, code: str) -> list[str]:
    """The word, and as it may be meant: масчид, масҷид; nagys, nagyş."""
    found = [word]
    if len(word) > WHOLE and set(_MARKS.get(code, word)).isdisjoint(word):
        for letter, marked in _WITHOUT_MARKS[code]:
            found += [one.replace(letter, marked) for one in found if letter in one]
    return found


def _forms(word: str, language: str) -> tuple[str, ...]:
    if language == "ru":
        return tuple(sorted(russian.roots(word)))
    if language == "en":
        return tuple(sorted(english.roots(word)))
    return stems(word, MORPHOLOGIES[language])


def _of_dictionary(form: str) -> bool:
    return form.startswith(english.MARK) or is_cyrillic(form)
