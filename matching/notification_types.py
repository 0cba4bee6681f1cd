"""Notification types of matching."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from messaging.notification_types import NotificationType, register_notification_types

register_notification_types(
    NotificationType(
        "invitation",
        group="mine",
        to=("expert",),
        title=_("You are invited to apply: %(program)s"),
        text=_("%(host)s writes: %(words)s"),
        action=pgettext_lazy("button", "View the programme"),
        label=_("Invitations to programmes"),
    )
)
