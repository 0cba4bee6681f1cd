"""The similarity of a query and a stored name, from 0 to 1.8: alignment of their words, and trigrams of the whole text."""

from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from vocabulary.names.forms import loose, medium, stem
from vocabulary.names.parts import Part, parts
from vocabulary.names.trigrams import sets_of_name, sets_of_reading, tri3

BEST = 1.8
WORDS = 1.0  # share of aligned words; trigrams of the whole name give the rest
ONE_WORD = 0.5  # the same share for a query of one word
FUZZY_BELOW = 1.2  # when the best hit is below this, the fuzzy match is used as well
MATCH_FLOOR = 0.4  # minimum share of the best possible candidate score of a match

CHANCE = 0.20  # similarity of two unrelated words
UNASKED = 0.40  # weight of a word of the name that is not in the query
INITIAL_WEIGHT, PATRONYMIC_WEIGHT = 0.35, 0.5
STRONG = 0.55  # at least one word must be this similar
WEAK = 0.3  # otherwise the share of words is multiplied by this
UNLIKELY = 0.04  # penalty of a reading that is not the likeliest
WRITTEN_AS_ONE = 0.97
MIN_JOINED = 5
_distance = DamerauLevenshtein.normalized_similarity


def likeness(query: str, name: str) -> float:
    """The final score of a name for a query: 1.8 for the same pronunciation, 0 when they share nothing."""
    asked, stored = parts(query), parts(name)
    if not asked or not stored:
        return 0.0
    if asked == stored:
        return BEST
    if len(asked) > 1:
        return WORDS * aligned(asked, stored) + (BEST - WORDS) * tri3(sets_of_name(query), sets_of_name(name))
    similar = _word_tri3(asked[0], stored[0]) if len(stored) == 1 else tri3(sets_of_name(query), sets_of_name(name))
    return ONE_WORD * aligned(asked, stored) + (BEST - ONE_WORD) * similar


def aligned(asked: tuple[Part, ...], stored: tuple[Part, ...]) -> float:
    """Greedy one-to-one alignment of words as a soft Jaccard, 0 to 1; words that are not in the query cost little."""
    pairs = sorted(
        ((_similar(one, other), -i, -j) for i, one in enumerate(asked) for j, other in enumerate(stored)),
        reverse=True,
    )
    free_asked, free_stored = set(range(len(asked))), set(range(len(stored)))
    total = weight_all = 0.0
    strong = False
    for similar, minus_i, minus_j in pairs:
        i, j = -minus_i, -minus_j
        if i not in free_asked or j not in free_stored:
            continue
        free_asked.discard(i)
        free_stored.discard(j)
        one, other = asked[i], stored[j]
        # A lone initial of the stored name is weak evidence.
        weight = (INITIAL_WEIGHT if one.initial else 0.6) if other.initial else _weight(one)
        total += weight * max(0.0, (similar - CHANCE) / (1 - CHANCE))
        weight_all += weight
        strong = strong or (similar >= STRONG and not one.initial and not other.initial)
    weight_all += sum(_weight(asked[i]) for i in free_asked)
    weight_all += UNASKED * sum(_weight(stored[j]) for j in free_stored)
    score = total / weight_all * (1 if strong else WEAK)
    if len(asked) != len(stored) and not any(part.initial for part in (*asked, *stored)):
        joined, joined_stored = _joined(asked), _joined(stored)
        if min(len(joined), len(joined_stored)) >= MIN_JOINED:
            similar = _sounds_similar(joined, joined_stored)
            score = max(score, WRITTEN_AS_ONE * max(0.0, (similar - CHANCE) / (1 - CHANCE)))
    return score


def _joined(name: tuple[Part, ...]) -> str:
    return "".join(part.strict[0] for part in name)


def _weight(part: Part) -> float:
    if part.initial:
        return INITIAL_WEIGHT
    return PATRONYMIC_WEIGHT if part.patronymic else 1.0


@lru_cache(131072)
def _similar(one: Part, other: Part) -> float:
    """The similarity of two words, 0 to 1, symmetric; a less likely reading costs a little."""
    if one.initial or other.initial:
        if one.firsts & other.firsts:
            return 0.97 if one.initial and other.initial else 0.80
        return 0.60 if one.classes & other.classes else 0.0
    return max(
        _sounds_similar(left, right) - UNLIKELY * ((i > 0) + (j > 0))
        for i, left in enumerate(one.strict)
        for j, right in enumerate(other.strict)
    )


def _word_tri3(one: Part, other: Part) -> float:
    """The trigram similarity of two words, for the readings that agree best."""
    return max(
        0.0,
        *(
            tri3(sets_of_reading(left), sets_of_reading(right)) - UNLIKELY * ((i > 0) + (j > 0))
            for i, left in enumerate(one.strict)
            for j, right in enumerate(other.strict)
        ),
    )


@lru_cache(131072)
def _sounds_similar(one: str, other: str) -> float:
    if one == other:
        return 1.0
    exact = _distance(one, other)
    medium_one, medium_other = medium(one), medium(other)
    if medium_one == medium_other:
        return 0.92 + 0.07 * exact
    loose_one, loose_other = loose(one), loose(other)
    if loose_one == loose_other and len(loose_one) > 1:
        return (0.80 if len(loose_one) > 2 else 0.70) + 0.15 * exact
    stem_one, stem_other = stem(one), stem(other)
    if stem_one == stem_other and len(stem_one) > 1:
        return (0.74 if len(stem_one) > 2 else 0.64) + 0.15 * exact
    near_medium = _distance(medium_one, medium_other)
    return 0.85 * max(
        0.5 * exact + 0.5 * near_medium,
        0.6 * near_medium + 0.4 * _distance(loose_one, loose_other),
        0.7 * _distance(stem_one, stem_other),
    )
