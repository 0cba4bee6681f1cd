"""Recording consents. Rows are never changed; a withdrawal is another row."""

from django.db.models import QuerySet

from accounts.models import Consent, User
from accounts.states import TEXT_VERSIONS, ConsentKind, ConsentWay


def record_consent(user: User, kind: ConsentKind, *, given: bool, way: ConsentWay, detail: str = "") -> Consent | None:
    """Record that `user` gave a consent or withdrew it. Returns None and writes nothing when that is the last recorded state."""
    version = TEXT_VERSIONS.get(kind, "")
    last = Consent.objects.filter(user=user, kind=kind, detail=detail).order_by("-pk").first()
    # E-mail notifications are opt-out, so the first withdrawal is recorded; for other consents a withdrawal needs an earlier consent.
    previous = (last.given, last.version) == (given, version) if last else not given and kind != ConsentKind.MAIL
    if previous:
        return None
    consent: Consent = Consent.objects.create(user=user, kind=kind, detail=detail, version=version, given=given, way=way)
    return consent


def consents_of(user: User) -> "QuerySet[Consent]":
    rows: QuerySet[Consent] = Consent.objects.filter(user=user).order_by("-pk")
    return rows


def record_sign_up(user: User) -> None:
    """Record consent to the terms and the privacy notice, given with one checkbox at sign-up."""
    for kind in (ConsentKind.TERMS, ConsentKind.PRIVACY):
        record_consent(user, kind, given=True, way=ConsentWay.SIGN_UP)
