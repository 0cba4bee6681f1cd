"""Models of placements and of the approvals of countries."""

from placements.models.placements import Approval, Placement

__all__ = ["Approval", "Placement"]
