"""Notification types of matching."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from messaging.notification_types import NotificationType, register_notification_types

NEW_MATCHES = NotificationType(
    "new_matches",
    title=_("New programmes that fit you: %(count)s"),
    text="%(names)s",
    action=pgettext_lazy("button", "View all"),
    label=_("New programmes that fit me, once a week"),
    mail=False,
)
"""Its e-mail, which has a link that stops it, is written by `domain.mailing`."""

register_notification_types(
    NEW_MATCHES,
    NotificationType(
        "invitation",
        group="mine",
        to=("expert",),
        title=_("You are invited to apply: %(program)s"),
        text=_("%(host)s writes: %(words)s"),
        action=pgettext_lazy("button", "View the programme"),
        label=_("Invitations to programmes"),
    ),
)
