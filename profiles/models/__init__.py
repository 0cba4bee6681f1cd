"""Models of expert profiles: skills, records, portfolio, source and merges."""

from profiles.models.experts import AvailabilityWindow, Competence, ExpertProfile, LanguageSkill, PersonName, ProfileField
from profiles.models.imported import ImportedExpert
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
    "ExpertProfile",
    "ImportedExpert",
    "LanguageSkill",
    "PersonName",
    "PortfolioCase",
    "Position",
    "ProfileField",
    "ProfileMerge",
    "Publication",
]
