"""Names across scripts and spellings: keys to find them by, and a likeness to order them by. No Django, no engine.

A text goes through `tokens` (words), `phonemes` (how they may sound), `forms` (what of the sound is kept), `parts` (all of it
for one name); `keys` turns that into what is stored and asked, `scoring` and `trigrams` into the final order.
"""

from search.names.free import word_keys
from search.names.keys import KEY_VERSION, Clause, best_possible, query_clauses, stored_keys
from search.names.name_similarity import FUZZY_BELOW, MATCH_FLOOR, likeness
from search.names.trigrams import Skeletons, grams, skeletons

__all__ = [
    "FUZZY_BELOW",
    "KEY_VERSION",
    "MATCH_FLOOR",
    "Clause",
    "Skeletons",
    "best_possible",
    "grams",
    "likeness",
    "query_clauses",
    "skeletons",
    "stored_keys",
    "word_keys",
]
