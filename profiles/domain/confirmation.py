"""Yearly confirmation of profiles: reminders, and the link that confirms without logging in."""

import datetime
from dataclasses import dataclass

from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exchange.core.errors import DomainError
from exchange.core.jobs.outbox import enqueue
from profiles.domain.completeness import FRESH_FOR, is_fresh
from profiles.domain.profiles import confirm_profile
from profiles.models import ExpertProfile

SALT = "profiles.confirm"
ASK = "profiles.ask_to_confirm"
LINK_HOLDS = datetime.timedelta(days=60)
BATCH = 200


@dataclass(frozen=True)
class ConfirmLink:
    """The content of a link: the profile, and the date of the confirmation it renews."""

    profile: ExpertProfile
    confirmed_on: datetime.date

    @property
    def used(self) -> bool:
        """Whether the profile was confirmed or edited since the link was written."""
        return self.profile.confirmed_on > self.confirmed_on


def confirm_path(profile: ExpertProfile) -> str:
    """The path, in the user's language, of the page where they confirm the profile with one click; valid for 60 days."""
    token = signing.dumps([profile.pk, profile.confirmed_on.isoformat()], salt=SALT)
    language = profile.user.language if profile.user else ""
    return reverse("profile_confirm_link", args=[token]) + (f"?lang={language}" if language else "")


def read_link(token: str) -> ConfirmLink:
    """Read a link. Raises DomainError `link-expired` or `link-broken` (410, 404), the latter for a closed account too."""
    try:
        pk, confirmed_on = signing.loads(token, salt=SALT, max_age=LINK_HOLDS)
    except signing.SignatureExpired as error:
        raise DomainError(_("This link has expired. Log in to confirm your profile."), code="link-expired", status=410) from error
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise DomainError(
            _("This link is not complete. Copy all of it from the e-mail."), code="link-broken", status=404
        ) from error
    profile = ExpertProfile.objects.filter(pk=pk, user__is_active=True).select_related("user").first()
    if profile is None:
        raise DomainError(_("This profile does not exist any more."), code="link-broken", status=404)
    return ConfirmLink(profile, datetime.date.fromisoformat(confirmed_on))


def confirm_by_link(link: ConfirmLink) -> None:
    """As `confirm_profile`, in the name of the profile's user; a used link changes nothing."""
    if not link.used and link.profile.user is not None:
        confirm_profile(link.profile, by=link.profile.user)


def ask_to_confirm(limit: int = 5000) -> int:
    """Mark profiles that were not confirmed for a year as asked, and enqueue a reminder for each; returns how many.

    Nobody is reminded more than once a year; closed accounts and demonstration profiles are left out.
    """
    asked = 0
    while asked < limit:
        found = _ask_batch(min(BATCH, limit - asked))
        asked += found
        if found < BATCH:
            break
    return asked


@transaction.atomic
def _ask_batch(size: int) -> int:
    today = timezone.now().date()
    ago = today - FRESH_FOR
    never_this_year = Q(asked_on__isnull=True) | Q(asked_on__lte=ago)
    rows = ExpertProfile.objects.filter(
        never_this_year, confirmed_on__lte=ago, user__is_active=True, is_demo=False, shown_name__gt=""
    )
    locked = rows.select_for_update(of=("self",), skip_locked=True).order_by("confirmed_on", "pk")
    ids = list(locked.values_list("pk", flat=True)[:size])
    ExpertProfile.objects.filter(pk__in=ids).update(asked_on=today)
    for pk in ids:
        enqueue(ASK, profile_id=pk)
    return len(ids)


def due_for_confirmation(profile_id: int) -> ExpertProfile | None:
    """The profile, if it still needs confirmation when the e-mail is written; else None."""
    profile: ExpertProfile | None = ExpertProfile.objects.filter(pk=profile_id, user__is_active=True).select_related("user").first()
    return None if profile is None or is_fresh(profile) else profile
