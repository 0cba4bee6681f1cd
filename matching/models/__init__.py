"""Models of matching: matches between experts and programmes, invitations, choices about proposals, and needs of hosts."""

from matching.models.choices import DismissedConcept, KnownMatch, MatchSettings, PersonChoice, ProgramChoice
from matching.models.matches import Invitation, Match
from matching.models.needs import Need, NeedLanguage, NeedMatch
from matching.models.vectors import CallVector, MatchBuild, PersonVector, WeightTable

__all__ = [
    "CallVector",
    "DismissedConcept",
    "Invitation",
    "KnownMatch",
    "Match",
    "MatchBuild",
    "MatchSettings",
    "Need",
    "NeedLanguage",
    "NeedMatch",
    "PersonChoice",
    "PersonVector",
    "ProgramChoice",
    "WeightTable",
]
