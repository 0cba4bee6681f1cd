"""The notifications this app sends."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from messaging.notification_types import NotificationType, register_notification_types

LOOK = pgettext_lazy("button in an e-mail", "View my data")

register_notification_types(
    NotificationType(
        "data_export_ready",
        label=gettext_lazy("The archive of my data is ready"),
        title=gettext_lazy("The archive of your data is ready"),
        text=gettext_lazy("It can be downloaded until %(date)s, by you alone. After that it is deleted."),
        action=LOOK,
        urgent=True,
    ),
    NotificationType(
        "data_export_failed",
        label=gettext_lazy("The archive of my data could not be created"),
        title=gettext_lazy("The archive of your data could not be created"),
        text=gettext_lazy("Ask for it again. If that does not help, write to the coordinator of your country."),
        action=LOOK,
        urgent=True,
    ),
)
