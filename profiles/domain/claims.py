"""Claims: a person takes over the profile that an institution or a country made for them."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import access_of, forget_access
from accounts.models import User
from accounts.models.addresses import confirmed_addresses
from accounts.signals import access_changed
from accounts.states import Answer
from exchange.core.access import require
from exchange.core.errors import DomainError, StaleError
from exchange.core.history import record_history
from exchange.core.jobs.outbox import enqueue
from profiles.domain.profile_merge import lock_profiles, maker_of, merge_claimed
from profiles.domain.profiles import refresh_index
from profiles.domain.visibility import with_parts
from profiles.models import ClaimInvitation, ExpertProfile, ImportedExpert

SALT = "profiles.claim"
INVITE = "profiles.claim_invitation"
AGAIN_AFTER = datetime.timedelta(hours=1)


def unclaimed() -> "QuerySet[ExpertProfile]":
    """Imported profiles without an account."""
    rows: QuerySet[ExpertProfile] = ExpertProfile.objects.filter(
        user__isnull=True, merged_into__isnull=True, imported__isnull=False
    )
    return rows


def can_invite_to_claim(user: Any, profile: ExpertProfile) -> bool:
    """Editors of the institution that made the profile, or coordinators of the country that made it."""
    if profile.user_id is not None or profile.merged_into_id is not None:
        return False
    institution_id, country = maker_of(profile)
    access = access_of(user)
    return institution_id in access.edited_institutions if institution_id else country in access.countries


@transaction.atomic
def invite_to_claim(profile: ExpertProfile, *, email: str, by: User) -> ClaimInvitation:
    """E-mail the person of a profile a link to claim it. An earlier link stops working.

    Refuses a profile with an account, and a second e-mail to the same address within an hour. Enqueues the outbox event of the e-mail.
    """
    locked = lock_profiles(profile.pk)[profile.pk]
    require(can_invite_to_claim(by, locked))
    address, now = email.strip().lower(), timezone.now()
    known = ClaimInvitation.objects.filter(profile=locked, answer="").first()
    if known is not None and known.email == address and now - known.created_at < AGAIN_AFTER:
        raise DomainError(_("An e-mail has been sent to this address. Wait an hour before sending another."), code="too-soon")
    if known is not None:
        ClaimInvitation.objects.filter(pk=known.pk).update(answer=Answer.WITHDRAWN, answered_at=now)
    invitation = ClaimInvitation.objects.create(profile=locked, email=address, invited_by=by)
    record_history(locked, transition="invite_claim", by=by)
    enqueue(INVITE, invitation_id=invitation.pk)
    return invitation


@transaction.atomic
def withdraw_claim_invitation(profile: ExpertProfile, *, by: User) -> None:
    """Withdraw the open invitation: its link stops working. Does nothing when none is open."""
    locked = lock_profiles(profile.pk)[profile.pk]
    require(can_invite_to_claim(by, locked))
    ClaimInvitation.objects.filter(profile=locked, answer="").update(answer=Answer.WITHDRAWN, answered_at=timezone.now())


def claim_path(invitation: ClaimInvitation) -> str:
    """The path of the link in the e-mail. It holds the secret, so it is stored and logged nowhere else."""
    return reverse("claim_link", args=[signing.dumps([invitation.pk, invitation.secret], salt=SALT)])


def read_claim(token: str) -> ClaimInvitation:
    """The open invitation of a link. Raises DomainError `link-broken` (404) or `link-expired` (410)."""
    try:
        pk, secret = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise DomainError(
            _("This link is not complete. Copy all of it from the e-mail."), code="link-broken", status=404
        ) from error
    found = ClaimInvitation.objects.filter(pk=pk, secret=secret).select_related("profile").first()
    if found is None:
        raise DomainError(_("This profile does not exist any more."), code="link-broken", status=404)
    if not found.is_open or found.profile.user_id is not None or found.profile.merged_into_id is not None:
        raise DomainError(_("This link is no longer valid. Ask for a new one."), code="link-expired", status=410)
    return found


def claims_for(user: Any) -> "QuerySet[ExpertProfile]":
    """Unclaimed profiles whose invitation or imported row holds a confirmed address of this account."""
    if not user.is_authenticated or not user.is_active:
        return ExpertProfile.objects.none()
    addresses = confirmed_addresses(user)
    asked = ClaimInvitation.objects.filter(email__in=addresses, answer="", expires_at__gt=timezone.now()).values_list("profile_id")
    named = ImportedExpert.objects.filter(email__in=addresses).values_list("profile_id")
    ids = [pk for (pk,) in asked.union(named)] if addresses else []
    found: QuerySet[ExpertProfile] = unclaimed().filter(pk__in=ids).order_by("pk")
    return found


@dataclass(frozen=True)
class Claim:
    """The result of a claim: the user's profile, and whether the claimed one was merged into it."""

    profile: ExpertProfile
    merged: bool


@transaction.atomic
def claim_profile(profile: ExpertProfile, *, by: User, token: str = "") -> Claim:
    """Take over a profile made for oneself: by a confirmed address its maker gave, or by the link of an e-mail.

    If the user has a profile, the two are merged, which can be undone for 30 days. The account needs a confirmed address.
    Refuses (403) everybody else; raises StaleError when it was claimed meanwhile. Sends `access_changed` and `profile_changed`.
    """
    User.objects.select_for_update().get(pk=by.pk)  # two simultaneous claims would give one account two profiles
    own = ExpertProfile.objects.filter(user=by).only("pk").first()
    locked = lock_profiles(*filter(None, (profile.pk, own.pk if own else None)))
    profile = locked[profile.pk]
    if profile.user_id is not None or profile.merged_into_id is not None:
        raise StaleError(_("This profile already has an owner."))
    require(bool(by.is_active and confirmed_addresses(by)), _("Confirm your e-mail address first."))
    require((bool(token) and read_claim(token).profile_id == profile.pk) or claims_for(by).filter(pk=profile.pk).exists())
    if own is not None:
        merge_claimed(locked[own.pk], profile, by=by)
        return Claim(locked[own.pk], merged=True)
    profile.user, profile.confirmed_on = by, timezone.now().date()
    profile.save(update_fields=["user", "confirmed_on", "updated_at"])
    ClaimInvitation.objects.filter(profile=profile, answer="").update(answer=Answer.ACCEPTED, answered_at=timezone.now())
    record_history(profile, transition="claim", by=by)
    if not by.name:
        User.objects.filter(pk=by.pk, name="").update(name=profile.shown_name[:150])
    forget_access(by)
    access_changed.send(User, user_id=by.pk)
    refresh_index(with_parts(ExpertProfile.objects.filter(pk=profile.pk)).get())
    return Claim(profile, merged=False)
