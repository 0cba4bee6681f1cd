"""The log of consents, described in the reader's language."""

from dataclasses import dataclass

from accounts.domain.consents import consents_of
from accounts.models import Consent, User
from accounts.states import ConsentKind
from messaging.notification_types import notification_name


@dataclass(frozen=True)
class ConsentEntry:
    """A row of the log in the reader's language; `current` unless a later entry is about the same subject."""

    consent: Consent
    about: str
    current: bool


def consent_log(user: User) -> list[ConsentEntry]:
    """Every consent this user gave or withdrew, newest first."""
    seen: set[tuple[str, str]] = set()
    shown = []
    for consent in consents_of(user):
        subject = (consent.kind, consent.detail)
        shown.append(ConsentEntry(consent, describe_consent(consent), subject not in seen))
        seen.add(subject)
    return shown


def describe_consent(consent: Consent) -> str:
    """The subject of a consent, in the active language."""
    label = ConsentKind(consent.kind).label
    if not consent.detail:
        return str(label)
    detail = notification_name(consent.detail) if consent.kind == ConsentKind.MAIL else consent.detail
    return f"{label}: {detail}"
