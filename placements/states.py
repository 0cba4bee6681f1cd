"""States and transitions of a placement and of each country's approval."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.core.transitions import CONFIRM, SYSTEM, Transition, TransitionTable


class PlacementState(models.TextChoices):
    """The state of a placement."""

    PENDING = "pending", pgettext_lazy("placement", "Waiting for approval")
    RETURNED = "returned", pgettext_lazy("placement", "Returned for revision")
    CONFIRMED = "confirmed", pgettext_lazy("placement", "Confirmed")
    REJECTED = "rejected", pgettext_lazy("placement", "Rejected")
    CANCELLED = "cancelled", pgettext_lazy("placement", "Cancelled")


P = PlacementState
ALIVE = (P.PENDING, P.RETURNED, P.CONFIRMED)
"""States in which a placement takes a place."""
UNDECIDED = (P.PENDING, P.RETURNED)
"""States in which decisions are open."""


class ApprovalState(models.TextChoices):
    """The decision of one country."""

    WAITING = "waiting", pgettext_lazy("approval", "Waiting")
    APPROVED = "approved", pgettext_lazy("approval", "Approved")
    RETURNED = "returned", pgettext_lazy("approval", "Returned for revision")
    REJECTED = "rejected", pgettext_lazy("approval", "Rejected")


class Reminder(models.IntegerChoices):
    """Which reminder of a waiting approval was sent last."""

    NONE = 0, pgettext_lazy("reminder", "none yet")
    DUE = 1, pgettext_lazy("reminder", "due soon")
    OVERDUE = 2, pgettext_lazy("reminder", "overdue")
    ESCALATED = 3, pgettext_lazy("reminder", "reported to the secretariat")


class Side(models.TextChoices):
    """The side for which a country decides; a country that sends and hosts decides once, as host."""

    SENDING = "sending", pgettext_lazy("side of a placement", "sending country")
    HOST = "host", pgettext_lazy("side of a placement", "host country")


COORDINATOR = ("coordinator",)
NOTIFIED = _("Everybody concerned is notified at once.")

APPROVAL_REASONS = (
    ("documents", pgettext_lazy("reason of a coordinator", "Documents are missing or unclear")),
    ("dates", pgettext_lazy("reason of a coordinator", "The dates do not work")),
    ("employer", pgettext_lazy("reason of a coordinator", "The employer does not agree")),
    ("agreement", pgettext_lazy("reason of a coordinator", "No agreement covers this placement")),
    ("eligibility", pgettext_lazy("reason of a coordinator", "The conditions of the programme are not met")),
    ("other", pgettext_lazy("reason of a coordinator", "Another reason")),
)

PROGRAM_CANCELLED = "program_cancelled"
SYSTEM_REASONS = {PROGRAM_CANCELLED: pgettext_lazy("reason why a placement ended", "The programme was cancelled")}
"""Reasons given by the system."""

APPROVAL_TRANSITIONS = TransitionTable(
    (
        Transition(
            "approve",
            (ApprovalState.WAITING,),
            ApprovalState.APPROVED,
            by=COORDINATOR,
            label=pgettext_lazy("coordinator's button", "Approve"),
            done=_("Approved"),
            tone="success",
            confirm=CONFIRM,
        ),
        Transition(
            "return",
            (ApprovalState.WAITING,),
            ApprovalState.RETURNED,
            by=COORDINATOR,
            label=pgettext_lazy("coordinator's button", "Return for revision"),
            done=_("Returned for revision"),
            reasons=APPROVAL_REASONS,
            note_required=True,
        ),
        Transition(
            "reject",
            (ApprovalState.WAITING,),
            ApprovalState.REJECTED,
            by=COORDINATOR,
            label=pgettext_lazy("coordinator's button", "Reject"),
            done=_("Rejected"),
            tone="danger",
            reasons=APPROVAL_REASONS,
            note_required=True,
        ),
        Transition(
            "ask_again",
            (ApprovalState.RETURNED, ApprovalState.APPROVED),
            ApprovalState.WAITING,
            by=(SYSTEM,),
            label=_("Ask again"),
            done=_("Asked again after revision"),
        ),
        Transition(
            "take_back",
            (ApprovalState.APPROVED,),
            ApprovalState.WAITING,
            by=COORDINATOR,
            label=pgettext_lazy("coordinator's button", "Take the approval back"),
            done=_("The approval was taken back"),
            tone="danger",
            confirm=NOTIFIED,
            takes_back=("approve",),
        ),
    )
)

PLACEMENT_TRANSITIONS = TransitionTable(
    (
        Transition(
            "confirm",
            (P.PENDING,),
            P.CONFIRMED,
            by=(SYSTEM,),
            label=_("Confirm"),
            done=_("Both countries approved: the placement is confirmed"),
        ),
        Transition(
            "return", (P.PENDING,), P.RETURNED, by=(SYSTEM,), label=_("Return for revision"), done=_("Returned for revision")
        ),
        Transition(
            "reject", (P.PENDING, P.RETURNED), P.REJECTED, by=(SYSTEM,), label=_("Reject"), done=_("Rejected by a coordinator")
        ),
        Transition(
            "resubmit",
            (P.RETURNED,),
            P.PENDING,
            by=("expert", "owner", "editor"),
            label=pgettext_lazy("button", "Send again for approval"),
            done=_("Sent again for approval"),
            note_required=True,
            form=True,
        ),
        Transition(
            "cancel",
            (P.PENDING, P.RETURNED, P.CONFIRMED),
            P.CANCELLED,
            by=("expert", "owner", SYSTEM),
            label=pgettext_lazy("placement button", "Cancel the placement"),
            done=_("Cancelled"),
            tone="danger",
            note_required=True,
            confirm=CONFIRM,
        ),
        Transition(
            "take_back_cancel",
            (P.CANCELLED,),
            P.PENDING,
            by=("expert", "owner"),
            label=pgettext_lazy("button", "Take the cancellation back"),
            done=_("The cancellation was taken back"),
            confirm=NOTIFIED,
            takes_back=("cancel",),
            other_targets=(P.RETURNED, P.CONFIRMED),
        ),
        Transition(
            "unconfirm",
            (P.CONFIRMED,),
            P.PENDING,
            by=(SYSTEM,),
            label=pgettext_lazy("coordinator's button", "Take the approval back"),
            done=_("The approval was taken back"),
        ),
        Transition(
            "withdraw",
            (P.PENDING,),
            P.CANCELLED,
            by=(SYSTEM,),
            label=pgettext_lazy("button", "Take the acceptance back"),
            done=_("The acceptance was taken back"),
        ),
        Transition(
            "renew",
            (P.CANCELLED,),
            P.PENDING,
            by=(SYSTEM,),
            label=_("Offer accepted"),
            done=_("Offer accepted"),
        ),
    )
)
