"""States of an uploaded table of experts."""

from django.db import models
from django.utils.translation import pgettext_lazy

from exchange.core.transitions import Transition, TransitionTable


class ImportState(models.TextChoices):
    """States of an uploaded table."""

    CHECKING = "checking", pgettext_lazy("import of a table", "Being checked")
    ASKING = "asking", pgettext_lazy("import of a table", "Questions about its columns")
    READY = "ready", pgettext_lazy("import of a table", "Checked")
    IMPORTING = "importing", pgettext_lazy("import of a table", "Being imported")
    DONE = "done", pgettext_lazy("import of a table", "Imported")
    REFUSED = "refused", pgettext_lazy("import of a table", "Not imported")
    CANCELLED = "cancelled", pgettext_lazy("import of a table", "Cancelled")

    @classmethod
    def working(cls) -> "list[str]":
        """States in which a job works on it."""
        return [cls.CHECKING, cls.IMPORTING]


IMPORT_TRANSITIONS = TransitionTable(
    (
        Transition(
            "pass_check",
            (ImportState.CHECKING,),
            ImportState.READY,
            by=("system",),
            label=pgettext_lazy("import of a table", "Checked"),
            done=pgettext_lazy("import of a table", "Checked"),
        ),
        Transition(
            "ask",
            (ImportState.CHECKING,),
            ImportState.ASKING,
            by=("system",),
            label=pgettext_lazy("import of a table", "Questions about its columns"),
            done=pgettext_lazy("import of a table", "Questions about its columns"),
        ),
        Transition(
            "answer",
            (ImportState.ASKING, ImportState.READY),
            ImportState.CHECKING,
            by=("importer",),
            label=pgettext_lazy("button", "Check the table"),
            done=pgettext_lazy("import of a table", "Being checked"),
        ),
        Transition(
            "refuse",
            (ImportState.CHECKING, ImportState.IMPORTING),
            ImportState.REFUSED,
            by=("system",),
            label=pgettext_lazy("import of a table", "Not imported"),
            done=pgettext_lazy("import of a table", "Not imported"),
        ),
        Transition(
            "confirm",
            (ImportState.READY,),
            ImportState.IMPORTING,
            by=("importer",),
            label=pgettext_lazy("button", "Import"),
            done=pgettext_lazy("import of a table", "Confirmed"),
        ),
        Transition(
            "finish",
            (ImportState.IMPORTING,),
            ImportState.DONE,
            by=("system",),
            label=pgettext_lazy("import of a table", "Imported"),
            done=pgettext_lazy("import of a table", "Imported"),
        ),
        Transition(
            "cancel",
            (ImportState.ASKING, ImportState.READY),
            ImportState.CANCELLED,
            by=("importer",),
            label=pgettext_lazy("button", "Cancel"),
            done=pgettext_lazy("import of a table", "Cancelled"),
        ),
        Transition(
            "expire",
            (ImportState.ASKING, ImportState.READY),
            ImportState.CANCELLED,
            by=("system",),
            label=pgettext_lazy("import of a table", "Cancelled"),
            done=pgettext_lazy("import of a table", "Cancelled"),
        ),
    )
)
