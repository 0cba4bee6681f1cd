"""When the words of a query name a label: each word by its forms, or all of it with a typo or in another script."""

from collections.abc import Sequence

from rapidfuzz.distance import DamerauLevenshtein

from vocabulary.subjects.spelling import Spelling
from vocabulary.words import asked_forms, is_function_word, stored_forms
from vocabulary.words.forms import is_cyrillic

BY_FORMS = 0.9  # the lowest similarity of words that are a label in another form; the rest is that of their letters
MAX_FORM_WORDS = 8
# Typos allowed: (minimum number of letters, typos).
TYPOS = ((8, 2), (4, 1), (0, 0))

# A single word must be this similar as well, because many names are a letter away from the words for iron, silk or hall: (minimum number
# of letters, similarity). Measured on 2,000 names of people and on every label misspelt: see bench/subjects.py.
FLOORS = ((8, 0.0), (7, 0.60), (6, 0.77), (5, 0.73), (0, 0.80))

OTHER_SCRIPT = 0.65  # similarity of several words and a label of as many in another script
SHORT_STEM, FLOOR_OF_SHORT_STEMS = 4, 0.5

Forms = frozenset[str]
_distance = DamerauLevenshtein.distance


def label_forms(words: Sequence[str], language: str) -> tuple[Forms, ...]:
    """The stored forms of each word of a label, without function words unless there are no others, and without short stems: a label is a base."""
    return tuple(_long(stored_forms(word, language)) for word in _telling(words))


def _long(forms: Forms) -> Forms:
    longest = max(map(len, forms), default=0)
    return frozenset(form for form in forms if len(form) >= min(SHORT_STEM, longest))


def query_forms(words: Sequence[str]) -> tuple[Forms, ...]:
    """The same for a query; empty where it begins or ends with a function word, which belongs to no label."""
    if len(words) > 1 and (is_function_word(words[0]) or is_function_word(words[-1])):
        return ()
    return tuple(asked_forms(word) for word in _telling(words))


def _telling(words: Sequence[str]) -> list[str]:
    return [word for word in words if not is_function_word(word)] or list(words)


def meets_by_forms(asked: Sequence[Forms], label: Sequence[Forms]) -> bool:
    """Whether each word of the query is another word of the label, in any order, and none is left over."""
    if len(asked) != len(label) or len(asked) > MAX_FORM_WORDS or not asked:
        return False
    if all(not one.isdisjoint(other) for one, other in zip(asked, label, strict=True)):
        return True
    return _assigned(list(asked), list(label))


def is_chance(asked: Sequence[Forms], label: Sequence[Forms], score: float) -> bool:
    """Whether a single word and a label only share a short stem and are not similar otherwise: Айдин and aýna, both from aý."""
    return len(asked) == 1 and score < FLOOR_OF_SHORT_STEMS and max(map(len, asked[0] & label[0]), default=0) < SHORT_STEM


def _assigned(asked: list[Forms], label: list[Forms]) -> bool:
    """Whether the words can be paired: one that fits a single word of the label first."""
    while asked:
        fitting = [[place for place, other in enumerate(label) if not one.isdisjoint(other)] for one in asked]
        first = min(range(len(asked)), key=lambda place: len(fitting[place]))
        if not fitting[first]:
            return False
        label.pop(fitting[first][0])
        asked.pop(first)
    return True


def meets_by_letters(asked: Spelling, label: Spelling, score: float) -> bool:
    """Whether the query is the label with a typo for its length, or in the letters or romanisation of another script. `score`: their similarity."""
    if " " not in asked.text and score < next(floor for least, floor in FLOORS if len(asked.text) >= least):
        return False
    if " " in asked.text and _is_cyrillic(asked) != _is_cyrillic(label) and asked.text.count(" ") == label.text.count(" "):
        return score >= OTHER_SCRIPT
    spellings = ((asked.text, label.text), (asked.letters, label.letters), (asked.sounds, label.sounds))
    return any(_nearly(*pair) for pair in spellings) or any(_nearly_each(*pair) for pair in spellings)


def _nearly_each(one: str, other: str) -> bool:
    """Whether each word of several has the typos of its length at most."""
    words, other_words = one.split(), other.split()
    return len(words) == len(other_words) > 1 and all(map(_nearly, words, other_words))


def _is_cyrillic(spelt: Spelling) -> bool:
    return is_cyrillic(spelt.text)


def _nearly(one: str, other: str) -> bool:
    letters = min(len(one), len(other))
    allowed = next(typos for least, typos in TYPOS if letters >= least)
    return bool(one) and _distance(one, other, score_cutoff=allowed) <= allowed
