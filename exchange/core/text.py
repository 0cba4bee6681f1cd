"""Normalising text for comparison: case, accents and apostrophes are removed, letters of every script are kept.

Finding a name across scripts is done by `vocabulary/names`.
"""

import re
import unicodedata

APOSTROPHES = "ʻʼ‘’'`´ʹ′ʾʿˈ＇ʽ"
WORD = re.compile(r"[^\W_]+")
MAX_QUERY_LENGTH = 200


class _Letters(dict[int, str]):
    """The normalised form of each letter, cached on first use."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _normalise_letter(chr(code))
        return folded


def normalise_text(text: str) -> str:
    """Lower case, no apostrophes, no accents except those that make another Cyrillic letter; words separated by single spaces."""
    return " ".join(WORD.findall(unicodedata.normalize("NFC", text).lower().translate(_letters)))


def _normalise_letter(letter: str) -> str:
    if letter in APOSTROPHES:
        return ""
    if letter < "\x80" or "\u0400" <= letter <= "\u052f":
        return "е" if letter == "ё" else letter
    return "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))


_letters = _Letters()


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit to search for. Marks alone are no words."""
    return WORD.search(text[: 4 * MAX_QUERY_LENGTH]) is not None
