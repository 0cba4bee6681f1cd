"""Normalising text for full-text search: case, accents and apostrophes are removed, letters of every script are kept.

Finding a name across scripts is done by `vocabulary/names`.
"""

import re
import unicodedata

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Value

APOSTROPHES = "ʻʼ‘’'`´ʹ′ʾʿˈ＇ʽ"
WORD = re.compile(r"[^\W_]+")
MAX_WORDS = 12
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


def search_vector(text: str) -> SearchVector:
    """What to store in a `search` column for this text."""
    return SearchVector(Value(normalise_text(text)), config="simple")


def search_query(text: str) -> SearchQuery | None:
    """The full-text query of a search text: every word must occur, as a prefix. None when there is nothing to search for."""
    words = normalise_text(text[:MAX_QUERY_LENGTH]).split()[:MAX_WORDS]
    if not words:
        return None
    return SearchQuery(" & ".join(f"{word}:*" for word in words), config="simple", search_type="raw")
