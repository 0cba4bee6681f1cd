"""A profile that an institution or a country made for somebody is taken over by that person."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exchange.core.access import require
from exchange.core.errors import DomainError, StaleError
from exchange.core.history import record_history
from profiles.access import access_of, forget_access
from profiles.domain.profile_merge import hold_profiles, maker_of, merge_claimed
from profiles.domain.profiles import refresh_index
from profiles.domain.visibility import with_parts
from profiles.models import ClaimInvitation, ExpertProfile, ImportedExpert, User
from profiles.models.invitations import confirmed_addresses
from profiles.signals import access_changed, invited_to_claim
from profiles.states import Answer

SALT = "profiles.claim"
AGAIN_AFTER = datetime.timedelta(hours=1)


def unclaimed() -> "QuerySet[ExpertProfile]":
    """Profiles brought in from tables that belong to nobody yet."""
    rows: QuerySet[ExpertProfile] = ExpertProfile.objects.filter(
        user__isnull=True, merged_into__isnull=True, imported__isnull=False
    )
    return rows


def can_invite_to_claim(user: Any, profile: ExpertProfile) -> bool:
    """Editors of the institution that made it, or coordinators of the country that did."""
    if profile.user_id is not None or profile.merged_into_id is not None:
        return False
    institution_id, country = maker_of(profile)
    access = access_of(user)
    return institution_id in access.edited_institutions if institution_id else country in access.countries


@transaction.atomic
def invite_to_claim(profile: ExpertProfile, *, email: str, by: User) -> ClaimInvitation:
    """Send the person of a profile a letter with a link that lets them take it over. An earlier link stops working.

    Refuses a profile that belongs to somebody, and a second letter to the same address within the hour. Sends `invited_to_claim`.
    """
    held = hold_profiles(profile.pk)[profile.pk]
    require(can_invite_to_claim(by, held))
    address, now = email.strip().lower(), timezone.now()
    known = ClaimInvitation.objects.filter(profile=held, answer="").first()
    if known is not None and known.email == address and now - known.created_at < AGAIN_AFTER:
        raise DomainError(_("A letter to this address is on its way. Wait an hour before another one."), code="too-soon")
    if known is not None:
        ClaimInvitation.objects.filter(pk=known.pk).update(answer=Answer.WITHDRAWN, answered_at=now)
    invitation = ClaimInvitation.objects.create(profile=held, email=address, invited_by=by)
    record_history(held, transition="invite_claim", by=by)
    invited_to_claim.send(ClaimInvitation, invitation_id=invitation.pk)
    return invitation


@transaction.atomic
def withdraw_claim_invitation(profile: ExpertProfile, *, by: User) -> None:
    """Make the link of an open invitation worthless. Does nothing where none is open."""
    held = hold_profiles(profile.pk)[profile.pk]
    require(can_invite_to_claim(by, held))
    ClaimInvitation.objects.filter(profile=held, answer="").update(answer=Answer.WITHDRAWN, answered_at=timezone.now())


def claim_path(invitation: ClaimInvitation) -> str:
    """The address in the letter; whoever reads it may claim, so it is written nowhere else."""
    return reverse("claim_link", args=[signing.dumps([invitation.pk, invitation.secret], salt=SALT)])


def read_claim(token: str) -> ClaimInvitation:
    """The open invitation of a link. Raises DomainError `link-broken` (404) or `link-expired` (410)."""
    try:
        pk, secret = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise DomainError(
            _("This link is not complete. Copy all of it from the letter."), code="link-broken", status=404
        ) from error
    found = ClaimInvitation.objects.filter(pk=pk, secret=secret).select_related("profile").first()
    if found is None:
        raise DomainError(_("This profile does not exist any more."), code="link-broken", status=404)
    if not found.is_open or found.profile.user_id is not None or found.profile.merged_into_id is not None:
        raise DomainError(_("This link is no longer open. Ask for a new one."), code="link-expired", status=410)
    return found


def claims_for(user: Any) -> "QuerySet[ExpertProfile]":
    """Unclaimed profiles whose maker has named one of this account's confirmed addresses, in an invitation or in the table."""
    if not user.is_authenticated or not user.is_active:
        return ExpertProfile.objects.none()
    addresses = confirmed_addresses(user)
    asked = ClaimInvitation.objects.filter(email__in=addresses, answer="", expires_at__gt=timezone.now()).values_list("profile_id")
    named = ImportedExpert.objects.filter(email__in=addresses).values_list("profile_id")
    ids = [pk for (pk,) in asked.union(named)] if addresses else []
    found: QuerySet[ExpertProfile] = unclaimed().filter(pk__in=ids).defer("search").order_by("pk")
    return found


@dataclass(frozen=True)
class Claim:
    """What became of it: the profile that is the person's now, and whether it joined one they had."""

    profile: ExpertProfile
    merged: bool


@transaction.atomic
def claim_profile(profile: ExpertProfile, *, by: User, token: str = "") -> Claim:
    """Take over a profile that was made for oneself: by a confirmed address its maker named, or by the link of a letter.

    Somebody who has a profile gets both as one, which can be undone for 30 days. Only an account with a confirmed address claims.
    Refuses (403) everybody else, and as stale a profile that was claimed meanwhile. Sends `access_changed` and `profile_changed`.
    """
    User.objects.select_for_update().get(pk=by.pk)  # two claims at once would make two profiles
    own = ExpertProfile.objects.filter(user=by).only("pk").first()
    held = hold_profiles(*filter(None, (profile.pk, own.pk if own else None)))
    profile = held[profile.pk]
    if profile.user_id is not None or profile.merged_into_id is not None:
        raise StaleError(_("This profile belongs to somebody already."))
    require(bool(by.is_active and confirmed_addresses(by)), _("Confirm your e-mail address first."))
    require((bool(token) and read_claim(token).profile_id == profile.pk) or claims_for(by).filter(pk=profile.pk).exists())
    if own is not None:
        merge_claimed(held[own.pk], profile, by=by)
        return Claim(held[own.pk], merged=True)
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
