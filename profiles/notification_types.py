"""The notifications this app sends."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from messaging.notification_types import NotificationType, register_notification_types

MERGE = gettext_lazy("Do these two profiles belong to one person? %(name)s")

register_notification_types(
    NotificationType(
        "profile_confirmation",
        to=("expert",),
        label=gettext_lazy("Yearly reminder to confirm my profile"),
        title=gettext_lazy("Is your profile still up to date?"),
        text=gettext_lazy(
            "You last confirmed it on: %(date)s. Hosts look at this date, and profiles that have not been confirmed appear "
            "lower in search results. If everything is still correct, confirm it with one click; you do not need to log in."
        ),
        action=pgettext_lazy("button in an e-mail", "View and confirm"),
    ),
    NotificationType(
        "merge_proposed",
        label=gettext_lazy("Someone reports that two profiles belong to one person"),
        title=MERGE,
        text=gettext_lazy("Nothing changes until you answer."),
        action=pgettext_lazy("button in an e-mail", "View both profiles"),
        urgent=True,
    ),
    NotificationType(
        "merge_answered",
        label=gettext_lazy("Two profiles were merged or separated"),
        title=gettext_lazy("Two profiles: %(answer)s"),
        text=gettext_lazy("If this is a mistake, it can be undone within 30 days."),
        action=pgettext_lazy("button in an e-mail", "View both profiles"),
        urgent=True,
    ),
)
