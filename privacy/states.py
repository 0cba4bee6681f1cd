"""States of an archive of personal data."""

from django.db import models
from django.utils.translation import pgettext_lazy

from exchange.core.transitions import Transition, TransitionTable


class ExportState(models.TextChoices):
    """States of an archive of personal data."""

    WORKING = "working", pgettext_lazy("archive of my data", "Being created")
    READY = "ready", pgettext_lazy("archive of my data", "Ready")
    FAILED = "failed", pgettext_lazy("archive of my data", "Could not be created")
    EXPIRED = "expired", pgettext_lazy("archive of my data", "Deleted")


EXPORT_TRANSITIONS = TransitionTable(
    (
        Transition(
            "finish",
            (ExportState.WORKING,),
            ExportState.READY,
            by=("system",),
            label=pgettext_lazy("archive of my data", "Ready"),
            done=pgettext_lazy("archive of my data", "Ready"),
        ),
        Transition(
            "fail",
            (ExportState.WORKING,),
            ExportState.FAILED,
            by=("system",),
            label=pgettext_lazy("archive of my data", "Could not be created"),
            done=pgettext_lazy("archive of my data", "Could not be created"),
        ),
        Transition(
            "expire",
            (ExportState.READY,),
            ExportState.EXPIRED,
            by=("system", "holder"),
            label=pgettext_lazy("button; the archive of my data", "Delete the archive now"),
            done=pgettext_lazy("archive of my data", "Deleted"),
            tone="danger",
        ),
    )
)
