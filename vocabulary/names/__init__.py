"""Matching names across scripts and spellings: keys to find candidates, similarity to order them. No Django, no search engine.

A text goes through `tokens` (words), `phonemes` (possible pronunciations), `forms` (simplified pronunciations) and `parts` (all of
these for one name). `keys` makes stored keys and queries of them, `name_similarity` and `trigrams` the final order.
"""

from vocabulary.names.free import word_keys
from vocabulary.names.keys import KEY_VERSION, Clause, best_possible, query_clauses, stored_keys
from vocabulary.names.name_similarity import FUZZY_BELOW, MATCH_FLOOR, likeness
from vocabulary.names.trigrams import Skeletons, grams, skeletons

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
