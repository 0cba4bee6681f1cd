"""Notification types of placements: the text of each on the site and by e-mail, and the events that are shown in the thread."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from messaging.notification_types import NotificationType, register_event_lines, register_notification_types

DECIDE = pgettext_lazy("button in an e-mail", "View and decide")
SEE = pgettext_lazy("button in an e-mail", "See the placement")

NOTIFICATION_TYPES = (
    NotificationType(
        "approval_requested",
        group="desk",
        to=("coordinator", "secretariat"),
        label=_("A placement is waiting for my decision"),
        title=_("[Action required] A placement to approve: %(name)s"),
        text=_(
            "Programme: %(program)s. Host institution: %(institution)s. Country you decide for: %(country)s. Please decide by %(date)s."
        ),
        action=DECIDE,
        urgent=True,
    ),
    NotificationType(
        "approval_due",
        group="desk",
        to=("coordinator", "secretariat"),
        label=_("A decision is due soon"),
        title=_("A decision is due soon: %(name)s"),
        text=_("Programme: %(program)s. Country: %(country)s. Please decide by %(date)s."),
        action=DECIDE,
    ),
    NotificationType(
        "approval_overdue",
        group="desk",
        to=("coordinator", "secretariat"),
        label=_("A decision is overdue"),
        title=_("[Action required] A decision is overdue: %(name)s"),
        text=_(
            "Programme: %(program)s. Country: %(country)s. It was due on %(date)s. Everybody who acts for this country is notified."
        ),
        action=DECIDE,
        urgent=True,
    ),
    NotificationType(
        "approval_escalated",
        group="desk",
        to=("coordinator", "secretariat"),
        label=_("A country has not decided in time"),
        title=_("A country has not decided: %(name)s"),
        text=_("Programme: %(program)s. Country: %(country)s. The decision was due on %(date)s."),
        action=SEE,
    ),
    NotificationType(
        "approval_unmanned",
        group="desk",
        to=("coordinator", "secretariat"),
        label=_("Nobody can decide on a placement"),
        title=_("[Action required] Nobody can decide: %(name)s"),
        text=_("Programme: %(program)s. Country: %(country)s has no coordinator who can decide. Please appoint one by %(date)s."),
        action=SEE,
        urgent=True,
    ),
    NotificationType(
        "approval_decided",
        group="desk",
        to=("expert", "host", "coordinator", "secretariat"),
        label=_("One country has approved"),
        title=_("A country has approved: %(name)s"),
        text=_("Programme: %(program)s. Country: %(country)s. The other country has not decided yet."),
        action=SEE,
    ),
    NotificationType(
        "placement_confirmed",
        group="desk",
        to=("expert", "host", "coordinator", "secretariat"),
        label=_("A placement is confirmed"),
        title=_("The placement is confirmed: %(name)s"),
        text=_(
            "Programme: %(program)s. Host institution: %(institution)s. From %(starts)s to %(ends)s. The invitation letter can be downloaded."
        ),
        action=SEE,
    ),
    NotificationType(
        "placement_returned",
        group="desk",
        to=("expert", "host", "coordinator", "secretariat"),
        label=_("A placement is returned for revision"),
        title=_("[Action required] Returned for revision: %(name)s"),
        text=_("Programme: %(program)s. Country: %(country)s. Reason: %(reason)s. %(note)s"),
        action=pgettext_lazy("button in an e-mail", "Revise and send again"),
        urgent=True,
    ),
    NotificationType(
        "placement_rejected",
        group="desk",
        to=("expert", "host", "coordinator", "secretariat"),
        label=_("A placement is not approved"),
        title=_("The placement is not approved: %(name)s"),
        text=_("Programme: %(program)s. Country: %(country)s. Reason: %(reason)s. %(note)s"),
        action=SEE,
    ),
    NotificationType(
        "placement_cancelled",
        group="desk",
        to=("expert", "host", "coordinator", "secretariat"),
        label=_("A placement is cancelled"),
        title=_("The placement is cancelled: %(name)s"),
        text=_("Programme: %(program)s. Host institution: %(institution)s. %(note)s"),
        action=SEE,
    ),
    NotificationType(
        "placement_taken_back",
        label=_("An approval, a cancellation or an acceptance is taken back"),
        title=_("%(what)s: %(name)s"),
        text=_("Programme: %(program)s. Host institution: %(institution)s."),
        action=SEE,
    ),
)

LINES = (
    ("placement.created", _("The placement is waiting for approval by the countries")),
    ("placement.approved", _("A country has approved: %(country)s")),
    ("placement.returned", _("Returned for revision: %(country)s")),
    ("placement.rejected", _("Not approved: %(country)s")),
    ("placement.resubmitted", _("Revised and sent again for approval")),
    ("placement.confirmed", _("The placement is confirmed")),
    ("placement.cancelled", _("The placement was cancelled")),
    ("placement.approval_taken_back", _("The approval was taken back")),
    ("placement.cancel_taken_back", _("The cancellation was taken back")),
)
register_notification_types(*NOTIFICATION_TYPES)
register_event_lines(LINES)
