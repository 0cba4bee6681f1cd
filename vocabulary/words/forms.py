"""The forms of a word: those that are stored for a word of a text, and those that a typed word may stand for."""

from functools import lru_cache
from itertools import islice, zip_longest

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
    by_language = [_forms(word, code) for code in _languages(word, language)]
    likeliest_first = (form for forms in zip_longest(*by_language) for form in forms if form)
    return frozenset(islice(dict.fromkeys(likeliest_first), MAX_STORED))


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
    for morphology in MORPHOLOGIES.values():
        forms |= dict.fromkeys(stems(word, morphology))
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


def _forms(word: str, language: str) -> tuple[str, ...]:
    if language == "ru":
        return tuple(sorted(russian.roots(word)))
    if language == "en":
        return tuple(sorted(english.roots(word)))
    return stems(word, MORPHOLOGIES[language])

