"""Notification types of applications: the text of each on the site and by e-mail, and the events that are shown in the thread."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from messaging.notification_types import NotificationType, register_event_lines, register_notification_types

READ_IT = pgettext_lazy("button in an e-mail", "Read the application")
SEE_MINE = pgettext_lazy("button in an e-mail", "See my application")

NOTIFICATION_TYPES = (
    NotificationType(
        "application_received",
        group="host",
        to=("host",),
        label=_("New applications"),
        title=_("New application: %(name)s"),
        text=_("Programme: %(program)s. Submitted on %(date)s."),
        action=READ_IT,
    ),
    NotificationType(
        "application_withdrawn",
        group="host",
        to=("host",),
        label=_("Withdrawn applications"),
        title=_("Application withdrawn: %(name)s"),
        text=_("Programme: %(program)s."),
        action=READ_IT,
    ),
    NotificationType(
        "application_submitted",
        group="mine",
        to=("expert",),
        label=_("Confirmation that my application was received"),
        title=_("Your application was received: %(program)s"),
        text=_(
            "%(institution)s has received your application. This is a confirmation of receipt, not a decision: you will be "
            "notified of the decision."
        ),
        action=SEE_MINE,
    ),
    NotificationType(
        "application_shortlisted",
        group="mine",
        to=("expert",),
        label=_("I am on a shortlist"),
        title=_("You are on the shortlist: %(program)s"),
        text=_("%(institution)s has put your application on the shortlist. You do not need to do anything now."),
        action=SEE_MINE,
    ),
    NotificationType(
        "application_waitlisted",
        group="mine",
        to=("expert",),
        label=_("I am on a waitlist"),
        title=_("You are on the waitlist: %(program)s"),
        text=_("Your position is %(position)s. If a place becomes free, it will be offered to you automatically."),
        action=SEE_MINE,
    ),
    NotificationType(
        "application_rejected",
        group="mine",
        to=("expert",),
        label=_("My application was not chosen"),
        title=_("Decision on your application: %(program)s"),
        text=_("%(institution)s has not chosen your application this time. Reason: %(reason)s. %(note)s"),
        action=SEE_MINE,
    ),
    NotificationType(
        "application_reconsidered",
        group="mine",
        to=("expert",),
        label=_("My application is being reconsidered"),
        title=_("Your application is being reconsidered: %(program)s"),
        text=_("%(institution)s is reconsidering your application. You do not need to do anything now."),
        action=SEE_MINE,
    ),
    NotificationType(
        "offer_made",
        group="mine",
        to=("expert",),
        label=_("A place is offered to me"),
        title=_("[Action required] A place is offered to you: %(program)s"),
        text=_(
            "%(institution)s offers you a place. Accept or decline by %(date)s; after that the place goes to the next applicant."
        ),
        action=pgettext_lazy("button in an e-mail", "Answer the offer"),
        urgent=True,
    ),
    NotificationType(
        "offer_promoted",
        group="mine",
        to=("expert",),
        label=_("A place is offered to me from the waitlist"),
        title=_("[Action required] A place became free for you: %(program)s"),
        text=_(
            "A place has become free and you are next on the waitlist. Accept or decline by %(date)s; after that it goes "
            "to the next applicant."
        ),
        action=pgettext_lazy("button in an e-mail", "Answer the offer"),
        urgent=True,
    ),
    NotificationType(
        "applicant_promoted",
        group="host",
        to=("host",),
        label=_("Offers made from the waitlist"),
        title=_("Offered from the waitlist: %(name)s"),
        text=_("A place became free and was offered automatically. Programme: %(program)s. To be answered by %(date)s."),
        action=READ_IT,
    ),
    NotificationType(
        "offer_accepted",
        group="host",
        to=("host",),
        label=_("Accepted offers"),
        title=_("Offer accepted: %(name)s"),
        text=_("Programme: %(program)s. The coordinators of both countries are asked for their approval now."),
        action=READ_IT,
    ),
    NotificationType(
        "offer_declined",
        group="host",
        to=("host",),
        label=_("Declined offers"),
        title=_("Offer declined: %(name)s"),
        text=_("Programme: %(program)s. The place is free again."),
        action=READ_IT,
    ),
    NotificationType(
        "offer_expired",
        group="host",
        to=("host",),
        label=_("Offers not answered in time"),
        title=_("Offer not answered in time: %(name)s"),
        text=_("Programme: %(program)s. The place is free again."),
        action=READ_IT,
    ),
    NotificationType(
        "my_offer_expired",
        group="mine",
        to=("expert",),
        label=_("My offer has expired"),
        title=_("The time to answer has run out: %(program)s"),
        text=_("The offered place goes to the next applicant. If you still want to come, write to the host in the conversation."),
        action=SEE_MINE,
    ),
    NotificationType(
        "program_cancelled",
        group="mine",
        to=("expert",),
        label=_("A programme I applied to is cancelled"),
        title=_("Programme cancelled: %(program)s"),
        text=_("%(institution)s has cancelled this programme. Your application stays in your list for your records."),
        action=SEE_MINE,
    ),
    NotificationType(
        "taken_back",
        label=_("An offer or an acceptance is taken back"),
        title=_("%(what)s: %(program)s"),
        text=_("%(name)s · %(institution)s"),
        action=READ_IT,
    ),
)

LINES = (
    ("application.submit", _("The application was submitted")),
    ("application.withdraw", _("The application was withdrawn")),
    ("application.shortlist", _("The application is on the shortlist")),
    ("application.waitlist", _("The application is on the waitlist")),
    ("application.reject", _("The host made a decision")),
    ("application.reconsider", _("The application is being reconsidered")),
    ("application.select", _("An offer was made")),
    ("application.promote", _("A place became free and was offered")),
    ("application.accept", _("The offer was accepted")),
    ("application.decline", _("The offer was declined")),
    ("application.expire", _("The offer expired without an answer")),
    ("application.release", _("The place was released")),
    ("application.take_back_offer", _("The offer was taken back")),
    ("application.take_back_acceptance", _("The acceptance was taken back")),
)
register_notification_types(*NOTIFICATION_TYPES)
register_event_lines(LINES)
