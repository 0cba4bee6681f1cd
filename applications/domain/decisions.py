"""The host's decisions before an offer: shortlist, waitlist, reject, and reopen an application."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from applications.domain.locks import is_duplicate_request, lock_application, require_not_blocked, require_reason
from applications.domain.notifications import REASONS, notify_expert, post_thread_event, store_decision_note
from applications.models import Application
from applications.rules import MAX_NOTE_LENGTH, tidy
from applications.signals import application_decided
from applications.states import ApplicationState
from exchange.core.transitions import apply_transition


@transaction.atomic
def shortlist(application: Application, *, by: User, note: str = "") -> Application:
    """Put on the shortlist and notify the applicant. Refuses when somebody else decided first (StaleError)."""
    return _decide(application, "shortlist", by=by, note=note, kind="application_shortlisted")


@transaction.atomic
def waitlist(application: Application, *, by: User, note: str = "") -> Application:
    """Put at the end of the waitlist and send the applicant their position. Refuses when somebody else decided first (StaleError)."""
    return _decide(application, "waitlist", by=by, note=note, kind="application_waitlisted", waitlisted_at=timezone.now())


@transaction.atomic
def reject(application: Application, *, by: User, reason: str, note: str = "") -> Application:
    """Reject with a reason code and a note, which the applicant reads. Refuses an unknown reason, and when somebody decided first."""
    require_reason(application, "reject", reason)
    return _decide(application, "reject", by=by, reason=reason, note=note, kind="application_rejected")


@transaction.atomic
def reconsider(application: Application, *, by: User, note: str = "") -> Application:
    """Reopen a rejected application, or one whose offer expired, and notify the applicant."""
    return _decide(application, "reconsider", by=by, note=note, kind="application_reconsidered", offer_expires_at=None)


def waitlist_position(application: Application) -> int:
    """The place on the programme's waitlist, from 1; 0 when not on it."""
    if application.state != ApplicationState.WAITLISTED or application.waitlisted_at is None:
        return 0
    ahead = Application.objects.filter(
        program_id=application.program_id, state=ApplicationState.WAITLISTED, waitlisted_at__lt=application.waitlisted_at
    )
    return int(ahead.count()) + 1


def _decide(
    application: Application, name: str, *, by: User, kind: str, reason: str = "", note: str = "", **changes: Any
) -> Application:
    lock_application(application)
    if is_duplicate_request(application, name, by):
        return application
    require_not_blocked(application, name, by)
    note = tidy(note.strip(), MAX_NOTE_LENGTH)
    apply_transition(application, name, by=by, locked=True, reason=reason, note=note, **({"waitlisted_at": None} | changes))
    store_decision_note(application, reason, note)
    extra: dict[str, Any] = {}
    if name == "waitlist":
        extra["position"] = waitlist_position(application)
    if name == "reject":
        extra |= {"reason": REASONS[reason], "note": note}
    notify_expert(application, kind, **extra)
    post_thread_event(application, name)
    application_decided.send(Application, application=application, transition=name)
    return application
