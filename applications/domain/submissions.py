"""Submitting and withdrawing an application."""

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from applications.domain.drafts import Typed, require_eligible, take_in
from applications.domain.locks import is_duplicate_request, lock_application, lock_with_program, require_not_blocked
from applications.domain.notifications import host_readers, notify_both, notify_host, post_thread_event
from applications.models import Application
from applications.rules import MAX_NOTE_LENGTH, tidy
from applications.signals import application_submitted
from applications.states import SUBMITTED_ONCE, ApplicationState
from exchange.core.errors import DomainError, StaleError
from exchange.core.transitions import apply_transition, require_transition
from messaging.domain.threads import open_thread
from messaging.models import Thread
from profiles.domain.snapshots import snapshot_of
from programs.domain.answers import check_answers
from programs.states import QuestionKind

MAX_STATEMENT_LENGTH = 6000
RECEIVED = tuple(state for state in SUBMITTED_ONCE if state != ApplicationState.WITHDRAWN)


@transaction.atomic
def submit_application(application: Application, *, by: User, typed: Typed | None = None) -> Application:
    """Submit a draft, with what was `typed` last. Stores the current profile with it, opens the thread with the host, and notifies host
    and expert.

    One transaction. When its owner has submitted the application already, nothing changes and it is returned.
    Refuses with DomainError `closed`, `not-eligible`, `incomplete` or `answers` what the programme does not accept, all checked
    under the programme's lock; StaleError when it was withdrawn, or when `typed` is older than what is saved (`newer-draft`).
    """
    lock_with_program(application)
    require_transition(application, "submit", by)
    if application.state in RECEIVED:
        return application
    if application.state != ApplicationState.DRAFT:
        raise StaleError
    if typed is not None:
        take_in(application, typed)
    prefetch_related_objects([application.program], "quotas", "required_languages", "questions")
    prefetch_related_objects([application.expert], "languages", "windows")
    require_eligible(application.program, application.expert)
    answers = require_complete(application)
    readers = host_readers(application)
    again = application.thread_id is not None
    apply_transition(
        application,
        "submit",
        by=by,
        locked=True,
        statement=application.statement,
        answers=answers,
        version=application.version,
        saved_at=application.saved_at,
        country=application.expert.country,
        snapshot=snapshot_of(application.expert),
        submitted_at=timezone.now(),
        thread=application.thread or _open_thread(application, by, readers),
    )
    if again:
        post_thread_event(application, "submit")
    notify_both(
        application,
        expert="application_submitted",
        host="application_received",
        readers=readers,
        date=application.submitted_at,
    )
    application_submitted.send(Application, application=application)
    return application


def _open_thread(application: Application, by: User, readers: list[int]) -> Thread:
    return open_thread(
        title=application.program.title,
        about_url=application.get_absolute_url(),
        kind=Thread.Kind.APPLICATION,
        people={"host": readers, "expert": [by.pk]},
        line="application.submit",
    )


def require_complete(application: Application) -> dict[str, object]:
    """The answers as they are submitted. Refuses (DomainError `incomplete` or `answers`) what is missing or wrong, naming it."""
    if not application.statement.strip():
        raise DomainError(_("Write your statement before you submit."), code="incomplete")
    if len(application.statement) > MAX_STATEMENT_LENGTH:
        raise DomainError(
            _("The statement is longer than %(most)s characters.") % {"most": MAX_STATEMENT_LENGTH}, code="incomplete"
        )
    return check_answers(application.program, application.answers, uploaded=uploaded_questions(application))


def uploaded_questions(application: Application) -> set[int]:
    """Questions whose file is uploaded already; queries the database only when a question asks for a file."""
    if not any(question.kind == QuestionKind.FILE for question in application.program.questions.all()):
        return set()
    return {pk for pk in application.files.values_list("question_id", flat=True) if pk is not None}


@transaction.atomic
def withdraw(application: Application, *, by: User, note: str = "") -> Application:
    """Withdraw an application, or discard a draft; the host is notified if it was submitted."""
    lock_application(application)
    if is_duplicate_request(application, "withdraw", by):
        return application
    require_not_blocked(application, "withdraw", by)
    was_received = application.state in RECEIVED
    apply_transition(application, "withdraw", by=by, locked=True, note=tidy(note.strip(), MAX_NOTE_LENGTH), waitlisted_at=None)
    if was_received:
        post_thread_event(application, "withdraw")
        notify_host(application, "application_withdrawn")
    return application
