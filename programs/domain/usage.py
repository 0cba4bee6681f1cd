"""Hooks through which the apps above report how a programme is used, so that an edit never harms an applicant.

Each hook holds at most one function; without it no places are taken and nothing is used.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from exchange.core.hooks import Hook


@dataclass(frozen=True)
class Usage:
    """The use of a programme by applicants and reviewers."""

    begun: Mapping[str, int] = field(default_factory=dict)
    """Applications by country of the applicant, drafts included, without those withdrawn."""
    answered: frozenset[int] = frozenset()
    """Ids of questions that somebody has answered, in drafts too."""
    scored: frozenset[int] = frozenset()
    """Ids of criteria that a reviewer has scored."""
    waiting: int = 0
    """Applications that the host has not decided."""

    @property
    def applications(self) -> int:
        return sum(self.begun.values())


places_taken: Hook[Callable[[int], Mapping[str, int]]] = Hook("places taken", single=True)
"""A function of the id of a programme: places taken (offered or accepted) by country, in one query."""
places_taken_of_many: Hook[Callable[[Collection[int]], Mapping[int, Mapping[str, int]]]] = Hook("places taken of many", single=True)
"""The same for several programmes in one query; a programme with nothing taken may be left out."""
own_applications: Hook[Callable[[int, Collection[int]], Mapping[int, bool]]] = Hook("own applications", single=True)
"""A function of the id of a profile and ids of programmes, in one query: for each programme to which the profile has an application
whether it was sent (True) or is a draft or withdrawn (False)."""
program_usage: Hook[Callable[[int], Usage]] = Hook("usage of a programme", single=True)
"""A function of the id of a programme: its usage."""


def taken_by_country(program_id: int) -> Mapping[str, int]:
    """Places taken by country."""
    count = places_taken.get()
    return count(program_id) if count else {}


def taken_of_many(program_ids: Collection[int]) -> Mapping[int, Mapping[str, int]]:
    """Places taken by country, for each of these programmes."""
    count = places_taken_of_many.get()
    return count(program_ids) if count else {program_id: taken_by_country(program_id) for program_id in program_ids}


def applications_of(expert_id: int | None, program_ids: Collection[int]) -> Mapping[int, bool]:
    """The applications of a profile to these programmes: whether each was sent. Whoever has applied is no longer told whether they may."""
    found = own_applications.get()
    return found(expert_id, program_ids) if found and expert_id is not None else {}


def usage_of(program_id: int) -> Usage:
    """The usage of a programme."""
    usage = program_usage.get()
    return usage(program_id) if usage else Usage()
