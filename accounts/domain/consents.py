"""What people agreed to: written down when they say it, never changed; taking it back is another row."""

from django.db.models import QuerySet

from accounts.models import Consent, User
from accounts.states import TEXT_VERSIONS, ConsentKind, ConsentWay


def record_consent(user: User, kind: ConsentKind, *, given: bool, way: ConsentWay, detail: str = "") -> Consent | None:
    """Write down that `user` agreed to something, or took it back. Saying again what was said last writes nothing (None)."""
    version = TEXT_VERSIONS.get(kind, "")
    last = Consent.objects.filter(user=user, kind=kind, detail=detail).order_by("-pk").first()
    # Notifications by mail are wished for until somebody says otherwise: there the first no says something, elsewhere only a yes does.
    previous = (last.given, last.version) == (given, version) if last else not given and kind != ConsentKind.MAIL
    if previous:
        return None
    consent: Consent = Consent.objects.create(user=user, kind=kind, detail=detail, version=version, given=given, way=way)
    return consent


def consents_of(user: User) -> "QuerySet[Consent]":
    rows: QuerySet[Consent] = Consent.objects.filter(user=user).order_by("-pk")
    return rows


def record_sign_up(user: User) -> None:
    """Terms and privacy notice, agreed to with one box when the account was made."""
    for kind in (ConsentKind.TERMS, ConsentKind.PRIVACY):
        record_consent(user, kind, given=True, way=ConsentWay.SIGN_UP)
