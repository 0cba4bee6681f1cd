"""Verification of an institution, and the kinds of its further names."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.core.transitions import Transition, TransitionTable


class InstitutionState(models.TextChoices):
    """Whether a coordinator of its country has verified an institution; only a verified one may post programmes."""

    UNVERIFIED = "unverified", pgettext_lazy("institution", "Not verified")
    VERIFIED = "verified", pgettext_lazy("institution", "Verified")
    SUSPENDED = "suspended", pgettext_lazy("institution", "Suspended")


class InstitutionNameKind(models.TextChoices):
    """The kind of a further name of an institution."""

    OFFICIAL = "official", pgettext_lazy("kind of name of an institution", "official")
    ALIAS = "alias", pgettext_lazy("kind of name of an institution", "also called")
    SHORT = "short", pgettext_lazy("kind of name of an institution", "short")
    FORMER = "former", pgettext_lazy("kind of name of an institution", "former")


INSTITUTION_TRANSITIONS = TransitionTable(
    (
        Transition(
            "verify",
            (InstitutionState.UNVERIFIED, InstitutionState.SUSPENDED),
            InstitutionState.VERIFIED,
            by=("coordinator", "secretariat"),
            label=pgettext_lazy("button", "Verify"),
            done=_("Verified by the country's coordinator"),
        ),
        Transition(
            "suspend",
            (InstitutionState.VERIFIED,),
            InstitutionState.SUSPENDED,
            by=("coordinator", "secretariat"),
            label=pgettext_lazy("button", "Suspend"),
            done=_("Suspended by the country's coordinator"),
            tone="danger",
            note_required=True,
        ),
    )
)
