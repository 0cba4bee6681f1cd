"""The weights in words, in groups, for the page "How matching works"."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext_lazy

from matching.scoring.weights import Weights
from profiles.states import SkillLevel
from programs.states import ProgramKind

POINTS = pgettext_lazy("unit of a weight", "points")
PERCENT = pgettext_lazy("unit of a weight", "%")
NO_UNIT = ""

GROUPS: tuple[tuple[Any, tuple[tuple[str, Any, Any], ...]], ...] = (
    (
        pgettext_lazy("weights of matching", "Parts of the score, 1,000 points together"),
        (
            ("subjects", pgettext_lazy("weight of matching", "Subjects"), POINTS),
            ("languages", pgettext_lazy("weight of matching", "Languages above the level required"), POINTS),
            ("dates", pgettext_lazy("weight of matching", "Free on all days"), POINTS),
            ("practice", pgettext_lazy("weight of matching", "Years of practice"), POINTS),
            ("freshness", pgettext_lazy("weight of matching", "Recent work"), POINTS),
            ("half", pgettext_lazy("weight of matching", "Subject points earned by half of what is asked"), PERCENT),
        ),
    ),
    (
        pgettext_lazy("weights of matching", "What stands behind a person"),
        (
            *((name, SkillLevel(number).label, PERCENT) for number, name in enumerate(("trained", "practised", "leads", "teaches"), start=1)),
            ("one_named", pgettext_lazy("weight of matching", "A competence that names one thing"), PERCENT),
            ("two_named", pgettext_lazy("weight of matching", "A competence that names two things together"), PERCENT),
            ("three_named", pgettext_lazy("weight of matching", "A competence that names material, object and technique"), PERCENT),
            ("fresh_years", pgettext_lazy("weight of matching", "Years in which nothing is lost"), NO_UNIT),
            ("lost_a_year", pgettext_lazy("weight of matching", "Lost for each later year"), PERCENT),
            ("least_recent", pgettext_lazy("weight of matching", "What always remains"), PERCENT),
            ("primary", pgettext_lazy("weight of matching", "Primary field with something behind it"), PERCENT),
            ("secondary", pgettext_lazy("weight of matching", "Other field with something behind it"), PERCENT),
            ("nothing_behind", pgettext_lazy("weight of matching", "Field with nothing behind it"), PERCENT),
            ("text", pgettext_lazy("weight of matching", "Read from a text"), PERCENT),
            ("denied", pgettext_lazy("weight of matching", "Denied by the biography"), PERCENT),
        ),
    ),
    (
        pgettext_lazy("weights of matching", "What a programme asks, beside a chosen topic (100 %)"),
        (
            ("in_title_too", pgettext_lazy("weight of matching", "Chosen and named in the title"), PERCENT),
            ("title", pgettext_lazy("weight of matching", "Named in the title alone"), PERCENT),
            ("body", pgettext_lazy("weight of matching", "Mentioned in the text alone"), PERCENT),
            ("general", pgettext_lazy("weight of matching", "Techniques that are applied to anything"), PERCENT),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class WeightLine:
    """One weight: its name in the table, its label, number and unit, and what differs by kind of programme as (kind, number)."""

    name: str
    label: Any
    value: int
    unit: Any
    kinds: list[tuple[Any, int]]


def weight_groups(weights: Weights) -> list[tuple[Any, list[WeightLine]]]:
    """The table as groups of lines."""
    return [
        (
            title,
            [
                WeightLine(name, label, getattr(weights, name), unit, [(_kind(kind), own[name]) for kind, own in weights.kinds.items() if name in own])
                for name, label, unit in lines
            ],
        )
        for title, lines in GROUPS
    ]  # fmt: skip


def _kind(kind: str) -> Any:
    return ProgramKind(kind).label if kind in ProgramKind.values else kind
