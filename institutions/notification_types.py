"""The notifications this app sends."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from messaging.notification_types import NotificationType, register_notification_types

LOOK = pgettext_lazy("button in an e-mail", "View the institution")
INVITED = gettext_lazy("Invitation to a team: %(institution)s")
INVITED_TEXT = gettext_lazy("Role: %(role)s. Invited by: %(name)s. Valid until: %(date)s.")
HANDOVER = gettext_lazy("Ownership of an institution is offered to you: %(institution)s")

register_notification_types(
    NotificationType(
        "team_invitation",
        label=gettext_lazy("An invitation to a team"),
        title=INVITED,
        text=INVITED_TEXT,
        action=pgettext_lazy("button in an e-mail", "Answer the invitation"),
        urgent=True,
    ),
    NotificationType(
        "institution_to_verify",
        group="desk",
        to=("coordinator", "secretariat"),
        label=gettext_lazy("An institution is waiting to be verified"),
        title=gettext_lazy("[Action required] An institution to verify: %(institution)s"),
        text=gettext_lazy("Country: %(country)s. Until then it cannot post programmes."),
        action=LOOK,
    ),
    NotificationType(
        "institution_verified",
        group="institution",
        to=("host",),
        label=gettext_lazy("My institution is verified"),
        title=gettext_lazy("Your institution is verified: %(institution)s"),
        text=gettext_lazy("It can post programmes from now on."),
        action=LOOK,
        urgent=True,
    ),
    NotificationType(
        "institution_suspended",
        group="institution",
        to=("host",),
        label=gettext_lazy("My institution is suspended"),
        title=gettext_lazy("Your institution is suspended: %(institution)s"),
        text=gettext_lazy("Its page is closed to others. Ask the coordinator of your country."),
        action=LOOK,
        urgent=True,
    ),
    NotificationType(
        "handover_offered",
        group="institution",
        to=("host",),
        label=gettext_lazy("Ownership of an institution is offered to me"),
        title=HANDOVER,
        text=gettext_lazy("Offered by: %(name)s. Valid until: %(date)s."),
        action=pgettext_lazy("button in an e-mail", "Answer the offer"),
        urgent=True,
    ),
    NotificationType(
        "handover_answered",
        group="institution",
        to=("host",),
        label=gettext_lazy("An answer to my offer of ownership"),
        title=gettext_lazy("Your offer was answered: %(institution)s"),
        text=gettext_lazy("Answer: %(answer)s. By: %(name)s."),
        action=pgettext_lazy("button in an e-mail", "View the team"),
        urgent=True,
    ),
)
