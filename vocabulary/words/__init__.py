"""Words of texts in their forms, in seven languages: what is stored for a word, and what a typed word may stand for.

Plain Python: no Django, no search engine. Forms are plain strings of letters and digits, the same for every engine. Russian and English come from
dictionaries (`dictionaries`), the five Central Asian languages from tables of their endings (`kazakh`, `kyrgyz`, `uzbek`, `tajik`, `turkmen`).
"""

from vocabulary.words.dictionaries import lemma_dictionaries_ready
from vocabulary.words.forms import asked_forms, stored_forms
from vocabulary.words.function_words import is_function_word
from vocabulary.words.general_words import is_general_word
from vocabulary.words.layouts import looks_like_other_layout, other_layout
from vocabulary.words.negation import affirmed
from vocabulary.words.tokens import tokens

WORDS_VERSION = 1  # stored forms of another version must be recomputed

__all__ = [
    "WORDS_VERSION",
    "affirmed",
    "asked_forms",
    "is_function_word",
    "is_general_word",
    "lemma_dictionaries_ready",
    "looks_like_other_layout",
    "other_layout",
    "stored_forms",
    "tokens",
]
