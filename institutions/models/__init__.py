"""Institutions, their names, fact sheets and teams."""

from institutions.models.handovers import Handover
from institutions.models.institutions import Institution, Membership
from institutions.models.invitations import TeamInvitation
from institutions.models.registry import DistinctInstitutions, FactSheet, InstitutionAddress, InstitutionName

__all__ = [
    "DistinctInstitutions",
    "FactSheet",
    "Handover",
    "Institution",
    "InstitutionAddress",
    "InstitutionName",
    "Membership",
    "TeamInvitation",
]
