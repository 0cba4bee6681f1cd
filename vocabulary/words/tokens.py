"""Splitting a text into words."""

import re
import unicodedata

from vocabulary.names.tokens import normalise_name

MAX_WORD = 40  # letters of a word; the rest is left out

_WORD = re.compile(r"[^\W_](?:[^\W_]|'(?=[^\W_]))*")


def tokens(text: str) -> list[str]:
    """The words of a text in order: lower case, one kind of apostrophe, each at most MAX_WORD letters."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).replace("\u00ad", "").replace("\u0301", "")
    return [word[:MAX_WORD] for word in _WORD.findall(normalise_name(text))]
