"""Accounts, coordinators, consents, API tokens."""

from accounts.models.consents import Consent
from accounts.models.coordinators import CoordinatorAppointment
from accounts.models.removals import AccountRemoval
from accounts.models.sessions import Session
from accounts.models.tokens import ApiToken
from accounts.models.users import User

__all__ = [
    "AccountRemoval",
    "ApiToken",
    "Consent",
    "CoordinatorAppointment",
    "Session",
    "User",
]
