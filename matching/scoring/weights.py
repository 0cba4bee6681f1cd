"""The table of weights: every number that the score depends on and that the secretariat may change.

Points are of 1000. `subjects` and the four small parts make up 1000 together. Shares are percent.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from types import MappingProxyType
from typing import Any, Self

WHOLE = 1000
POINTS = ("subjects", "languages", "dates", "practice", "freshness")
HALF = (50, 80)
MAX_SMALL = 300
"""The small parts together stay below this, so that the subject decides."""


class WeightsError(ValueError):
    """A table of weights that cannot be used; `name` is the weight at fault."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name


@dataclass(frozen=True)
class Weights:
    """One table. Points: `subjects` is what the person does; the others count in proportion to it. Percent: all the rest."""

    name: str = "2026-1"
    subjects: int = 900
    languages: int = 30
    dates: int = 30
    practice: int = 20
    freshness: int = 20
    half: int = 80  # percent of `subjects` that half of what a programme asks earns: nobody holds all of it
    # a row by its level, and by how many of material, object and technique it names
    trained: int = 60
    practised: int = 85
    leads: int = 95
    teaches: int = 100
    one_named: int = 85
    two_named: int = 95
    three_named: int = 100
    # recency: nothing is lost for some years, then percent a year, down to the least
    fresh_years: int = 3
    lost_a_year: int = 4
    least_recent: int = 50
    # declared fields, with something behind them and without; concepts of texts
    primary: int = 95
    secondary: int = 70
    nothing_behind: int = 25
    text: int = 45
    denied: int = 25
    # what a programme asks: of 100 for a declared concept
    title: int = 60
    body: int = 4
    in_title_too: int = 150
    general: int = 45
    kinds: Mapping[str, Mapping[str, int]] = field(default_factory=lambda: MappingProxyType({}))
    """By kind of programme: the weights that differ there."""

    def for_kind(self, kind: str) -> "Weights":
        """The table for programmes of this kind."""
        own = self.kinds.get(kind)
        return Weights(**{**self.values(), **own}) if own else self

    def values(self) -> dict[str, Any]:
        """Names and numbers, without `kinds`."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != "kinds"}

    def to_data(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return {**self.values(), "kinds": {kind: dict(own) for kind, own in self.kinds.items()}}

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> Self:
        """From plain data. Raises WeightsError for unknown names, for anything but whole numbers of 0 or more (NaN is none), and for points that are not 1000 together."""
        known = {one.name for one in fields(cls)}
        for name in data:
            if name not in known:
                raise WeightsError(name, "there is no such weight")
        kinds = data.get("kinds") or {}
        if not isinstance(kinds, Mapping) or not all(isinstance(own, Mapping) for own in kinds.values()):
            raise WeightsError("kinds", "a table by kinds of programmes is expected")
        made = cls(
            **{
                **{name: value for name, value in data.items() if name != "kinds"},
                "kinds": MappingProxyType({kind: MappingProxyType(dict(own)) for kind, own in kinds.items()}),
            }
        )
        made.check()
        for kind, own in kinds.items():
            for name in own:
                if name not in known - {"name", "kinds"}:
                    raise WeightsError(f"{kind}.{name}", "there is no such weight")
            made.for_kind(kind).check()
        return made

    def check(self) -> None:
        """Raises WeightsError when a number cannot be used."""
        if not isinstance(self.name, str) or not self.name.strip():
            raise WeightsError("name", "a name is needed")
        for name, value in self.values().items():
            if name == "name":
                continue
            if isinstance(value, bool) or not isinstance(value, int):
                raise WeightsError(name, "a whole number is needed")
            if value < 0 or value > WHOLE:
                raise WeightsError(name, "a number from 0 to 1000 is needed")
            if name not in (*POINTS, "in_title_too") and value > 100:
                raise WeightsError(name, "at most 100 percent")
        if not HALF[0] <= self.half <= HALF[1]:
            raise WeightsError("half", f"a number from {HALF[0]} to {HALF[1]} is needed")
        if sum(getattr(self, name) for name in POINTS) != WHOLE:
            raise WeightsError("subjects", "the points of all parts must be 1000 together")
        if WHOLE - self.subjects > MAX_SMALL:
            raise WeightsError("subjects", f"the small parts together have at most {MAX_SMALL} points")


DEFAULT_WEIGHTS = Weights(kinds=MappingProxyType({"exhibition-courier": MappingProxyType({"subjects": 880, "languages": 50})}))


def differences(weights: Weights) -> dict[str, Any]:
    """The weights that differ from the default table."""
    default = asdict(Weights())
    return {name: value for name, value in weights.values().items() if value != default[name]}
