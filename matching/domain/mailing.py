"""The weekly e-mail with new programmes that fit an expert: asked for by the expert, each programme sent once, stopped by one click."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from matching import notification_types
from matching.domain.explanation import MatchExplanation, explain
from matching.domain.queries import matches_for_expert
from matching.models import KnownMatch, MatchSettings
from messaging.domain.mail import compose_email, queue_emails, reading_as
from messaging.domain.notifications import notify
from messaging.domain.regular_mail import next_morning, read_stop_token, stop_token

GOOD = 500
"""Points (of 1000) from which a match is worth an e-mail."""
LISTED, NAMED = 10, 3
MAX_SENT = 100
SALT = "matching.weekly"


def next_weekly(user: User) -> datetime.datetime:
    """When the next weekly e-mail is due: the user's next Monday morning."""
    return next_morning(user, timezone.now(), weekly=True)


def new_good_matches(user: User) -> "QuerySet[Any]":
    """Good matches of an eligible expert that no e-mail had and that did not exist when the e-mail was switched on; the best first."""
    known = KnownMatch.objects.filter(expert=OuterRef("expert"), program=OuterRef("program"))
    return matches_for_expert(user).filter(~Exists(known), eligible=True, saved=False, rank__gte=GOOD)


def mark_known(expert_id: int, user: User) -> None:
    """The good matches of today are not new."""
    rows = [KnownMatch(expert_id=expert_id, program_id=pk) for pk in new_good_matches(user).values_list("program_id", flat=True)]
    KnownMatch.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


def send_due(now: datetime.datetime | None = None, limit: int = 2000) -> int:
    """Send the weekly e-mails whose time has come; returns how many."""
    moment = now or timezone.now()
    due = MatchSettings.objects.filter(weekly_mail=True, next_at__lte=moment, expert__user__is_active=True)
    return sum(send_weekly(pk, now=moment) > 0 for pk in list(due.order_by("next_at", "pk").values_list("pk", flat=True)[:limit]))


@transaction.atomic
def send_weekly(settings_id: int, *, now: datetime.datetime | None = None) -> int:
    """Send one expert a notification and an e-mail with the new good matches; returns how many. Nothing new: nothing is sent.

    Of several workers only the one that locks the row sends, and what was sent is never sent again.
    """
    moment = now or timezone.now()
    rows = MatchSettings.objects.select_for_update(of=("self",), skip_locked=True).select_related("expert__user")
    wanted = rows.filter(pk=settings_id, weekly_mail=True, next_at__lte=moment, expert__user__isnull=False).first()
    if wanted is None:
        return 0
    user: Any = wanted.expert.user
    wanted.next_at = next_morning(user, moment, weekly=True)
    wanted.save(update_fields=["next_at"])
    found = list(new_good_matches(user)[:MAX_SENT])
    if not found:
        return 0
    with reading_as(user):
        _send(wanted, user, [explain(match) for match in found])
    KnownMatch.objects.bulk_create(
        [KnownMatch(expert_id=wanted.expert_id, program_id=match.program_id, mailed_at=moment) for match in found],
        ignore_conflicts=True,
    )
    return len(found)


def _send(wanted: MatchSettings, user: User, found: Sequence[MatchExplanation]) -> None:
    """Expects the user's language to be active."""
    key = f"new-matches:{wanted.expert_id}:{found[0].match.program_id}"
    names = ", ".join(str(explained.program.title) for explained in found[:NAMED])
    url = reverse("matches")
    notify([user.pk], notification_types.NEW_MATCHES.code, key=key, url=url, count=len(found), names=names)
    stop_url = settings.SITE_URL + reverse("match_mail_stop", args=[stop_token(SALT, wanted.expert_id, user.pk)])
    email = compose_email(
        user,
        key=key,
        template="new_matches",
        subject=_("New programmes that fit you: %(count)s") % {"count": len(found)},
        context={
            "matches": found[:LISTED],
            "more": max(0, len(found) - LISTED),
            "action_url": settings.SITE_URL + url,
            "action_label": _("View all"),
            "stop_url": stop_url,
            "settings_url": settings.SITE_URL + reverse("match_settings"),
        },
    )
    email.unsubscribe_url = stop_url
    queue_emails([email])


def stop_weekly(token: str) -> None:
    """Stop the e-mail, as its reader asks. A second time changes nothing; raises DomainError (404) for a broken link."""
    expert_id, user_id = read_stop_token(SALT, token)
    MatchSettings.objects.filter(expert_id=expert_id, expert__user_id=user_id).update(weekly_mail=False, next_at=None)
