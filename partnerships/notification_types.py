"""Notification types of this app."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from messaging.notification_types import NotificationType, register_notification_types

EXPIRES = NotificationType(
    "agreement_expires",
    group="institution",
    to=("host", "coordinator", "secretariat"),
    label=_("An agreement expires soon"),
    title=_("An agreement expires soon: %(title)s"),
    text=_("Reference: %(reference)s. Parties: %(first)s; %(second)s. Its last day is %(date)s."),
    action=pgettext_lazy("button in an e-mail", "See the agreement"),
)
register_notification_types(EXPIRES)
