"""The forms of a word: those that are stored for a word of a text, and those that a typed word may stand for."""

from collections import Counter
from functools import lru_cache

from vocabulary.words import english, russian
from vocabulary.words.kazakh import KAZAKH
from vocabulary.words.kyrgyz import KYRGYZ
from vocabulary.words.morphology import Morphology, stems
from vocabulary.words.tajik import TAJIK
from vocabulary.words.tokens import tokens
from vocabulary.words.turkmen import TURKMEN
from vocabulary.words.uzbek import UZBEK

CACHED = 65536
MAX_STORED = 4
MAX_ASKED = 24

MORPHOLOGIES: dict[str, Morphology] = {"kk": KAZAKH, "ky": KYRGYZ, "uz": UZBEK, "tg": TAJIK, "tk": TURKMEN}
CYRILLIC_LANGUAGES = ("ru", "kk", "ky", "uz", "tg")
LATIN_LANGUAGES = ("en", "uz", "tk")
RUSSIAN_LETTERS = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
ENGLISH_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz'")


@lru_cache(CACHED)
def stored_forms(word: str, language: str = "") -> frozenset[str]:
    """What is stored for one word of a text in that language, 1 to MAX_STORED forms; "" or another language: every language of its script."""
    word = _one(word)
    if not word:
        return frozenset()
    if not any(map(str.isalpha, word)):
        return frozenset([word])
    languages = _languages(word, language)
    if len(languages) == 1:
        return frozenset(_forms(word, languages[0])[:MAX_STORED])
    # The form that most languages agree on comes first, after those of the dictionaries.
    votes = Counter(form for code in languages for form in _forms(word, code))
    return frozenset(sorted(votes, key=lambda form: (not _of_dictionary(form), -votes[form], len(form), form))[:MAX_STORED])


@lru_cache(CACHED)
def asked_forms(word: str) -> frozenset[str]:
    """What a typed word may stand for: a text has the word when it has any of these stored forms."""
    word = _one(word)
    if not word:
        return frozenset()
    if not any(map(str.isalpha, word)):
        return frozenset([word])
    forms: dict[str, None] = {}
    if is_cyrillic(word):
        forms |= dict.fromkeys(sorted(russian.roots(word)))
    else:
        forms |= dict.fromkeys(sorted(english.roots(word)))
    for code in _possible(word):
        forms |= dict.fromkeys(stems(word, MORPHOLOGIES[code]))
    return frozenset(list(forms)[:MAX_ASKED])


def _one(word: str) -> str:
    """The word as `tokens` gives it."""
    found = tokens(word)
    return found[0] if found else ""


def is_cyrillic(word: str) -> bool:
    return any("\u0400" <= letter < "\u0530" for letter in word)


def _languages(word: str, language: str) -> tuple[str, ...]:
    """The languages a word of such a text may belong to."""
    if is_cyrillic(word):
        if language == "ru":
            return ("ru",) if RUSSIAN_LETTERS.issuperset(word) else CYRILLIC_LANGUAGES[1:]
        return (language,) if language in CYRILLIC_LANGUAGES else CYRILLIC_LANGUAGES
    if language == "en":
        return ("en",) if ENGLISH_LETTERS.issuperset(word) else LATIN_LANGUAGES
    return (language,) if language in LATIN_LANGUAGES else LATIN_LANGUAGES


# Letters that only some of the languages have. A word typed without them may be of any.
_LETTERS_OF = {
    "ӣӯҷ": ("tg",), "ў": ("uz",), "ҳ": ("uz", "tg"), "ғқ": ("kk", "uz", "tg"), "ңөү": ("kk", "ky"), "әұіһ": ("kk",),
    "'": ("uz", "kk"), "ňýžä": ("tk", "kk"), "şçöü": ("tk", "kk", "uz"), "qx": ("uz", "kk"),
}  # fmt: skip


def _possible(word: str) -> tuple[str, ...]:
    """The Central Asian languages a typed word may belong to; Kazakh in both scripts."""
    codes: tuple[str, ...] = ("kk", "ky", "uz", "tg") if is_cyrillic(word) else ("uz", "tk", "kk")
    for letters, only in _LETTERS_OF.items():
        if not set(letters).isdisjoint(word):
            codes = tuple(code for code in codes if code in only) or codes
    return codes


def _forms(word: str, language: str) -> tuple[str, ...]:
    if language == "ru":
        return tuple(sorted(russian.roots(word)))
    if language == "en":
        return tuple(sorted(english.roots(word)))
    return stems(word, MORPHOLOGIES[language])


def _of_dictionary(form: str) -> bool:
    return form.startswith(english.MARK) or is_cyrillic(form)
