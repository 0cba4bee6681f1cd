"""Readings of a word: one string of sounds for each way it may be pronounced."""

import re
import unicodedata
from functools import lru_cache
from itertools import product

from anyascii import anyascii

from vocabulary.names.transliteration_tables import (
    APOSTROPHE,
    CYRILLIC,
    CYRILLIC_GROUPS,
    KIPCHAK_J,
    LATIN,
    LATIN_GROUPS,
    LATIN_VOWELS,
)

MAX_READINGS = 6

_ROWS = [*LATIN_GROUPS, *CYRILLIC_GROUPS.items()]
_PIECE = re.compile("|".join(f"({pattern.replace('V', LATIN_VOWELS)})" for pattern, _readings in _ROWS) + "|(.)", re.DOTALL)
_SINGLE = len(_ROWS) + 1
_READINGS = [readings for _pattern, readings in _ROWS]
_LETTERS = {**CYRILLIC, **LATIN, APOSTROPHE: ""}
_GLIDE = re.compile("y")
_DOUBLE = re.compile(r"(.)\1+")
_SEMIVOWEL = re.compile(r"(?<=[aeo])w|(?<!y)w(?=[aei])")


@lru_cache(65536)
def readings(word: str) -> tuple[str, ...]:
    """The readings of a lower-case word: 1 to MAX_READINGS strings, the likeliest first; empty when it has no sound."""
    if not _is_ours(word):
        word = anyascii(word).lower()  # Arabic, Armenian, Georgian and all the rest
    spelt: list[tuple[str, ...]] = []
    ways = 1
    for piece in _PIECE.finditer(word):
        group = piece.lastindex or _SINGLE
        sounds = (_sound(piece.group()),) if group == _SINGLE else _READINGS[group - 1]
        if ways * len(sounds) > MAX_READINGS:
            sounds = sounds[: max(1, MAX_READINGS // ways)]
        ways *= len(sounds)
        spelt.append(sounds)
    heard = dict.fromkeys(_settled("".join(way)) for way in product(*spelt))
    if any(first.startswith(KIPCHAK_J) for first in heard):
        heard |= dict.fromkeys(first[1:] for first in list(heard) if first.startswith(KIPCHAK_J))
    heard.pop("", None)
    return tuple(heard)


def _is_ours(word: str) -> bool:
    return all(letter < "\u0530" or "\u1e00" <= letter < "\u1f00" for letter in word)


def _sound(letter: str) -> str:
    sound = _LETTERS.get(letter)
    if sound is not None:
        return sound
    if letter.isdigit():
        return letter if letter.isascii() else anyascii(letter)
    bare = unicodedata.normalize("NFD", letter)[0]
    return _LETTERS.get(bare, "") if bare != letter else ""


def _settled(sounds: str) -> str:
    """Normalise the sounds: w beside a vowel is v; glides and double sounds are dropped."""
    sounds = _SEMIVOWEL.sub("v", sounds).replace("w", "u")
    if len(sounds) > 2:
        sounds = _GLIDE.sub("", sounds)
    return _DOUBLE.sub(r"\1", sounds)
