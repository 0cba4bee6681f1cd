"""A few people for a programme side by side: what their profiles show to members, part by part."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matching.domain.explanation import Line, MatchExplanation, explain
from matching.domain.people import SEEN_BY_HOSTS
from matching.domain.queries import people_for_program
from matching.models import Match
from profiles.models import AvailabilityWindow, LanguageSkill
from profiles.states import Part
from programs.models import Program

MOST = 4
"""People in one comparison."""


@dataclass(frozen=True)
class Comparison:
    """`people` are the columns; each row has a label and one line (or None) for each of them."""

    people: list[MatchExplanation]
    rows: list[tuple[str, list[Line | None]]]


def compare_people(program: Program, user: Any, expert_ids: Sequence[int]) -> Comparison:
    """Those of these people who are proposed for the programme, in the order given, in three queries.

    Each has `shown_skills` and `shown_windows`: languages and availability that members see.
    """
    found = (
        people_for_program(program, user).filter(expert_id__in=expert_ids).prefetch_related("expert__languages", "expert__windows")
    )
    by_id = {match.expert_id: match for match in found}
    matches = [by_id[pk] for pk in expert_ids if pk in by_id]
    for match in matches:
        _add_what_is_shown(match)
    people = [explain(match, for_host=True) for match in matches]
    labels = dict.fromkeys(line.label for person in people for line in person.lines)
    lines = [{line.label: line for line in person.lines} for person in people]
    return Comparison(people, [(label, [mine.get(label) for mine in lines]) for label in labels])


def _add_what_is_shown(match: Match) -> None:
    row: Any = match
    skills: list[LanguageSkill] = list(row.expert.languages.all())
    windows: list[AvailabilityWindow] = list(row.expert.windows.all())
    row.shown_skills = skills if _shows(row, Part.LANGUAGES) else []
    row.shown_windows = windows if _shows(row, Part.AVAILABILITY) else []


def _shows(match: Any, part: str) -> bool:
    return match.expert.audience_of(part) in SEEN_BY_HOSTS
