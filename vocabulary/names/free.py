"""Keys of the words of a free text, so that a biography is found from any script."""

import re
from itertools import islice

from vocabulary.names.phonemes import readings
from vocabulary.names.tokens import MAX_WORD, normalise_name

MAX_TEXT_WORDS = 5_000
_WORD = re.compile(r"[^\W_](?:[^\W_]|'(?=[^\W_]))*")


def word_keys(text: str) -> tuple[frozenset[str], ...]:
    """The strict readings of each pronounceable word, in order, for the first MAX_TEXT_WORDS words."""
    spelt = islice(_WORD.finditer(normalise_name(text)), MAX_TEXT_WORDS)
    heard = (readings(word.group()[:MAX_WORD]) for word in spelt)
    return tuple(frozenset(sounds) for sounds in heard if sounds)
