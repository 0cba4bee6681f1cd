"""Notification types of this app. The e-mail is written by `domain.saved` itself, because it carries a way to stop it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from messaging.notification_types import NotificationType, register_notification_type

NEW_RESULTS = register_notification_type(
    NotificationType(
        "saved_search",
        label=_("Something new in a saved search"),
        title=_("New in your search “%(name)s”: %(count)s"),
        text="%(names)s",
        action=pgettext_lazy("button", "See all results"),
        mail=False,
    )
)
