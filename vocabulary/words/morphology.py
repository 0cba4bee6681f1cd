"""Taking the endings off a word, from the outside in, by the table of a language.

A word may be read in several ways (қазаны: қазан-ы or қаза-ны), and a short one may have no ending at all: every such reading is kept.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from vocabulary.words.sounds import HARD, HARD_FROM, VOWELS, settled, spelt

# What stands before an ending. The semivowels y and w count as both.
_BEFORE = {
    "any": frozenset("abdefghijklmnopqrstuvwxyz"),
    "vowel": frozenset("aeiouwy"),
    "consonant": frozenset("bdfghjklmnpqrstvwxyz"),
    "voiced": frozenset("bdgjlmnrvzwy"),
    "voiceless": frozenset("fhkpqstxbdgv"),  # b d g v are voiceless at the end of a word: археологтар
    "vowel or r": frozenset("aeiouwyr"),
    "vowel or voiced": frozenset("aeiouwybdgjlmnrvz"),
}

GLIDE = frozenset("y")

WHOLE = 3  # letters; a word of so many has no ending
SHORT_STEM = 4  # sounds; with fewer left, the word may as well have no ending
CLEAR_ENDING = 3  # sounds; such an ending is one after any stem of three sounds
NEVER_SECOND = frozenset("xqln")  # after another consonant, at the end of a stem
MIN_DOUBTFUL = 3  # sounds before an ending like that of many stems
MAX_STEMS = 6
MAX_DERIVATIONS = 3


class Ending(NamedTuple):
    """The sounds of an ending, the sounds after which it stands, and those after which many stems end like that."""

    sounds: str
    after: frozenset[str]
    doubtful: frozenset[str]


Place = dict[str, Ending]


@dataclass(frozen=True)
class Morphology:
    """The endings of one language by their place, the outermost first, derivations last."""

    places: tuple[Place, ...]
    whole: frozenset[str] = frozenset()
    """Stems that only look as if they had an ending."""
    changed: Mapping[str, str] = field(default_factory=dict)
    """Stems that lose a vowel before an ending, with the full stem."""
    respelt: tuple[str, str] = ("", "")
    """A pattern and what replaces it, before anything else."""
    hard: Mapping[int, str] = field(default_factory=lambda: HARD)
    """The last consonant of a stem before a vowel, and as it is at the end of a word."""

    @cached_property
    def lengths(self) -> tuple[tuple[int, ...], ...]:
        """The lengths of the endings of each place, the longest first."""
        return tuple(tuple(sorted({len(sounds) for sounds in place}, reverse=True)) for place in self.places)

    @classmethod
    def of(
        cls,
        *places: Mapping[str, str],
        derivations: Mapping[str, str],
        whole: str = "",
        changed: str = "",
        respelt: tuple[str, str] = ("", ""),
        hard: Mapping[int, str] = HARD,
    ) -> "Morphology":
        """From tables in the letters of the language, see `endings`. `changed` has pairs: "орн орын"."""
        pairs = [spelt(word) for word in changed.split()]
        return cls(
            (*map(endings, places), endings(derivations)),
            frozenset(spelt(word) for word in whole.split()),
            dict(zip(pairs[::2], pairs[1::2], strict=True)),
            respelt,
            hard,
        )


def endings(table: Mapping[str, str]) -> Place:
    """A table {what stands before: "ending ending? ..."} by sounds. The mark `?`: many stems end like that."""
    found: Place = {}
    for before, spellings in table.items():
        for spelling in spellings.split():
            sounds = spelt(spelling.rstrip("?"))
            same = found.get(sounds, Ending(sounds, frozenset(), frozenset()))
            doubtful = _BEFORE[before] - GLIDE if spelling.endswith("?") else frozenset()
            found[sounds] = Ending(sounds, same.after | _BEFORE[before], same.doubtful | doubtful)
    return found


def stems(word: str, language: Morphology, *, derived: bool = True) -> tuple[str, ...]:
    """The stems a word may have, the shortest first; `derived`: also without the endings that make a word of another."""
    pattern, one = language.respelt
    sounds = spelt(re.sub(pattern, one, word) if pattern else word)
    if len(word) <= WHOLE or not sounds:
        return (settled(sounds),) if sounds else ()
    found = {sounds}
    last = len(language.places) - 1
    for number in (*range(last), *([last] * MAX_DERIVATIONS if derived else ())):
        found = {stem for one in found for stem in _without(one, number, language)}
    full = {settled(language.changed.get(stem, stem)) for stem in found}
    return tuple(sorted(full, key=lambda stem: (len(stem), stem))[:MAX_STEMS])


def _without(sounds: str, number: int, language: Morphology) -> Iterator[str]:
    """The word without its ending at this place, and itself where it may have none."""
    if sounds in language.whole:
        yield sounds
        return
    fitting = list(_fitting(sounds, number, language))
    for ending in fitting:
        if sounds[: -len(ending.sounds)] in language.whole:
            yield sounds[: -len(ending.sounds)]
            return
    longest = _longest_after(sounds, number, language) if fitting and len(fitting[-1].sounds) < CLEAR_ENDING else 0
    for ending in fitting:
        stem = sounds[: -len(ending.sounds)]
        yield from _as_last(stem, ending, language)
        clear = len(stem) >= SHORT_STEM or (len(stem) == SHORT_STEM - 1 and CLEAR_ENDING <= len(ending.sounds) <= len(stem))
        if clear and stem[-1] not in ending.doubtful and len(ending.sounds) >= longest:
            return
    yield sounds


def _fitting(sounds: str, number: int, language: Morphology) -> Iterator[Ending]:
    """The endings of a place that fit, the longest first."""
    place, derivation = language.places[number], number == len(language.places) - 1
    for length in language.lengths[number]:
        ending = place.get(sounds[-length:])
        if ending and _may_end(sounds[:-length], ending, 3 if derivation or length == 1 else 2, language):
            yield ending


def _longest_after(sounds: str, number: int, language: Morphology) -> int:
    """The sounds of the longest ending that fits at a later place: -ы may be a part of -шы."""
    found = (next(_fitting(sounds, later, language), None) for later in range(number + 1, len(language.places)))
    return max((len(one.sounds) for one in found if one), default=0)


def _as_last(stem: str, ending: Ending, language: Morphology) -> Iterator[str]:
    """The stem as it is without an ending: шеберліг-і, шеберлік; a short one may as well be so."""
    hard = stem[:-1] + stem[-1].translate(language.hard) if ending.sounds[0] in VOWELS and not stem.endswith("ng") else stem
    yield hard
    if len(stem) < HARD_FROM and hard != stem:
        yield stem


def _may_end(stem: str, ending: Ending, least: int, language: Morphology) -> bool:
    if len(stem) < least or stem[-1] not in ending.after or VOWELS.isdisjoint(stem.replace("w", "u")):
        return False
    if len(stem) < MIN_DOUBTFUL and stem[-1] in ending.doubtful:
        return False
    # No stem ends like қобызш-ы: what follows the first consonant belongs to an ending.
    cut = ending.sounds[0] in VOWELS and stem[-1] in NEVER_SECOND and stem[-2] not in VOWELS and stem[-2] not in "yw"
    return not cut or stem in language.changed or stem in language.whole
