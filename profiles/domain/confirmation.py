"""Profiles that age: asking once a year whether all of it still holds, and the link by which a person says so without logging in."""

import datetime
from dataclasses import dataclass

from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exchange.core.errors import DomainError
from profiles.domain.completeness import FRESH_FOR, is_fresh
from profiles.domain.profiles import confirm_profile
from profiles.models import ExpertProfile
from profiles.signals import confirmation_due

SALT = "profiles.confirm"
LINK_HOLDS = datetime.timedelta(days=60)
BATCH = 200


@dataclass(frozen=True)
class ConfirmLink:
    """What a link says: whose profile, and which confirmation it is to renew."""

    profile: ExpertProfile
    confirmed_on: datetime.date

    @property
    def used(self) -> bool:
        """Whether the profile was confirmed or edited since the link was written; then there is nothing left to do."""
        return self.profile.confirmed_on > self.confirmed_on


def confirm_path(profile: ExpertProfile) -> str:
    """The address, on this site and in the person's language, where they confirm the profile with one click; holds for 60 days."""
    token = signing.dumps([profile.pk, profile.confirmed_on.isoformat()], salt=SALT)
    language = profile.user.language if profile.user else ""
    return reverse("profile_confirm_link", args=[token]) + (f"?lang={language}" if language else "")


def read_link(token: str) -> ConfirmLink:
    """What the link says. Raises DomainError `link-expired` or `link-broken` (410, 404), the latter for a closed account, too."""
    try:
        pk, confirmed_on = signing.loads(token, salt=SALT, max_age=LINK_HOLDS)
    except signing.SignatureExpired as error:
        raise DomainError(_("This link has expired. Log in to confirm your profile."), code="link-expired", status=410) from error
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise DomainError(
            _("This link is not complete. Copy all of it from the letter."), code="link-broken", status=404
        ) from error
    profile = ExpertProfile.objects.filter(pk=pk, user__is_active=True).select_related("user").defer("search").first()
    if profile is None:
        raise DomainError(_("This profile does not exist any more."), code="link-broken", status=404)
    return ConfirmLink(profile, datetime.date.fromisoformat(confirmed_on))


def confirm_by_link(link: ConfirmLink) -> None:
    """As `confirm_profile`, by the person the link was written to; a link that was used changes nothing more."""
    if not link.used and link.profile.user is not None:
        confirm_profile(link.profile, by=link.profile.user)


def ask_to_confirm(limit: int = 5000) -> int:
    """Mark the profiles nobody has confirmed for a year as asked, and send `confirmation_due` for each; returns how many.

    Nobody is asked more than once a year; people without an open account are not asked, nor the people of a demonstration.
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
    held = rows.select_for_update(of=("self",), skip_locked=True).order_by("confirmed_on", "pk")
    ids = list(held.values_list("pk", flat=True)[:size])
    ExpertProfile.objects.filter(pk__in=ids).update(asked_on=today)
    for pk in ids:
        confirmation_due.send(ExpertProfile, profile_id=pk)
    return len(ids)


def due_for_confirmation(profile_id: int) -> ExpertProfile | None:
    """The profile, when its person is still to be asked: for whoever writes the letter."""
    profile: ExpertProfile | None = (
        ExpertProfile.objects.filter(pk=profile_id, user__is_active=True).select_related("user").defer("search").first()
    )
    return None if profile is None or is_fresh(profile) else profile
