"""The log of consents in the reader's language."""

from dataclasses import dataclass

from accounts.domain.consents import consents_of
from accounts.models import Consent, User
from accounts.states import ConsentKind
from messaging.notification_types import notification_name


@dataclass(frozen=True)
class ConsentEntry:
    """A row of the log in the reader's language; `current` when nothing was said about the same thing since."""

    consent: Consent
    about: str
    current: bool


def consent_log(user: User) -> list[ConsentEntry]:
    """Everything this person agreed to and took back, the latest first."""
    seen: set[tuple[str, str]] = set()
    shown = []
    for consent in consents_of(user):
        subject = (consent.kind, consent.detail)
        shown.append(ConsentEntry(consent, describe_consent(consent), subject not in seen))
        seen.add(subject)
    return shown


def describe_consent(consent: Consent) -> str:
    """What it is about, in the active language."""
    label = ConsentKind(consent.kind).label
    if not consent.detail:
        return str(label)
    detail = notification_name(consent.detail) if consent.kind == ConsentKind.MAIL else consent.detail
    return f"{label}: {detail}"
