"""What stands behind a person: the concepts they hold, each with its strength and its source.

A row that names material, object and technique together is stronger than rows of one word each, and it speaks for the fields, specialisms and crafts
to which its parts belong: together, so that a photograph of a carpet says little of carpet conservation. A declared field counts as far as a row or
a text supports it. A text counts less than a row. What a biography denies counts least, whatever a row says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from matching.scoring.values import LEVELS, Person, Row
from matching.scoring.weights import Weights

if TYPE_CHECKING:
    from matching.scoring.model import Model

ROW, FIELD, TEXT = "row", "field", "text"
SUPPORTS = 0.25
"""A field is supported by held concepts that are at least so similar to it."""
OTHER_TRADE = 0.5
"""Of what a row says of a field when its technique belongs to another one."""
OFTEN, ONCE, HINTED = 1.0, 0.85, 0.15
"""Of the weight of a text: named twice or more, once, or hinted at by an everyday word."""
APPLIED = 0.05
"""What a technique that is applied to anything adds beside an object of the field."""
BOUND = 0.5
"""Of a technique that is applied to anything, in a row with an object or a material: it is practised on these, which count for themselves."""
RECORDED = 0.6
"""Of what a row says of an object that it describes, photographs or measures, and does not treat or make."""
UNSTATED_YEARS = 5
"""An unstated last year counts as so long ago."""


@dataclass(frozen=True)
class Held:
    """A concept (by its number) that is held with a strength of 0 to 1; `named` is what the person wrote, `level` and `year` are those of a row."""

    concept: int
    strength: float
    source: str
    named: int
    level: int | None = None
    year: int | None = None

    @property
    def implied(self) -> bool:
        """Whether a row only implies the concept."""
        return self.concept != self.named


def held_concepts(model: "Model", person: Person, today: date) -> list[Held]:
    """All evidence of one person, rows first. Unknown concepts count for nothing."""
    reading = model.reader.read(person.texts) if model.reader and person.texts else None
    named = {**dict.fromkeys(sorted(reading.hinted, key=str), 0), **reading.named} if reading else {}
    denied = model.numbers(reading.denied) if reading else set()
    weights = model.weights
    held = [one for row in person.rows for one in _of_row(model, row, denied, today)]
    for key, times in named.items():
        number = model.hierarchy.numbers.get(key)
        if number is not None and key not in person.dismissed:
            held.append(Held(number, (OFTEN if times > 1 else ONCE if times else HINTED) * weights.text / 100, TEXT, number))
    for keys, share in ((person.primary, weights.primary), (person.secondary, weights.secondary)):
        for number in sorted(model.numbers(keys)):
            supported = any(model.similar[number, one.concept] >= SUPPORTS and one.source != FIELD for one in held)
            percent = share if supported and number not in denied else min(share, weights.nothing_behind)
            held.append(Held(number, percent / 100, FIELD, number))
    return [_weakened(model, one, denied) for one in held]


def recency(year: int | None, today: date, weights: Weights) -> float:
    """1 for some years, then less each year, never below a least share; an unstated year counts as five years ago, a later one as this year."""
    age = UNSTATED_YEARS if year is None else max(0, today.year - year)
    lost = weights.lost_a_year * max(0, age - weights.fresh_years)
    return max(weights.least_recent, 100 - lost) / 100


def row_strength(row: Row, today: date, weights: Weights) -> float:
    """Level, recency and how much the row names together: 0 to 1."""
    level = getattr(weights, LEVELS[row.level - 1])
    together = (weights.one_named, weights.two_named, weights.three_named)[min(len(row.concepts), 3) - 1]
    return level * together / 10_000 * recency(row.year, today, weights)


def _of_row(model: "Model", row: Row, denied: set[int], today: date) -> Iterable[Held]:
    numbers = [model.hierarchy.numbers[key] for key in row.concepts if key in model.hierarchy.numbers]
    if not numbers:
        return
    strength = row_strength(row, today, model.weights)
    if denied.intersection(numbers):
        strength *= model.weights.denied / 100
    recorded = RECORDED if model.records.intersection(numbers) else 1.0
    for number in numbers:
        bound = 1.0 if len(numbers) == 1 else BOUND if number in model.general else recorded
        yield Held(number, strength * bound, ROW, number, row.level, row.year)
    for field, (share, through) in _fields_of(model, numbers).items():
        yield Held(field, strength * share * recorded, ROW, through, row.level, row.year)


def _fields_of(model: "Model", numbers: list[int]) -> Mapping[int, tuple[float, int]]:
    """To which fields, specialisms and crafts a row belongs, how far, and through which of its concepts most."""
    found: dict[int, tuple[float, int]] = {}
    fields = {field for number in numbers for field in model.belongs.get(number, ())}
    for field in sorted(fields - set(numbers)):
        shares = {number: model.belongs.get(number, {}).get(field, 0.0) for number in numbers}
        total = sum(shares.values())
        for number in numbers:
            if shares[number]:
                continue
            if number in model.general:
                total += APPLIED
            elif model.is_technique(number) and not model.similar[field, number]:
                total *= OTHER_TRADE
        found[field] = (min(1.0, total), max(numbers, key=lambda number: (shares[number], -number)))
    return found


def _weakened(model: "Model", one: Held, denied: set[int]) -> Held:
    if one.concept not in denied or one.strength <= model.weights.denied / 100:
        return one
    return Held(one.concept, model.weights.denied / 100, one.source, one.named, one.level, one.year)
