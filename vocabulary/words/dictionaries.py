"""The dictionaries of pymorphy3 (Russian, 22 MB in memory) and simplemma (English, 24 MB). Loaded at the first use, not at import.

Where one cannot be loaded, one warning is logged and endings are taken off by a short table instead.
"""

import logging
from functools import cache, lru_cache
from typing import Any, NamedTuple

logger = logging.getLogger(__name__)

CACHED = 65536
MAX_LEMMAS = 2

# Without a dictionary, the longest of these is taken off.
RUSSIAN_ENDINGS = (
    "иями ями ами иях ыми ими ого его ому ему ией ьями ях ах ов ев ей ой ый ий ая яя ое ее ые ие ых их ым им ую юю ою ею ом ем ам ям "
    "ия ию ии ье ью а я о е ы и у ю ь"
)
ENGLISH_ENDINGS = "ings ing ed ies es s"
MIN_STEM = 3

_VERBS = frozenset({"VERB", "INFN", "GRND", "PRED"})


def lemma_dictionaries_ready() -> bool:
    """Whether both dictionaries can be loaded; loads them."""
    return _russian() is not None and _english() is not None


@cache
def _russian() -> Any:
    try:
        import pymorphy3

        return pymorphy3.MorphAnalyzer(lang="ru", probability_estimator_cls=None)  # which lemma is likelier costs half the time
    except Exception as problem:  # noqa: BLE001 -- whatever is missing or damaged, words are still found without it
        logger.warning("The Russian dictionary cannot be loaded, endings are used instead: %s", problem)
        return None


@cache
def _english() -> Any:
    try:
        import simplemma

        simplemma.is_known("word", lang="en")
    except Exception as problem:  # noqa: BLE001 -- as above
        logger.warning("The English dictionary cannot be loaded, endings are used instead: %s", problem)
        return None
    return simplemma


class _Parsed(NamedTuple):
    lemmas: tuple[str, ...]
    verb: bool


@lru_cache(CACHED)
def _parsed(word: str) -> _Parsed:
    dictionary = _russian()
    if dictionary is None:
        return _Parsed((_without_ending(word.replace("ё", "е"), RUSSIAN_ENDINGS),), verb=True)
    parses = dictionary.parse(word)
    lemmas = dict.fromkeys(parse.normal_form.replace("ё", "е") for parse in parses)
    return _Parsed(tuple(lemmas)[:MAX_LEMMAS], verb=any(parse.tag.POS in _VERBS for parse in parses))


def russian_lemmas(word: str) -> tuple[str, ...]:
    """The lemmas of a lower-case word, at most MAX_LEMMAS, with ё written е: стали is of стать and of сталь."""
    return _parsed(word).lemmas


@lru_cache(CACHED)
def is_russian(word: str) -> bool:
    """Whether the dictionary has the word in this form. Looked up only: to guess what an unknown word may be costs a hundred times more."""
    dictionary = _russian()
    return dictionary is not None and bool(dictionary.word_is_known(word))


def is_russian_verb(word: str) -> bool:
    """Whether the word is a verb in some form, except a participle. Without the dictionary every word is."""
    return _parsed(word).verb


@lru_cache(CACHED)
def english_lemmas(word: str) -> tuple[str, ...]:
    """The lemma of a lower-case word."""
    dictionary = _english()
    if dictionary is None:
        return (_without_ending(word, ENGLISH_ENDINGS),)
    return (dictionary.lemmatize(word, lang="en").lower(),)


@lru_cache(CACHED)
def is_english(word: str) -> bool:
    """Whether the dictionary has the word in this form."""
    dictionary = _english()
    return dictionary is not None and bool(dictionary.is_known(word, lang="en"))


def _without_ending(word: str, endings: str) -> str:
    for ending in endings.split():
        if word.endswith(ending) and len(word) - len(ending) >= MIN_STEM:
            return word.removesuffix(ending)
    return word
