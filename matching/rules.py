"""The score of a match as arithmetic: no query, no write.

A score is the sum of its parts, 0 to 1000 points:

- subjects (700): shared evenly among the concepts the programme names; each earns the `nearness` of the person's best concept,
  times their level and the recency of their experience;
- languages (150): shared evenly among the required languages; full from one CEFR level above the required one;
- dates (100): full when a stated window covers the stay, half when no window is stated, nothing when none covers it;
- practice (50): years against those required, full from twice as many (or ten, when none are required).

The weights are chosen so that the subject matters most and no other part alone can rank an unrelated profile above a related one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

FULL = 1000
SUBJECTS, LANGUAGES, DATES, PRACTICE = 700, 150, 100, 50
SAME, NARROWER, BROADER, SIBLING = 1.0, 0.9, 0.55, 0.35
LEVEL_FACTOR = {1: 0.55, 2: 0.8, 3: 0.95, 4: 1.0}
PRIMARY_FACTOR, SECONDARY_FACTOR = 1.0, 0.7
FRESH_YEARS = 2
STALE_LOSS = 0.06
MIN_RECENCY = 0.4
MISSING_BELOW = 0.3
ENOUGH_YEARS = 10

Ancestors = Callable[[int], Sequence[int]]


@dataclass(frozen=True)
class HeldConcept:
    """A concept in which a person is experienced: its factor (0..1), and what it was computed from (level 1..4 or None, year or None)."""

    concept: int
    factor: float
    level: int | None = None
    year: int | None = None


@dataclass(frozen=True)
class Person:
    """The values of a profile that are scored."""

    concepts: Sequence[HeldConcept]
    languages: Mapping[str, int] = field(default_factory=dict)
    windows: Sequence[tuple[date, date]] = ()
    years: int | None = None


@dataclass(frozen=True)
class Wanted:
    """The values of a programme that are scored."""

    concepts: Sequence[int]
    languages: Mapping[str, int]
    starts: date
    ends: date
    years: int = 0


@dataclass(frozen=True)
class Score:
    """`points` 0..1000 = the sum of `parts`; `missing` names the parts that earned little. Parts are plain values, worded later in the reader's language."""

    points: int
    parts: list[dict[str, Any]]
    missing: list[dict[str, Any]]


def nearness(asked: int, held: int, ancestors: Ancestors) -> float:
    """How much experience with `held` counts for `asked`, by the vocabulary's hierarchy: 0 to 1."""
    if asked == held:
        return SAME
    above_asked, above_held = ancestors(asked), ancestors(held)
    if asked in above_held:
        return NARROWER ** (above_held.index(asked) + 1)
    if held in above_asked:
        return float(BROADER ** (above_asked.index(held) + 1))
    if above_asked and above_held and above_asked[0] == above_held[0]:
        return SIBLING
    return 0.0


def recency(year: int | None, today: date) -> float:
    """1 for the last two years, then less each year, never under 0.4; an unstated year counts as five years ago."""
    age = 5 if year is None else max(0, today.year - year)
    return max(MIN_RECENCY, 1.0 - STALE_LOSS * max(0, age - FRESH_YEARS))


def weigh(person: Person, wanted: Wanted, *, ancestors: Ancestors, today: date) -> Score:
    """The score of one pair."""
    parts = [
        *_subject_parts(person, wanted, ancestors, today),
        *_language_parts(person, wanted),
        _date_part(person, wanted),
        _practice_part(person, wanted),
    ]
    missing = [_without_points(part) for part in parts if part["value"] < MISSING_BELOW]
    return Score(
        points=min(FULL, sum(part["points"] for part in parts)), parts=[part for part in parts if part["points"]], missing=missing
    )


def _subject_parts(person: Person, wanted: Wanted, ancestors: Ancestors, today: date) -> Iterable[dict[str, Any]]:
    for share, asked in zip(_shares(SUBJECTS, len(wanted.concepts)), wanted.concepts, strict=True):
        best, through = 0.0, None
        for held in person.concepts:
            value = nearness(asked, held.concept, ancestors) * held.factor * (recency(held.year, today) if held.level else 1.0)
            if value > best:
                best, through = value, held
        part: dict[str, Any] = {"code": "concept", "concept": asked, "value": round(best, 2), "points": round(share * best)}
        if through is not None:
            part |= {"through": through.concept, "level": through.level, "year": through.year}
        yield part


def _language_parts(person: Person, wanted: Wanted) -> Iterable[dict[str, Any]]:
    if not wanted.languages:
        yield {"code": "no-language", "value": 1.0, "points": LANGUAGES}
    for share, (language, asked) in zip(_shares(LANGUAGES, len(wanted.languages)), sorted(wanted.languages.items()), strict=True):
        held = person.languages.get(language, 0)
        value = 0.0 if held < asked else min(1.0, 0.8 + 0.2 * (held - asked))
        yield {
            "code": "language",
            "language": language,
            "asked": asked,
            "held": held,
            "value": round(value, 2),
            "points": round(share * value),
        }


def _date_part(person: Person, wanted: Wanted) -> dict[str, Any]:
    if not person.windows:
        value = 0.5
    else:
        value = 1.0 if any(starts <= wanted.starts and wanted.ends <= ends for starts, ends in person.windows) else 0.0
    return {"code": "dates", "stated": bool(person.windows), "value": value, "points": round(DATES * value)}


def _practice_part(person: Person, wanted: Wanted) -> dict[str, Any]:
    enough = 2 * wanted.years or ENOUGH_YEARS
    value = min(1.0, (person.years or 0) / enough)
    return {"code": "practice", "years": person.years, "value": round(value, 2), "points": round(PRACTICE * value)}


def _shares(whole: int, number: int) -> list[int]:
    """`whole` in `number` nearly equal integers that add up to it."""
    return [whole * (i + 1) // number - whole * i // number for i in range(number)]


def _without_points(part: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key not in {"points", "value", "through", "level", "year"}}
