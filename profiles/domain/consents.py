"""What people agreed to: written down when they say it, never changed; taking it back is another row."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet

from exchange.core.errors import Text
from profiles.models import Consent, User
from profiles.states import TEXT_VERSIONS, ConsentKind, ConsentWay

Namer = Callable[[str], Text]
_namers: dict[str, Namer] = {}


def names_details(kind: ConsentKind, namer: Namer) -> None:
    """Let an app that knows what the details of a kind of consent mean say it in words."""
    _namers[kind] = namer


def record_consent(user: User, kind: ConsentKind, *, given: bool, way: ConsentWay, detail: str = "") -> Consent | None:
    """Write down that `user` agreed to something, or took it back. Saying again what was said last writes nothing (None)."""
    version = TEXT_VERSIONS.get(kind, "")
    last = Consent.objects.filter(user=user, kind=kind, detail=detail).order_by("-pk").first()
    # Notifications by mail are wished for until somebody says otherwise: there the first no says something, elsewhere only a yes does.
    said_before = (last.given, last.version) == (given, version) if last else not given and kind != ConsentKind.MAIL
    if said_before:
        return None
    consent: Consent = Consent.objects.create(user=user, kind=kind, detail=detail, version=version, given=given, way=way)
    return consent


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


def consents_of(user: User) -> "QuerySet[Consent]":
    rows: QuerySet[Consent] = Consent.objects.filter(user=user).order_by("-pk")
    return rows


def describe_consent(consent: Consent) -> str:
    """What it is about, in the active language."""
    label = ConsentKind(consent.kind).label
    if not consent.detail:
        return str(label)
    namer = _namers.get(consent.kind)
    return f"{label}: {namer(consent.detail) if namer else consent.detail}"


def record_sign_up(user: User) -> None:
    """Terms and privacy notice, agreed to with one box when the account was made."""
    for kind in (ConsentKind.TERMS, ConsentKind.PRIVACY):
        record_consent(user, kind, given=True, way=ConsentWay.SIGN_UP)
