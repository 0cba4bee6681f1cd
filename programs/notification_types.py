"""Notification types of this app."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from messaging.notification_types import NotificationType, register_event_lines, register_notification_types

CLOSED = NotificationType(
    "program_closed",
    group="host",
    to=("host",),
    label=_("A programme of ours closed by its deadline"),
    title=_("Applications are closed: %(program)s"),
    text=_("The deadline has passed. Now the applications can be reviewed and decided."),
    action=pgettext_lazy("button in an e-mail", "View the programme"),
)
ASKED = NotificationType(
    "program_asked",
    label=_("Questions about our programmes"),
    title=_("A question about your programme: %(program)s"),
    text=_("%(name)s asks before applying."),
    action=pgettext_lazy("button in an e-mail", "Read and answer"),
    # The message itself is sent by e-mail when it is not read soon.
    mail=False,
    group="host",
    to=("host",),
)
register_notification_types(CLOSED, ASKED)
register_event_lines([("program.asked", _("A question about the programme, before applying"))])
