"""Taking the endings off a word, from the outside in, by the table of a language.

A word may be read in several ways (қазаны: қазан-ы or қаза-ны), and a short one may have no ending at all: every such reading is kept.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from vocabulary.words.sounds import HARD, HARD_FROM, VOWELS, settled, spelt

# What stands before an ending. The semivowels y and w count as both.
_BEFORE = {
    "any": frozenset("abdefghijklmnopqrstuvwxyz"),
    "vowel": frozenset("aeiouwy"),
    "consonant": frozenset("bdfghjklmnpqrstvwxyz"),
    "voiced": frozenset("bdgjlmnrvzwy"),
    "voiceless": frozenset("fhkpqstx"),
    "vowel or r": frozenset("aeiouwyr"),
    "vowel or voiced": frozenset("aeiouwybdgjlmnrvz"),
}

WHOLE = 3  # letters; a word of so many has no ending
SHORT_STEM = 4  # sounds; with fewer left, the word may as well have no ending
CLEAR_ENDING = 3  # sounds; such an ending is one after any stem of three sounds
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

    @classmethod
    def of(cls, *places: Mapping[str, str], derivations: Mapping[str, str], whole: str = "", changed: str = "") -> "Morphology":
        """From tables in the letters of the language, see `endings`. `changed` has pairs: "орн орын"."""
        pairs = [spelt(word) for word in changed.split()]
        return cls(
            (*map(endings, places), endings(derivations)),
            frozenset(spelt(word) for word in whole.split()),
            dict(zip(pairs[::2], pairs[1::2], strict=True)),
        )


def endings(table: Mapping[str, str]) -> Place:
    """A table {what stands before: "ending ending? ..."} by sounds. The mark `?`: many stems end like that."""
    found: Place = {}
    for before, spellings in table.items():
        for spelling in spellings.split():
            sounds = spelt(spelling.rstrip("?"))
            same = found.get(sounds, Ending(sounds, frozenset(), frozenset()))
            doubtful = _BEFORE[before] if spelling.endswith("?") else frozenset()
            found[sounds] = Ending(sounds, same.after | _BEFORE[before], same.doubtful | doubtful)
    return found


def stems(word: str, language: Morphology, *, derived: bool = True) -> tuple[str, ...]:
    """The stems a word may have, the shortest first; `derived`: also without the endings that make a word of another."""
    sounds = spelt(word)
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
    longest = _longest(sounds, language.places[number:])
    for ending in _fitting(sounds, language.places[number], derivation=number == len(language.places) - 1):
        stem = sounds[: -len(ending.sounds)]
        if len(ending.sounds) < longest and len(stem) >= SHORT_STEM - 1:
            break  # a part of an ending of a later place: the -ы of -шы
        yield _as_last(stem, ending)
        if len(stem) >= (SHORT_STEM - 1 if len(ending.sounds) >= CLEAR_ENDING else SHORT_STEM) and stem[-1] not in ending.doubtful:
            return
    yield sounds


def _fitting(sounds: str, place: Place, *, derivation: bool) -> Iterator[Ending]:
    """The endings of a place that fit, the longest first."""
    for length in range(min(8, len(sounds) - 2), 0, -1):
        ending = place.get(sounds[-length:])
        if ending and _may_end(sounds[:-length], ending, least=3 if derivation or length == 1 else 2):
            yield ending


def _longest(sounds: str, places: tuple[Place, ...]) -> int:
    """The sounds of the longest clear ending that fits at one of these places."""
    last = len(places) - 1
    found = (next(_fitting(sounds, place, derivation=number == last), None) for number, place in enumerate(places))
    return max((len(one.sounds) for one in found if one and sounds[-len(one.sounds) - 1] not in one.doubtful), default=0)


def _as_last(stem: str, ending: Ending) -> str:
    """The stem as it is without an ending: шеберліг-і, шеберлік."""
    return stem[:-1] + stem[-1].translate(HARD) if ending.sounds[0] in VOWELS and len(stem) >= HARD_FROM else stem


def _may_end(stem: str, ending: Ending, least: int) -> bool:
    return len(stem) >= least and stem[-1] in ending.after and not VOWELS.isdisjoint(stem.replace("w", "u"))
