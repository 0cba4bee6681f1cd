"""What a programme asks: its concepts, each with whole points that make up the subject part.

A concept weighs by its information content, so that a broad field does not outweigh a technique; techniques that are applied to anything weigh less;
what the title names weighs more than what only the text mentions.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from matching.scoring.values import Call

if TYPE_CHECKING:
    from matching.scoring.model import Model

TITLE, BODY, DECLARED = "title", "text", "declared"
OF_THE_TITLE = 0.5
"""A declared concept is in the title when the title names one so similar."""
MENTIONS = 3
BODY_CONCEPTS = 8
BODY_SHARE = 0.15
"""Of the whole that the text may have at most, where anything else is known."""
MIN_CONTENT = 0.15


class Wanted(dict[int, int]):
    """Points by the number of a concept; `sources` says where each was named."""

    sources: Mapping[int, str]


def wanted_concepts(model: "Model", call: Call) -> Wanted:
    """The concepts of a programme with their points, which add up to the weight of subjects, or none when it names no concept at all."""
    weights = model.weights.for_kind(call.kind)
    declared = model.numbers(call.concepts)
    title = _of_subject(model, model.mentions(call.titles, hints=True))
    body = _of_subject(model, model.mentions(call.texts))
    raw: dict[int, float] = {}
    sources: dict[int, str] = {}
    for number in declared:
        near = max((float(model.similar[number, other]) for other in title), default=0.0)
        times = weights.in_title_too / 100 if near >= OF_THE_TITLE else 1.0
        raw[number], sources[number] = model.weight_of(number, weights.general) * times, DECLARED
    for number in title:
        if number not in raw:
            raw[number], sources[number] = model.weight_of(number, weights.general) * weights.title / 100, TITLE
    said = sorted((number for number in body if number not in raw), key=lambda number: (-body[number], number))[:BODY_CONCEPTS]
    mentioned = {
        number: model.weight_of(number, weights.general) * min(MENTIONS, body[number]) * weights.body / 100 for number in said
    }
    known = sum(raw.values())
    most = BODY_SHARE * known / (1 - BODY_SHARE) if known else float("inf")
    cut = min(1.0, most / sum(mentioned.values())) if sum(mentioned.values()) else 0.0
    for number, value in mentioned.items():
        if value * cut > 0:
            raw[number], sources[number] = value * cut, BODY
    found = Wanted(whole_shares(raw, weights.subjects))
    found.sources = {number: sources[number] for number in found}
    return found


def _of_subject(model: "Model", mentions: Mapping[int, int]) -> dict[int, int]:
    """Without techniques applied to anything: in a text they say how a programme works (training, records, photographs), not what it is about."""
    return {number: times for number, times in mentions.items() if number not in model.general}


def whole_shares(raw: Mapping[int, float], whole: int) -> dict[int, int]:
    """`whole` divided in proportion to `raw`, in whole numbers by the largest remainders; shares of nothing are left out."""
    total = sum(raw.values())
    if total <= 0:
        return {}
    exact = {key: whole * value / total for key, value in raw.items()}
    found = {key: int(value) for key, value in exact.items()}
    rest = whole - sum(found.values())
    for key in sorted(exact, key=lambda key: (-(exact[key] - found[key]), key))[:rest]:
        found[key] += 1
    return {key: found[key] for key in sorted(found) if found[key]}


def largest_remainders(exact: Sequence[int], divisor: int) -> list[int]:
    """`exact` numerators over `divisor`, as whole numbers that add up to the whole part of their sum."""
    found = [value // divisor for value in exact]
    rest = sum(exact) // divisor - sum(found)
    order = sorted(range(len(exact)), key=lambda place: (-(exact[place] % divisor), place))
    for place in order[:rest]:
        found[place] += 1
    return found
