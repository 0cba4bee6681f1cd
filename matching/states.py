"""Choices of matching: what an expert or a host decided about a proposal, and how far an invitation has come."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Choice(models.TextChoices):
    """What somebody decided about a proposal."""

    SAVED = "saved", pgettext_lazy("choice about a proposal", "Saved")
    DISMISSED = "dismissed", pgettext_lazy("choice about a proposal", "Dismissed")


class DismissReason(models.TextChoices):
    """Why an expert dismissed a programme. The first three lower similar programmes in this expert's list alone."""

    FIELD = "field", pgettext_lazy("reason to dismiss a programme", "Not my field")
    KIND = "kind", pgettext_lazy("reason to dismiss a programme", "Not this kind of programme")
    COUNTRY = "country", pgettext_lazy("reason to dismiss a programme", "Not this country")
    DATES = "dates", pgettext_lazy("reason to dismiss a programme", "The dates do not work for me")
    OTHER = "other", pgettext_lazy("reason to dismiss a programme", "Another reason")


class InvitationState(models.TextChoices):
    """How far an invitation has come; each follows from what the invited person did."""

    INVITED = "invited", pgettext_lazy("state of an invitation", "Invited")
    OPENED = "opened", pgettext_lazy("state of an invitation", "Opened")
    APPLIED = "applied", pgettext_lazy("state of an invitation", "Applied")
    DECLINED = "declined", pgettext_lazy("state of an invitation", "Declined")
