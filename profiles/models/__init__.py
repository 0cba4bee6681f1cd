"""Models of expert profiles: skills, records, portfolio, imports and merges."""

from profiles.models.experts import AvailabilityWindow, Competence, ExpertProfile, LanguageSkill, PersonName, ProfileField
from profiles.models.imports import ExpertImport, ImportedExpert, RememberedHeading
from profiles.models.merges import ClaimInvitation, ProfileMerge
from profiles.models.portfolio import CasePicture, PortfolioCase
from profiles.models.records import Accreditation, Education, Position, Publication

__all__ = [
    "Accreditation",
    "AvailabilityWindow",
    "CasePicture",
    "ClaimInvitation",
    "Competence",
    "Education",
    "ExpertImport",
    "ExpertProfile",
    "ImportedExpert",
    "LanguageSkill",
    "PersonName",
    "PortfolioCase",
    "Position",
    "ProfileField",
    "ProfileMerge",
    "Publication",
    "RememberedHeading",
]
