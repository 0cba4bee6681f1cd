"""The words of a name with all their readings and forms, for keys and comparison."""

from dataclasses import dataclass
from functools import lru_cache

from vocabulary.names import forms
from vocabulary.names.phonemes import readings
from vocabulary.names.tokens import words
from vocabulary.names.transliteration_tables import SURNAME_WORDS


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One word of a name. Compared by identity: `_part` makes one for each word."""

    initial: bool
    strict: tuple[str, ...]
    medium: tuple[str, ...]
    loose: tuple[str, ...]
    stems: tuple[str, ...]
    patronymic: bool
    firsts: frozenset[str]  # first sounds
    classes: frozenset[str]  # their classes


@lru_cache(65536)
def _part(word: str, initial: bool) -> Part:
    strict = readings(word)
    firsts = frozenset((sounds.lstrip("y") or sounds)[0] for sounds in strict)
    classes = {forms.initial_class(sounds[0]) for sounds in strict}
    if word[0] in "еёюяeyjй":  # with or without a glide
        classes.add("a")
    return Part(
        initial=initial,
        strict=strict,
        medium=tuple(dict.fromkeys(map(forms.medium, strict))),
        loose=tuple(dict.fromkeys(map(forms.loose, strict))),
        stems=tuple(dict.fromkeys(map(forms.stem, strict))),
        patronymic=bool(strict) and forms.is_patronymic(strict[0]),
        firsts=firsts,
        classes=frozenset(classes),
    )


@lru_cache(8192)
def parts(text: str) -> tuple[Part, ...]:
    """The pronounceable words of a name; surname-forming words (ұлы, oʻgʻli) only when there are no others."""
    sounding = [part for part in (_part(*word) for word in words(text)) if part.strict]
    telling = [part for part in sounding if part.strict[0] not in SURNAME_WORDS]
    return tuple(telling or sounding)
