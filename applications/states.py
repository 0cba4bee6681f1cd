"""States and transitions of an application."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.core.transitions import CONFIRM, SYSTEM, Transition, TransitionTable


class ApplicationState(models.TextChoices):
    """The state of an application."""

    DRAFT = "draft", pgettext_lazy("application", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("application", "Submitted")
    SHORTLISTED = "shortlisted", pgettext_lazy("application", "Shortlisted")
    WAITLISTED = "waitlisted", pgettext_lazy("application", "Waitlisted")
    OFFERED = "offered", pgettext_lazy("application", "Offered")
    ACCEPTED = "accepted", pgettext_lazy("application", "Accepted")
    DECLINED = "declined", pgettext_lazy("application", "Declined")
    EXPIRED = "expired", pgettext_lazy("application", "Offer expired")
    REJECTED = "rejected", pgettext_lazy("application", "Rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "Withdrawn")
    RELEASED = "released", pgettext_lazy("application", "Not approved")


S = ApplicationState
WITH_HOST = (S.SUBMITTED, S.SHORTLISTED, S.WAITLISTED)
"""The host has not decided, or may change the decision."""
HOLDING_SEAT = (S.OFFERED, S.ACCEPTED)
"""An application in one of these states takes one place of its programme."""
SUBMITTED_ONCE = tuple(state for state in S if state != S.DRAFT)
"""States in which the host may see the application."""

REVIEWED = WITH_HOST
"""States in which reviewers score."""

EXPERT = ("expert",)
HOST = ("owner", "editor")

NOTIFIED = _("Everybody concerned is notified at once.")

REJECTION_REASONS = (
    ("fit", pgettext_lazy("reason of rejection", "The profile does not fit this programme")),
    ("experience", pgettext_lazy("reason of rejection", "More experience is needed")),
    ("language", pgettext_lazy("reason of rejection", "The language level is not enough")),
    ("incomplete", pgettext_lazy("reason of rejection", "The application is incomplete")),
    ("places", pgettext_lazy("reason of rejection", "No places left")),
    ("other", pgettext_lazy("reason of rejection", "Another reason")),
)

DECLINE_REASONS = (
    ("dates", pgettext_lazy("reason of an applicant", "The dates do not work for me")),
    ("funding", pgettext_lazy("reason of an applicant", "I cannot afford it")),
    ("employer", pgettext_lazy("reason of an applicant", "My employer does not agree")),
    ("elsewhere", pgettext_lazy("reason of an applicant", "I am going to another programme")),
    ("other", pgettext_lazy("reason of an applicant", "Another reason")),
)

APPLICATION_TRANSITIONS = TransitionTable(
    (
        Transition(
            "submit",
            (S.DRAFT,),
            S.SUBMITTED,
            by=EXPERT,
            label=pgettext_lazy("button", "Submit application"),
            done=_("Application submitted"),
            form=True,
        ),
        Transition(
            "select",
            WITH_HOST,
            S.OFFERED,
            by=HOST,
            label=pgettext_lazy("button", "Offer a place"),
            done=_("A place was offered"),
            note_offered=True,
            confirm=CONFIRM,
        ),
        Transition(
            "shortlist",
            (S.SUBMITTED, S.WAITLISTED),
            S.SHORTLISTED,
            by=HOST,
            label=pgettext_lazy("button", "Shortlist"),
            done=_("Shortlisted"),
        ),
        Transition(
            "waitlist",
            (S.SUBMITTED, S.SHORTLISTED),
            S.WAITLISTED,
            by=HOST,
            label=pgettext_lazy("button", "Put on the waitlist"),
            done=_("Put on the waitlist"),
        ),
        Transition(
            "reject",
            WITH_HOST,
            S.REJECTED,
            by=HOST,
            label=pgettext_lazy("button", "Reject"),
            done=_("Rejected"),
            tone="danger",
            reasons=REJECTION_REASONS,
        ),
        Transition(
            "reconsider",
            (S.REJECTED, S.EXPIRED),
            S.SUBMITTED,
            by=HOST,
            label=pgettext_lazy("button", "Reconsider"),
            done=_("Reconsidered"),
        ),
        Transition(
            "promote",
            (S.WAITLISTED,),
            S.OFFERED,
            by=(SYSTEM,),
            label=_("Offer a place"),
            done=_("A place became free and was offered"),
        ),
        Transition(
            "accept",
            (S.OFFERED,),
            S.ACCEPTED,
            by=EXPERT,
            label=pgettext_lazy("button", "Accept offer"),
            done=_("Offer accepted"),
            tone="success",
            confirm=CONFIRM,
        ),
        Transition(
            "decline",
            (S.OFFERED,),
            S.DECLINED,
            by=EXPERT,
            label=pgettext_lazy("applicant's button", "Decline"),
            done=_("Offer declined"),
            tone="danger",
            reasons=DECLINE_REASONS,
        ),
        Transition(
            "expire",
            (S.OFFERED,),
            S.EXPIRED,
            by=(SYSTEM,),
            label=_("Let the offer expire"),
            done=_("The offer expired without an answer"),
        ),
        Transition(
            "withdraw",
            (*WITH_HOST, S.DRAFT),
            S.WITHDRAWN,
            by=EXPERT,
            label=pgettext_lazy("button", "Withdraw application"),
            done=_("Application withdrawn"),
            tone="danger",
            note_offered=True,
        ),
        Transition(
            "reopen",
            (S.WITHDRAWN,),
            S.DRAFT,
            by=EXPERT,
            label=pgettext_lazy("applicant's button, after a withdrawal", "Start again"),
            done=_("Reopened as a draft"),
        ),
        Transition(
            "release",
            (S.ACCEPTED,),
            S.RELEASED,
            by=(SYSTEM,),
            label=_("Release the place"),
            done=_("The placement was not approved; the place is free again"),
        ),
        Transition(
            "take_back_offer",
            (S.OFFERED,),
            S.SUBMITTED,
            by=HOST,
            label=pgettext_lazy("button", "Take the offer back"),
            done=_("The offer was taken back"),
            tone="danger",
            confirm=NOTIFIED,
            takes_back=("select", "promote"),
            other_targets=(S.SHORTLISTED, S.WAITLISTED),
        ),
        Transition(
            "take_back_acceptance",
            (S.ACCEPTED,),
            S.OFFERED,
            by=EXPERT,
            label=pgettext_lazy("button", "Take the acceptance back"),
            done=_("The acceptance was taken back"),
            tone="danger",
            confirm=NOTIFIED,
            takes_back=("accept",),
        ),
        Transition(
            "restore",
            (S.RELEASED,),
            S.ACCEPTED,
            by=(SYSTEM,),
            label=_("The cancellation was taken back"),
            done=_("The cancellation was taken back"),
        ),
    )
)
