"""Texts typed on the wrong keyboard layout: the same keys on another one. Layouts as in the X keyboard data (ru, kz, kg, tj, uz)."""

from vocabulary.words.dictionaries import is_english, is_russian
from vocabulary.words.function_words import is_function_word
from vocabulary.words.tokens import tokens

MAX_TEXT = 400  # characters; a longer text is no query

_KEYS = "`1234567890-=qwertyuiop[]asdfghjkl;'zxcvbnm,.\\"
_CYRILLIC = {
    "ru": "ё1234567890-=йцукенгшщзхъфывапролджэячсмитьбю\\",
    "kk": '("әіңғ,.үұқөһйцукенгшщзхъфывапролджэячсмитьбю\\',
    "ky": "ё1234567890өңйцукенгшщзхъфывапролджэячсмитьбюү",
    "tg": "ё1234567890ғӯйқукенгшҳзхъфҷвапролджэячсмитӣбю\\",
    "uz": "ё1234567890ғҳйцукенгшўзхъфқвапролджэячсмитьбю\\",
}
_SHIFTED = str.maketrans('~{}:"<>', "`[];',.")  # the keys that give letters in Russian when shifted
_TO_CYRILLIC = {code: str.maketrans(_KEYS, keys) for code, keys in _CYRILLIC.items()}
_TO_LATIN = {code: str.maketrans(keys, _KEYS) for code, keys in _CYRILLIC.items()}


def other_layout(text: str) -> tuple[str, ...]:
    """The text as the same keys give it on another layout, lower case: Latin keys to each Cyrillic layout, Cyrillic ones to Latin.

    Without duplicates; empty for a text without letters, with letters of both scripts, or longer than MAX_TEXT.
    """
    text = text.lower()
    latin = any("a" <= letter <= "z" for letter in text)
    cyrillic = any("\u0400" <= letter < "\u0530" for letter in text)
    if latin == cyrillic or len(text) > MAX_TEXT:
        return ()
    tables = _TO_CYRILLIC if latin else _TO_LATIN
    typed = text.translate(_SHIFTED) if latin else text
    found = dict.fromkeys(typed.translate(table) for table in tables.values())
    found.pop(text, None)
    return tuple(one for one in found if latin or not any("\u0400" <= letter < "\u0530" for letter in one))


def looks_like_other_layout(text: str) -> str:
    """The converted text when no word of the text as typed is known and every word of its conversion is; otherwise ""."""
    if any(map(_is_known, tokens(text))):
        return ""
    for converted in other_layout(text):
        words = tokens(converted)
        if words and all(map(_is_known, words)) and any(len(word) > 2 for word in words):
            return converted
    return ""


def _is_known(word: str) -> bool:
    return is_function_word(word) or is_english(word) or is_russian(word)
