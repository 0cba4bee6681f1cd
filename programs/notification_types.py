"""Notification types of this app."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from messaging.notification_types import NotificationType, register_notification_types

CLOSED = NotificationType(
    "program_closed",
    group="host",
    to=("host",),
    label=_("A programme of ours closed by its deadline"),
    title=_("Applications are closed: %(program)s"),
    text=_("The deadline has passed. Now the applications can be reviewed and decided."),
    action=pgettext_lazy("button in an e-mail", "View the programme"),
)
register_notification_types(CLOSED)
