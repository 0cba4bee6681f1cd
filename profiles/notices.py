"""The notifications this app sends."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from messaging.kinds import NotificationKind, register_kinds

MERGE = gettext_lazy("Are these two profiles one person's? %(name)s")

register_kinds(
    NotificationKind(
        "profile_confirmation",
        label=gettext_lazy("Once a year: does my profile still hold?"),
        title=gettext_lazy("Does your profile still hold?"),
        text=gettext_lazy(
            "You last confirmed it on: %(date)s. Hosts look at this date, and profiles that nobody confirms are found later than others. "
            "If everything is still true, one click says so; you need not log in."
        ),
        action=pgettext_lazy("button in a letter", "Look and confirm"),
    ),
    NotificationKind(
        "merge_proposed",
        label=gettext_lazy("Somebody says that two profiles are one person's"),
        title=MERGE,
        text=gettext_lazy("Nothing changes until you answer."),
        action=pgettext_lazy("button in a letter", "Look at both"),
        urgent=True,
    ),
    NotificationKind(
        "merge_answered",
        label=gettext_lazy("Two profiles became one, or two again"),
        title=gettext_lazy("Two profiles: %(answer)s"),
        text=gettext_lazy("If this is a mistake, it can be undone within 30 days."),
        action=pgettext_lazy("button in a letter", "Look at both"),
        urgent=True,
    ),
)
