"""Notification types of this app."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from messaging.notification_types import NotificationType, register_notification_type

EXPIRES = NotificationType(
    "agreement_expires",
    label=_("An agreement expires soon"),
    title=_("An agreement expires soon: %(title)s"),
    text=_("Reference: %(reference)s. Parties: %(first)s; %(second)s. Its last day is %(date)s."),
    action=pgettext_lazy("button in a letter", "See the agreement"),
)


def register() -> None:
    """Tell messaging the words; called when the app is ready."""
    register_notification_type(EXPIRES)
