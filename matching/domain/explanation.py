"""A match explained in the reader's language: the parts that add up to the score, and what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from exchange.core.spoken_languages import Language, Level
from matching.models import Match
from matching.scoring.evidence import TEXT
from profiles.states import SkillLevel
from programs.domain.eligibility import Reason, candidate_of, criteria_of, reason_of
from programs.rules import Finding, requirements, warnings
from vocabulary.domain.vocabulary import vocabulary


@dataclass(frozen=True)
class Line:
    """One part: what it is about, how far it is met (0..1), why, and its points of 1000."""

    label: str
    value: float
    note: str
    points: int

    @property
    def tone(self) -> str:
        return "" if self.value >= 0.3 else "warning"


@dataclass(frozen=True)
class MatchExplanation:
    """A match as a page shows it. `score` is 0..100, rounded; `lines` add up to `points`."""

    match: Match
    points: int
    lines: list[Line]
    missing: list[str]

    @property
    def score(self) -> int:
        return round(self.points / 10)

    @property
    def program(self) -> Any:
        return self.match.program

    @property
    def expert(self) -> Any:
        return self.match.expert


def explain(match: Match, *, for_host: bool = False) -> MatchExplanation:
    """The match as text; a host reads only what the profile shows to members."""
    parts, missing = (match.host_parts, match.host_missing) if for_host else (match.parts, match.missing)
    lines = [part_line(part) for part in parts]
    lines.sort(key=lambda line: -line.points)
    return MatchExplanation(match, match.host_score if for_host else match.score, lines, [part_label(part) for part in missing])


def unmet_reasons(match: Match) -> list[Reason]:
    """Why the person cannot apply now, in the reader's language, with the place to correct it: for the person alone. A few queries.

    What was corrected since the match was computed is left out.
    """
    criteria, person = criteria_of(match.program), candidate_of(match.expert)
    found = [*requirements(criteria, person), *warnings(criteria, person, timezone.now().date())]
    own = [Finding("institution")] if "institution" in match.requirements else []
    return [reason_of(finding) for finding in [*own, *found] if finding.code in match.requirements]


def part_line(part: Mapping[str, Any]) -> Line:
    """One stored part as text."""
    return Line(part_label(part), part["value"], _note(part), part["points"])


def part_label(part: Mapping[str, Any]) -> str:
    """The label of a part."""
    if part["code"] == "concept":
        return _concept(part["concept"])
    if part["code"] == "language":
        return str(Language(part["language"]).label)
    return {
        "no-language": pgettext("part of a match", "Languages"),
        "dates": pgettext("part of a match", "Dates"),
        "practice": pgettext("part of a match", "Years of practice"),
        "freshness": pgettext("part of a match", "Recent work"),
    }[part["code"]]


def _concept(pk: int) -> str:
    known = vocabulary()
    return known.title(pk) if pk in known else "…"


def _note(part: Mapping[str, Any]) -> str:
    """What is behind a part, in a few words."""
    if part["code"] == "concept":
        return _concept_note(part)
    if part["code"] == "language":
        words = {"held": str(Level(part["held"]).label), "asked": str(Level(part["asked"]).label)}
        return _("%(held)s (needed %(asked)s)") % words if part["held"] else ""
    if part["code"] == "dates":
        return pgettext("dates of a match", "free on all days") if part["stated"] else pgettext("dates of a match", "not stated")
    if part["code"] == "practice":
        return str(part["years"] or "")
    if part["code"] == "freshness":
        return ""
    return pgettext("languages of a match", "none asked")


def _concept_note(part: Mapping[str, Any]) -> str:
    level = str(SkillLevel(part["level"]).label) if part.get("level") else ""
    source = pgettext("part of a match", "from your text") if part.get("source") == TEXT else ""
    own = ", ".join(filter(None, [level, str(part.get("year") or ""), source]))
    if part.get("through") in {None, part["concept"]}:
        return own
    near = pgettext("part of a match", "near: %(concept)s") % {"concept": _concept(part["through"])}
    return ", ".join(filter(None, [near, own]))
