"""Models of matching: matches between experts and programmes, and invitations."""

from matching.models.matches import Invitation, Match

__all__ = ["Invitation", "Match"]
