"""Tables of matching."""

from matching.models.matches import Invitation, Match
from matching.models.vectors import CallVector, MatchBuild, PersonVector, WeightTable

__all__ = ["CallVector", "Invitation", "Match", "MatchBuild", "PersonVector", "WeightTable"]
