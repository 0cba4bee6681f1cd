"""People, institutions, coordinators and the vocabulary."""

from profiles.models.concepts import Concept, ConceptLabel, Scheme
from profiles.models.coordinators import CoordinatorAppointment
from profiles.models.experts import AvailabilityWindow, Competence, ExpertProfile, LanguageSkill, PersonName, ProfileField
from profiles.models.institutions import Institution, Membership
from profiles.models.invitations import TeamInvitation
from profiles.models.people import User
from profiles.models.tokens import ApiToken

__all__ = [
    "ApiToken",
    "AvailabilityWindow",
    "Competence",
    "Concept",
    "ConceptLabel",
    "CoordinatorAppointment",
    "ExpertProfile",
    "Institution",
    "LanguageSkill",
    "Membership",
    "PersonName",
    "ProfileField",
    "Scheme",
    "TeamInvitation",
    "User",
]
