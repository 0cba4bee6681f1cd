"""Four sets of trigrams of a term: of its ASCII letters, and of its sounds in three forms."""

import re
from functools import lru_cache
from typing import NamedTuple

from anyascii import anyascii
from rapidfuzz.distance import DamerauLevenshtein

from vocabulary.names.forms import loose, medium
from vocabulary.names.phonemes import readings
from vocabulary.names.tokens import MAX_TEXT, MAX_WORD, normalise_name
from vocabulary.names.transliteration_tables import APOSTROPHE
from vocabulary.names.trigrams import similarity, trigrams

EDITS = 0.5  # weight of the edit distance; trigrams have the rest
SHORT = 7  # labels up to this many letters are too short for trigrams
MAX_WORDS = 12  # of a query; the rest is ignored
_edits, _distance = DamerauLevenshtein.normalized_similarity, DamerauLevenshtein.distance
_WORD = re.compile(r"[^\W_](?:[^\W_]|'(?=[^\W_]))*")


class Spelling(NamedTuple):
    """The text, its letters in ASCII, the likeliest sounds, and four sets of trigrams."""

    text: str
    letters: str
    sounds: str
    ascii: frozenset[str]
    strict: frozenset[str]
    medium: frozenset[str]
    loose: frozenset[str]


def words(text: str) -> tuple[str, ...]:
    """The words of a text, lower case, with one kind of apostrophe; at most MAX_WORDS."""
    return tuple(word[:MAX_WORD] for word in _WORD.findall(normalise_name(text[:MAX_TEXT]))[:MAX_WORDS])


def spelling(spelt: tuple[str, ...]) -> Spelling:
    """The four sets of these words."""
    sounds, letters = [], []
    for word in spelt:
        first, plain = _word(word)
        sounds.append(first)
        letters.append(plain)
    plain, heard = " ".join(letters), " ".join(sounds)
    return Spelling(
        " ".join(spelt),
        plain,
        heard,
        trigrams(plain),
        trigrams(heard),
        trigrams(" ".join(map(medium, sounds))),
        trigrams(" ".join(map(loose, sounds))),
    )


@lru_cache(8192)
def _word(word: str) -> tuple[str, str]:
    """Its likeliest sounds, and its letters in ASCII."""
    bare = word.replace(APOSTROPHE, "")
    return (readings(word) or ("",))[0], anyascii(bare).lower()


def likeness(one: Spelling, other: Spelling) -> float:
    """Similarity, 0 to 1: trigrams of letters and of sounds, and the edit distance, which is better for short words."""
    sounds = similarity(one.strict, other.strict) + similarity(one.medium, other.medium) + similarity(one.loose, other.loose)
    edits = max(_edits(one.letters, other.letters), _edits(one.sounds, other.sounds))
    return (1 - EDITS) * (similarity(one.ascii, other.ascii) + sounds / 3) / 2 + EDITS * edits


def one_typo_apart(one: str, other: str) -> bool:
    """Whether a short text is another with one letter added, left out, changed, or two exchanged; never the same text."""
    return 1 < len(other) <= SHORT and _distance(one, other, score_cutoff=1) == 1


def typos(text: str) -> frozenset[str]:
    """The text, and the text with each single letter left out: two texts that are one typo apart share one of these."""
    return frozenset([text, *(text[:i] + text[i + 1 :] for i in range(len(text)))])
