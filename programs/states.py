"""States and choices of programmes."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.core.transitions import SYSTEM, Transition, TransitionTable


class ProgramState(models.TextChoices):
    """States of a programme."""

    DRAFT = "draft", pgettext_lazy("programme", "Draft")
    PUBLISHED = "published", pgettext_lazy("programme", "Published")
    CLOSED = "closed", pgettext_lazy("programme", "Closed")
    DECIDED = "decided", pgettext_lazy("programme", "Decided")
    RUNNING = "running", pgettext_lazy("programme", "Running")
    COMPLETED = "completed", pgettext_lazy("programme", "Completed")
    CANCELLED = "cancelled", pgettext_lazy("programme", "Cancelled")


PUBLIC_STATES = (
    ProgramState.PUBLISHED,
    ProgramState.CLOSED,
    ProgramState.DECIDED,
    ProgramState.RUNNING,
    ProgramState.COMPLETED,
    ProgramState.CANCELLED,
)
PLACING_STATES = (ProgramState.PUBLISHED, ProgramState.CLOSED, ProgramState.DECIDED, ProgramState.RUNNING)
"""States in which places may be offered, accepted and confirmed."""


class ProgramKind(models.TextChoices):
    """The kind of a programme."""

    EXCHANGE = "exchange", pgettext_lazy("kind of programme", "Exchange")
    MASTERCLASS = "masterclass", pgettext_lazy("kind of programme", "Masterclass")
    RESIDENCY = "residency", pgettext_lazy("kind of programme", "Residency")
    JOINT_RESEARCH = "joint-research", pgettext_lazy("kind of programme", "Joint research")
    TRAINING = "training", pgettext_lazy("kind of programme", "Training course")
    EXHIBITION_COURIER = "exhibition-courier", pgettext_lazy("kind of programme", "Exhibition courier")
    ARCHIVE_EXCHANGE = "archive-exchange", pgettext_lazy("kind of programme", "Archive exchange")


class Modality(models.TextChoices):
    """On site, online or both."""

    ONSITE = "onsite", pgettext_lazy("modality", "On site")
    HYBRID = "hybrid", pgettext_lazy("modality", "Hybrid")
    ONLINE = "online", pgettext_lazy("modality", "Online")


class QuestionKind(models.TextChoices):
    """The type of an answer."""

    SHORT = "short", pgettext_lazy("kind of question", "Short text")
    LONG = "long", pgettext_lazy("kind of question", "Long text")
    NUMBER = "number", pgettext_lazy("kind of question", "Number")
    DATE = "date", pgettext_lazy("kind of question", "Date")
    YES_NO = "yes_no", pgettext_lazy("kind of question", "Yes or no")
    ONE_OF = "one_of", pgettext_lazy("kind of question", "One of several")
    SOME_OF = "some_of", pgettext_lazy("kind of question", "Any of several")
    FILE = "file", pgettext_lazy("kind of question", "File")


HOST = ("owner", "editor")

PROGRAM_TRANSITIONS = TransitionTable(
    (
        Transition(
            "publish",
            (ProgramState.DRAFT,),
            ProgramState.PUBLISHED,
            by=HOST,
            label=pgettext_lazy("button", "Publish"),
            done=_("Published"),
        ),
        Transition(
            "close",
            (ProgramState.PUBLISHED,),
            ProgramState.CLOSED,
            by=(*HOST, SYSTEM),
            label=pgettext_lazy("programme button", "Close applications"),
            done=_("Closed to applications"),
        ),
        Transition(
            "reopen",
            (ProgramState.CLOSED,),
            ProgramState.PUBLISHED,
            by=HOST,
            label=pgettext_lazy("programme button", "Open again"),
            done=_("Opened again"),
        ),
        Transition(
            "conclude",
            (ProgramState.CLOSED,),
            ProgramState.DECIDED,
            by=HOST,
            label=pgettext_lazy("programme button", "Conclude the selection"),
            done=_("Selection concluded"),
        ),
        Transition(
            "start",
            (ProgramState.CLOSED, ProgramState.DECIDED),
            ProgramState.RUNNING,
            by=(*HOST, SYSTEM),
            label=pgettext_lazy("programme button", "Start"),
            done=_("Started"),
        ),
        Transition(
            "complete",
            (ProgramState.RUNNING,),
            ProgramState.COMPLETED,
            by=(*HOST, SYSTEM),
            label=pgettext_lazy("programme button", "Complete"),
            done=_("Completed"),
        ),
        Transition(
            "cancel",
            (ProgramState.DRAFT, ProgramState.PUBLISHED, ProgramState.CLOSED, ProgramState.DECIDED),
            ProgramState.CANCELLED,
            by=HOST,
            label=pgettext_lazy("programme button", "Cancel the programme"),
            done=_("Cancelled"),
            tone="danger",
            note_required=True,
        ),
    )
)
