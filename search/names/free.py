"""The words of a free text by their sound, so a biography is found from any script."""

import re
from itertools import islice

from search.names.phonemes import readings
from search.names.tokens import MAX_WORD, normalise_name

MAX_TEXT_WORDS = 5_000
_WORD = re.compile(r"[^\W_](?:[^\W_]|'(?=[^\W_]))*")


def word_keys(text: str) -> tuple[frozenset[str], ...]:
    """For each word of a text that sounds, in order, its strict readings; of the first MAX_TEXT_WORDS words."""
    spelt = islice(_WORD.finditer(normalise_name(text)), MAX_TEXT_WORDS)
    heard = (readings(word.group()[:MAX_WORD]) for word in spelt)
    return tuple(frozenset(sounds) for sounds in heard if sounds)
