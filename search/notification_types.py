"""The notification about new results of a saved search. `domain.saved_notifications` writes its e-mail, which has a link to stop it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from messaging.notification_types import NotificationType, register_notification_types

NEW_RESULTS = NotificationType(
    "saved_search",
    label=_("Something new in a saved search"),
    title=_("New in your search “%(name)s”: %(count)s"),
    text="%(names)s",
    action=pgettext_lazy("button", "See all results"),
    mail=False,
)
register_notification_types(NEW_RESULTS)
