"""Institutions, their names, fact sheets and teams."""

from institutions.models.fact_sheet import DistinctInstitutions, FactSheet, FormerSlug, InstitutionName
from institutions.models.handovers import Handover
from institutions.models.institutions import Institution, Membership
from institutions.models.invitations import TeamInvitation
from institutions.models.pictures import InstitutionPicture

__all__ = [
    "DistinctInstitutions",
    "FactSheet",
    "FormerSlug",
    "Handover",
    "Institution",
    "InstitutionName",
    "InstitutionPicture",
    "Membership",
    "TeamInvitation",
]
