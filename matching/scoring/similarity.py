"""How much practice of one concept counts for another: a matrix over the hierarchy and the relations.

Within the hierarchy the measure is the ratio model of Tversky ("Features of Similarity", Psychological Review 84, 1977) with information content in the
place of features (Pirró and Euzenat, "A Feature and Information Theoretic Framework for Semantic Similarity and Relatedness", ISWC 2010):

    similarity(asked, held) = c / (c + a * (IC(asked) - c) + b * (IC(held) - c)),  c = IC of their most informative common broader concept

With a = b = 1/2 this is Lin's measure ("An Information-Theoretic Definition of Similarity", ICML 1998). Here a is larger: what is asked and not held counts
against, what is held beyond the question hardly does. So a narrower concept answers for a broader one, and a broad tag answers for little of what is below it.
The result is raised to a power, because a distant relative is worth less than its share.
"""

from collections.abc import Set as AbstractSet
from itertools import combinations

import numpy as np
import numpy.typing as npt

from matching.scoring.hierarchy import Hierarchy
from matching.scoring.relations import Relations

ASKED, HELD = 0.9, 0.1  # a and b
POWER = 1.8
LEAST = 0.08  # below this a relation says nothing
STANDS_FOR = 0.6  # of a related concept, when it is held outside a row: the row says more and is weighed in `evidence`
NAMES = 0.5  # a specialism that is held speaks for what belongs to it
SHARED = 0.3  # two specialisms of one object: its maker and its conservator

Matrix = npt.NDArray[np.float32]


def along_the_hierarchy(hierarchy: Hierarchy, general: AbstractSet[int]) -> Matrix:
    """A matrix [asked, held] of 0 to 1, with 1 on its diagonal, from broader and narrower concepts alone.

    `general` techniques, which are applied to anything, answer for themselves and for what is broader; being taught or recorded together makes no two of them alike.
    """
    size = len(hierarchy)
    found = np.zeros((size, size), dtype=np.float32)
    for asked in range(size):
        for held in range(size):
            if asked == held:
                found[asked, held] = 1.0
            elif general.isdisjoint((asked, held)) or asked in hierarchy.ancestors[held]:
                found[asked, held] = _similarity(hierarchy, asked, held)
    found[found < LEAST] = 0.0
    return found


def with_relations(plain: Matrix, hierarchy: Hierarchy, known: Relations) -> Matrix:
    """The same, and what belongs together by the relations."""
    found = plain.copy()
    belongs = belongings(hierarchy, known)
    members: dict[int, dict[int, float]] = {}
    for concept, fields in belongs.items():
        for to, share in fields.items():
            members.setdefault(to, {})[concept] = share
            _raise(found, to, concept, STANDS_FOR * share)
            _raise(found, concept, to, NAMES * share)
    for one, other in combinations(sorted(members), 2):
        shared = max(
            (min(members[one][concept], members[other][concept]) for concept in members[one].keys() & members[other].keys()),
            default=0,
        )
        _raise(found, one, other, SHARED * shared)
        _raise(found, other, one, SHARED * shared)
    found[found < LEAST] = 0.0
    return found


def _similarity(hierarchy: Hierarchy, asked: int, held: int) -> float:
    common = hierarchy.common_content(asked, held)
    if common <= 0:
        return 0.0
    beyond = ASKED * (hierarchy.content[asked] - common) + HELD * (hierarchy.content[held] - common)
    return float((common / (common + beyond)) ** POWER)


def belongings(hierarchy: Hierarchy, known: Relations) -> dict[int, dict[int, float]]:
    """The relations of concepts that this vocabulary has; a narrower concept belongs where its broader concept does."""
    found: dict[int, dict[int, float]] = {}
    for number in range(len(hierarchy)):
        for concept in (number, *hierarchy.ancestors[number]):
            for to, share in known.belongs.get(hierarchy.slugs[concept], {}).items():
                if to in hierarchy.by_slug and hierarchy.by_slug[to] != number:
                    own = found.setdefault(number, {})
                    own[hierarchy.by_slug[to]] = max(own.get(hierarchy.by_slug[to], 0.0), share)
    return found


def _raise(found: Matrix, asked: int, held: int, value: float) -> None:
    found[asked, held] = max(found[asked, held], np.float32(value))
