"""Splitting a name into words: lower case, one kind of apostrophe, particles removed."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from vocabulary.names.transliteration_tables import APOSTROPHE, APOSTROPHES, DIN, PARTICLES

MAX_TEXT = 400  # characters of a text; the rest is ignored
MAX_WORDS = 16
MAX_WORD = 40  # characters of a word

_ONE_APOSTROPHE = {ord(mark): APOSTROPHE for mark in APOSTROPHES}
_SILENT = frozenset({"Mn", "Me", "Cf"})  # combining marks, joiners, directional marks


class _Letters(dict[int, int | str | None]):
    """What becomes of each character, looked up once: apostrophes are one, silent characters go, all others stay."""

    def __missing__(self, code: int) -> int | None:
        kept = None if unicodedata.category(chr(code)) in _SILENT else code
        self[code] = kept
        return kept


_LETTERS = _Letters(_ONE_APOSTROPHE)
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|'(?=[^\W\d_]))*'?\.?|\d+")


class Word(NamedTuple):
    """A word of a name, and whether it is only an initial."""

    text: str
    initial: bool = False


def normalise_name(text: str) -> str:
    """Lower case, composed letters, one kind of apostrophe, no combining marks or invisible characters."""
    if text.isascii():
        return text.lower().translate(_ONE_APOSTROPHE)
    return unicodedata.normalize("NFC", text).replace("İ", "i").lower().translate(_LETTERS)


@lru_cache(8192)
def words(text: str) -> tuple[Word, ...]:
    """The words of a name in their order; at most MAX_WORDS."""
    found = _WORD.findall(normalise_name(text[:MAX_TEXT]))[: MAX_WORDS * 2]
    kept: list[Word] = []
    index = 0
    while index < len(found) and len(kept) < MAX_WORDS:
        raw = found[index]
        word = raw.rstrip(".")[:MAX_WORD]
        following = found[index + 1].rstrip(".") if index + 1 < len(found) else ""
        index += 1
        if _is_initial(word, dotted=raw.endswith(".")):
            kept.append(Word(word, initial=True))
        elif word in PARTICLES and following:
            if kept and following in DIN:
                kept[-1] = Word((kept[-1].text + word + following)[:MAX_WORD])
                index += 1
        else:
            kept.append(Word(word))
    return tuple(kept)


def _is_initial(word: str, *, dotted: bool) -> bool:
    letters = word.replace(APOSTROPHE, "")
    return len(letters) <= 1 or (dotted and len(letters) <= 2)
