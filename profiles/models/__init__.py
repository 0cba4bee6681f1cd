"""People, institutions, coordinators and the vocabulary."""

from profiles.models.concepts import Concept, ConceptLabel, Scheme
from profiles.models.coordinators import CoordinatorAppointment
from profiles.models.experts import AvailabilityWindow, Competence, ExpertProfile, LanguageSkill, PersonName, ProfileField
from profiles.models.fact_sheet import DistinctInstitutions, FactSheet, FormerSlug, InstitutionName
from profiles.models.handovers import Handover
from profiles.models.imports import ExpertImport, ImportedExpert
from profiles.models.institutions import Institution, Membership
from profiles.models.invitations import TeamInvitation
from profiles.models.merges import ClaimInvitation, ProfileMerge
from profiles.models.people import User
from profiles.models.portfolio import CasePicture, PortfolioCase
from profiles.models.privacy import AccountRemoval, Consent, DataExport
from profiles.models.records import Accreditation, Education, Position, Publication
from profiles.models.tokens import ApiToken

__all__ = [
    "AccountRemoval",
    "Accreditation",
    "ApiToken",
    "AvailabilityWindow",
    "CasePicture",
    "ClaimInvitation",
    "Competence",
    "Concept",
    "ConceptLabel",
    "Consent",
    "CoordinatorAppointment",
    "DataExport",
    "DistinctInstitutions",
    "Education",
    "ExpertImport",
    "ExpertProfile",
    "FactSheet",
    "FormerSlug",
    "Handover",
    "ImportedExpert",
    "Institution",
    "InstitutionName",
    "LanguageSkill",
    "Membership",
    "PersonName",
    "PortfolioCase",
    "Position",
    "ProfileField",
    "ProfileMerge",
    "Publication",
    "Scheme",
    "TeamInvitation",
    "User",
]
