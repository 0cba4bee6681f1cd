"""Central Asian words as sounds, so that Cyrillic and Latin spellings and words typed without marks meet. The letters are those of names.

Endings are taken off between `spelt` and `settled`: before that a word keeps its glides and double letters, which belong to the stem or to the ending
(gul-lar, үй-лер, sotuv-chi). ng stays two letters, which may belong to both (kun-ga).
"""

import re
import unicodedata
from functools import lru_cache

from vocabulary.names.forms import squeezed
from vocabulary.names.transliteration_tables import APOSTROPHE, CYRILLIC, LATIN, LATIN_GROUPS, LATIN_VOWELS

# Of the groups of letters of names only those of the alphabets themselves: any other may be the end of a stem and the start of an ending.
_LETTER_GROUPS = {"sh", "ch", "zh", "kh", "gh", "ý", "(?<=[V])y", "y(?=[V])", "y", "j", "(?<=.)x", "x"}
_GROUPS = [(pattern, sounds[0]) for pattern, sounds in LATIN_GROUPS if pattern in _LETTER_GROUPS] + [("дж", "j")]
_PIECE = re.compile("|".join(f"({pattern.replace('V', LATIN_VOWELS)})" for pattern, _sounds in _GROUPS) + "|(.)", re.DOTALL)
_LETTERS = {**CYRILLIC, **LATIN, APOSTROPHE: "", "c": "k"}

VOWELS = frozenset("aeiou")
_SEMIVOWEL = re.compile(r"(?<=[aeo])w|(?<!y)w(?=[aei])")
_LOST_GLIDE = re.compile(r"(?<=i)y(?!i)|y(?=e)")
_TWO = re.compile(r"ii(?=.)")  # кийиз, киіз
_LAST_GLIDE = re.compile(r"(?<=[aeou])i$")
HARD = {ord("b"): "p", ord("g"): "k", ord("j"): "q"}
HARD_FROM = 4  # sounds; a shorter stem keeps its last consonant


@lru_cache(65536)
def spelt(word: str) -> str:
    """The sounds of a lower-case word as it is spelt, empty for other scripts."""
    return "".join(
        _GROUPS[piece.lastindex - 1][1] if piece.lastindex and piece.lastindex <= len(_GROUPS) else _sound(piece.group())
        for piece in _PIECE.finditer(word)
    )


def _sound(letter: str) -> str:
    sound = _LETTERS.get(letter)
    if sound is None:
        sound = letter if letter.isdigit() else _LETTERS.get(unicodedata.normalize("NFD", letter)[0], "")
    return sound


@lru_cache(65536)
def settled(sounds: str) -> str:
    """The form that is stored: one letter for a sound, and the last consonant as it is at the end of a word (kitab-y, kitap)."""
    sounds = _SEMIVOWEL.sub("v", sounds).replace("w", "u")
    sounds = squeezed(_LAST_GLIDE.sub("y", _LOST_GLIDE.sub("", _TWO.sub("iyi", sounds))))
    return sounds[:-1] + sounds[-1].translate(HARD) if len(sounds) >= HARD_FROM else sounds
