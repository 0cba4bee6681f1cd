"""Requirements of pairs as codes: hard conditions that a score never outweighs.

The codes are those of `programs.rules.requirements`, and three that concern proposals alone: the person's own institution, too little notice, and no place left at all.
"""

import numpy as np
import numpy.typing as npt

from matching.scoring.blocks import level_of, speaks
from matching.scoring.tables import NONE, Calls, People

CODES = (
    "closed",
    "institution",
    "country",
    "places",
    "language",
    "level",
    "experience_unknown",
    "experience",
    "dates",
    "stay",
    "notice",
)
"""In the order in which they are named."""


def unmet(calls: Calls, program: int, people: People) -> npt.NDArray[np.bool_]:
    """[code, person]: which requirements of this programme are not met by these people; none when they are eligible."""
    asked = int(calls.years[program])
    known = people.years != NONE
    here = np.isin(people.country, list(calls.countries[program]))
    left = ~np.isin(people.country, list(calls.full[program])) & bool(calls.places[program])
    needs = calls.needs[program]
    named = speaks(people, [(language, 1) for language, _level in needs])
    windows = ((people.starts <= calls.starts[program]) & (people.ends >= calls.ends[program])).any(axis=0)
    found = {
        "closed": np.full(len(people), not calls.open[program]),
        "institution": (people.institution == calls.institution[program]) & (people.institution != NONE),
        "country": ~here,
        "places": here & ~left,
        "language": ~named,
        "level": _below(people, needs),
        "experience_unknown": ~known & (asked > 0),
        "experience": known & (people.years < asked),
        "dates": people.stated & ~windows,
        "stay": people.longest < calls.stay[program],
        "notice": people.lead > calls.until[program],
    }
    return np.array([found[code] for code in CODES], dtype=np.bool_)


def codes_of(column: npt.NDArray[np.bool_]) -> list[str]:
    """The codes of one person."""
    return [code for code, fails in zip(CODES, column, strict=True) if fails]


def _below(people: People, needs: tuple[tuple[int, int], ...]) -> npt.NDArray[np.bool_]:
    """Whether a language is spoken, but below the level that is asked."""
    found = np.zeros(len(people), dtype=np.bool_)
    for language, asked in needs:
        held = level_of(people, language)
        found |= (held > 0) & (held < asked)
    return found & ~people.silent
