"""What the apps above have built on a programme, told by them: so that an edit or a refused page never hurts an applicant.

The richer app registers once, at start:

    @tells_taken
    def taken_by_country(program_id: int) -> Mapping[str, int]: ...

    @tells_usage
    def usage(program_id: int) -> Usage: ...

Without anybody to tell, nothing is taken and nothing is used.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from exchange.core.stamps import NOTHING, Stamp


@dataclass(frozen=True)
class Usage:
    """What applicants and reviewers already rely on."""

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


PlacesTaken = Callable[[int], Mapping[str, int]]
PlacesTakenOfMany = Callable[[Collection[int]], Mapping[int, Mapping[str, int]]]
ProgramUsage = Callable[[int], Usage]

_taken: list[PlacesTaken] = []
_taken_stamp: list[Stamp | None] = []
_taken_of_many: list[PlacesTakenOfMany] = []
_usage: list[ProgramUsage] = []


def places_taken_provider(function: PlacesTaken, *, stamp: Stamp | None = None) -> PlacesTaken:
    """Register who counts the places taken (offered or accepted) by country. One query, please: the programme page asks it.

    `stamp` changes whenever the answer may, told by the `slug` of the programme (see `exchange.core.remembered`).
    """
    _taken[:] = [function]
    _taken_stamp[:] = [stamp]
    return function


def taken_stamp() -> Stamp | None:
    """What changes whenever places are taken or freed."""
    return _taken_stamp[0] if _taken_stamp else NOTHING


def places_taken_of_many_provider(function: PlacesTakenOfMany) -> PlacesTakenOfMany:
    """Register who counts them for a list of programmes: one query for all. A programme with nothing taken may be left out."""
    _taken_of_many[:] = [function]
    return function


def usage_provider(function: ProgramUsage) -> ProgramUsage:
    """Register who knows what has been built on a programme."""
    _usage[:] = [function]
    return function


def taken_by_country(program_id: int) -> Mapping[str, int]:
    """Places taken by country."""
    return _taken[0](program_id) if _taken else {}


def taken_of_many(program_ids: Collection[int]) -> Mapping[int, Mapping[str, int]]:
    """Places taken by country, for each of these programmes."""
    if _taken_of_many:
        return _taken_of_many[0](program_ids)
    return {program_id: taken_by_country(program_id) for program_id in program_ids}


def usage_of(program_id: int) -> Usage:
    """What has been built on the programme."""
    return _usage[0](program_id) if _usage else Usage()
