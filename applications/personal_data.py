"""Personal data in applications: what users submitted, and what they wrote about others as reviewers."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from applications.domain.offers import decline_offer
from applications.domain.submissions import withdraw
from applications.models import Application, ApplicationFile, Review
from applications.states import WITH_HOST, ApplicationState
from exchange.core.personal_data import Piece, StoredFile, Table, delete_batch, delete_with_files, row_of
from programs.domain.answers import display_answers

CHUNK = 200
SENT = (
    *("country", "state", "statement", "created_at", "saved_at", "submitted_at", "offer_expires_at", "waitlisted_at"),
    *("reason", "note", "snapshot"),
)
CLOSED = (
    ApplicationState.REJECTED,
    ApplicationState.DECLINED,
    ApplicationState.EXPIRED,
    ApplicationState.RELEASED,
)


def export_applications(user: User) -> Iterator[Piece]:
    """The user's applications with their files, and the reviews the user wrote, without the names of the applicants."""
    mine = Application.objects.filter(expert__user=user).select_related("program__institution").order_by("pk")
    yield Table("applications", (_sent(application) for application in mine.iterator(chunk_size=CHUNK)))
    files = ApplicationFile.objects.filter(application__expert__user=user).order_by("pk")
    yield Table("files", (row_of(row, "application_id", "name", "size", "created_at") for row in files.iterator(chunk_size=CHUNK)))
    reviews = Review.objects.filter(reviewer=user).select_related("application__program").order_by("pk")
    yield Table(
        "reviews_i_wrote",
        (
            row_of(row, "scores", "mean", "comment", "created_at", "updated_at", programme=row.application.program.title)
            for row in reviews.iterator(chunk_size=CHUNK)
        ),
    )
    for stored in files.iterator(chunk_size=CHUNK):
        yield StoredFile(str(stored.file.name), f"{stored.application_id}-{stored.name}")


def _sent(application: Application) -> dict[str, Any]:
    program = application.program
    answers = [
        {"question": str(question.label), "answer": text} for question, text in display_answers(program, application.answers)
    ]
    about = {"id": application.pk, "programme": program.title, "institution": program.institution.name}
    return about | row_of(application, *SENT, answers=answers)


def erase_applications(user: User) -> None:
    """Withdraw open applications, decline offers, delete drafts. Of the others the decisions remain, without texts and files."""
    mine = Application.objects.filter(expert__user=user)
    for application in mine.filter(state=ApplicationState.OFFERED).order_by("program_id", "pk"):
        decline_offer(application, by=user, reason="other")
    for application in mine.filter(state__in=WITH_HOST).order_by("program_id", "pk"):
        withdraw(application, by=user)
    delete_with_files(mine.filter(submitted_at__isnull=True))
    delete_with_files(ApplicationFile.objects.filter(application__in=mine))
    mine.update(statement="", answers={}, snapshot={}, note="")


def end_drafts(before: datetime.datetime, most: int) -> int:
    """Delete drafts that were never submitted and whose programme is closed."""
    over = ~Q(program__state="published") | Q(program__deadline__lt=timezone.now())
    drafts = Application.objects.filter(
        over,
        state__in=[ApplicationState.DRAFT, ApplicationState.WITHDRAWN],
        submitted_at__isnull=True,
        saved_at__lt=before,
        placement__isnull=True,
    )
    return delete_batch(drafts, most)


def end_withdrawn_files(before: datetime.datetime, most: int) -> int:
    withdrawn = ApplicationFile.objects.filter(application__state=ApplicationState.WITHDRAWN, application__state_since__lt=before)
    return delete_batch(withdrawn, most)


def end_closed_files(before: datetime.datetime, most: int) -> int:
    return delete_batch(ApplicationFile.objects.filter(application__state__in=CLOSED, application__state_since__lt=before), most)
