"""Why a pair has its score: whole points for each part, which add up to the score exactly, in plain values that are worded later.

Rounding is by largest remainders: each part gets the whole number below its exact value, and the points that are left go to the largest fractions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.scoring.blocks import A_LEVEL_ABOVE, AT_LEVEL, ENOUGH_YEARS, UNSTATED_DATES, subject_points
from matching.scoring.evidence import Held
from matching.scoring.model import Model, Vector
from matching.scoring.tables import day, merged
from matching.scoring.values import Call, Person
from matching.scoring.wanted import BODY, Wanted, largest_remainders
from matching.scoring.weights import Weights

MISSING_BELOW = 30
"""Percent below which something asked is named as missing."""
Part = dict[str, Any]


@dataclass(frozen=True)
class Known:
    """A person with what was computed of them once: evidence, vector, and for each concept the place of its best evidence."""

    person: Person
    held: list[Held]
    vector: Vector
    best: Vector
    fresh: int


def explain_pair(model: Model, known: Known, call: Call, wanted: Wanted) -> tuple[int, list[Part], list[Part]]:
    """Points, parts that have points, and what is missing. The points are those of `blocks` for the same pair."""
    weights = model.weights.for_kind(call.kind)
    exact = {number: share * int(known.vector[number]) for number, share in wanted.items()}
    subjects = int(subject_points(np.int64(sum(exact.values())), weights.subjects, weights.half))
    parts = list(_concepts(model, known, wanted, exact, subjects))
    parts += _small(known, call, weights, subjects)
    missing = [_asked(part) for part in parts if part["value"] * 100 < MISSING_BELOW and _is_named_missing(part, wanted, model)]
    earned = [part for part in parts if part["points"]]
    return sum(part["points"] for part in earned), earned, missing


def _concepts(model: Model, known: Known, wanted: Wanted, exact: Mapping[int, int], subjects: int) -> Iterable[Part]:
    whole = sum(exact.values())
    points = largest_remainders([value * subjects for value in exact.values()], whole) if whole else [0] * len(exact)
    for number, earned in zip(exact, points, strict=True):
        part: Part = {
            "code": "concept", "concept": model.hierarchy.keys[number], "value": int(known.vector[number]) / 100, "points": earned, "asked_in": wanted.sources[number],
        }  # fmt: skip
        if known.vector[number]:
            held = known.held[int(known.best[number])]
            part |= {"through": model.hierarchy.keys[held.named], "source": held.source, "level": held.level, "year": held.year}
        yield part


def _small(known: Known, call: Call, weights: Weights, subjects: int) -> list[Part]:
    """Languages, dates, practice and freshness: in proportion to the subject, so that they alone are worth nothing."""
    parts = [*_languages(known.person, call, weights), _dates(known.person, call, weights), _practice(known.person, call, weights)]
    parts.append({"code": "freshness", "value": known.fresh / 100, "points": weights.freshness * known.fresh // 100})
    shares = (
        largest_remainders([part["points"] * subjects for part in parts], weights.subjects)
        if weights.subjects
        else [0] * len(parts)
    )
    return [{**part, "points": earned} for part, earned in zip(parts, shares, strict=True)]


def _languages(person: Person, call: Call, weights: Weights) -> list[Part]:
    if not call.languages:
        return [{"code": "no-language", "value": 1.0, "points": weights.languages}]
    needs = sorted(call.languages.items())
    levels = [person.languages.get(language, 0) for language, _asked_level in needs]
    percent = [
        A_LEVEL_ABOVE if held > asked else AT_LEVEL if held == asked else 0 for held, (_l, asked) in zip(levels, needs, strict=True)
    ]
    points = largest_remainders([weights.languages * one for one in percent], 100 * len(needs))
    return [
        {"code": "language", "language": language, "asked": asked, "held": held, "value": share / 100, "points": earned}
        for (language, asked), held, share, earned in zip(needs, levels, percent, points, strict=True)
    ]


def _dates(person: Person, call: Call, weights: Weights) -> Part:
    if not person.windows:
        return {"code": "dates", "stated": False, "value": UNSTATED_DATES / 100, "points": weights.dates * UNSTATED_DATES // 100}
    free = any(starts <= day(call.starts) and day(call.ends) <= ends for starts, ends in merged(person.windows))
    return {"code": "dates", "stated": True, "value": float(free), "points": weights.dates if free else 0}


def _practice(person: Person, call: Call, weights: Weights) -> Part:
    enough = 2 * call.years or ENOUGH_YEARS
    years = min(person.years or 0, enough)
    return {
        "code": "practice",
        "years": person.years,
        "value": round(years / enough, 2),
        "points": weights.practice * years // enough,
    }


def _is_named_missing(part: Part, wanted: Wanted, model: Model) -> bool:
    """Whether it is worth telling: not what only the text of a programme mentions, and not what nobody can correct today."""
    if part["code"] == "concept":
        return bool(part["asked_in"] != BODY)
    return part["code"] != "freshness"


def _asked(part: Part) -> Part:
    return {
        key: value
        for key, value in part.items()
        if key not in {"points", "value", "through", "source", "level", "year", "asked_in"}
    }
