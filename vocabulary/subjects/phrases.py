"""Reading phrases out of a text: which of many labels stand in it, word by word in any of their forms."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from vocabulary.words import asked_forms, is_function_word, stored_forms, tokens

V = TypeVar("V")

MAX_WORDS = 8
"""Words of a label; longer ones are not looked for."""

Forms = frozenset[str]


class FoundPhrase(NamedTuple, Generic[V]):
    """Words `start` up to `end` of the text are a label of these values."""

    start: int
    end: int
    values: tuple[V, ...]


class _Phrase(NamedTuple):
    words: tuple[Forms, ...]
    language: str
    value: object

    def fits(self, language: str) -> bool:
        return self.language == language or (not self.language and len(self.words) > 1)


class Phrases(Generic[V]):
    """Labels of values, in seven languages; immutable. The longest label wins where several begin at the same word."""

    def __init__(self, rows: Iterable[tuple[V, str, str]]) -> None:
        """From rows of (value, language, label); an empty language is any."""
        self._by_form: dict[str, list[_Phrase]] = defaultdict(list)
        """The phrases by each form of their first word."""
        self._forms: set[str] = set()
        for value, language, label in rows:
            words = [word for word in tokens(label) if not is_function_word(word)][:MAX_WORDS]
            if not words:
                continue
            phrase = _Phrase(tuple(stored_forms(word, language) for word in words), language, value)
            self._forms.update(*phrase.words)
            for form in phrase.words[0]:
                self._by_form[form].append(phrase)

    def read(self, words: Sequence[Forms], language: str = "") -> list[FoundPhrase[V]]:
        """The labels that stand in these words, in order, without overlap.

        With a language, only labels of this language, and of those without a language the ones of several words.
        """
        found = []
        place = 0
        while place < len(words):
            one = self._longest(words, place, language)
            if one is not None:
                found.append(one)
            place = place + 1 if one is None else one.end
        return found

    def has(self, word: Forms) -> bool:
        """Whether the word stands in any label."""
        return not self._forms.isdisjoint(word)

    def _longest(self, words: Sequence[Forms], start: int, language: str) -> FoundPhrase[V] | None:
        best: dict[object, None] = {}
        length = 0
        for form in sorted(words[start]):
            for phrase in self._by_form.get(form, ()):
                size = len(phrase.words)
                if size < length or start + size > len(words) or (language and not phrase.fits(language)):
                    continue
                if all(phrase.words[place] & words[start + place] for place in range(1, size)):
                    if size > length:
                        best, length = {}, size
                    best[phrase.value] = None
        return FoundPhrase(start, start + length, tuple(best)) if best else None  # type: ignore[arg-type]


def text_words(text: str, language: str = "") -> list[Forms]:
    """The words of a text as stored, without function words."""
    return [stored_forms(word, language) for word in tokens(text) if not is_function_word(word)]


def asked_words(words: Iterable[str]) -> list[Forms]:
    """The words of a query, each with all that it may stand for."""
    return [asked_forms(word) for word in words]
