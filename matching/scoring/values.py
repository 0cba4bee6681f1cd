"""What is compared: a person, a programme (here: a call), and the score of one pair. Plain values; concepts are keys of the vocabulary."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

LEVELS = ("trained", "practised", "leads", "teaches")
Key = Hashable
Window = tuple[date, date]


@dataclass(frozen=True)
class Row:
    """A competence: any of material, object and technique together, a level 1 (trained) to 4 (teaches), and the last year or None."""

    concepts: tuple[Key, ...]
    level: int
    year: int | None = None


@dataclass(frozen=True)
class Person:
    """The values of a profile that are compared. `texts` are (text, language) pairs; `institution` is any key, compared for equality alone.

    `dismissed` are concepts that the person said were read wrongly out of the texts.
    """

    country: str = ""
    institution: Key | None = None
    primary: Sequence[Key] = ()
    secondary: Sequence[Key] = ()
    rows: Sequence[Row] = ()
    languages: Mapping[str, int] = field(default_factory=dict)
    windows: Sequence[Window] = ()
    lead_days: int = 0
    longest_days: int | None = None
    years: int | None = None
    texts: Sequence[tuple[str, str]] = ()
    dismissed: frozenset[Key] = frozenset()
    silent: bool = False
    """The languages are hidden from whoever reads the score: they earn nothing, and no requirement of a language is compared."""


@dataclass(frozen=True)
class Call:
    """The values of a programme that are compared. `titles` and `texts` are (text, language) pairs; `left` gives places left by country, where limited."""

    starts: date
    ends: date
    kind: str = ""
    institution: Key | None = None
    countries: frozenset[str] = frozenset()
    concepts: Sequence[Key] = ()
    languages: Mapping[str, int] = field(default_factory=dict)
    deadline: date | None = None
    years: int = 0
    left: Mapping[str, int] = field(default_factory=dict)
    seats: int = 1
    away: bool = True
    titles: Sequence[tuple[str, str]] = ()
    texts: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Score:
    """`points` 0 to 1000 = the sum of the points of `parts`; `missing` names what earned little; `unmet` are codes of requirements that fail."""

    points: int
    parts: list[dict[str, Any]]
    missing: list[dict[str, Any]]
    unmet: list[str]
