"""Notifications about applications and events in their threads: who is notified of what, all in the transaction of the action."""

from collections.abc import Sequence
from typing import Any

from accounts.states import EDITING_ROLES, REVIEWING_ROLES
from applications.models import Application
from applications.states import REJECTION_REASONS
from institutions.domain.queries import team_ids
from messaging.domain.notifications import NotificationRequest, notify_all
from messaging.domain.threads import post_event

REASONS = dict(REJECTION_REASONS)


def host_readers(application: Application) -> list[int]:
    """The people of the host who read the application; the applicant is never among them."""
    ids = team_ids(application.program.institution_id, REVIEWING_ROLES)
    return [pk for pk in ids if pk != application.expert.user_id]


def notify_expert(application: Application, kind: str, **data: Any) -> None:
    """Notify the applicant, once per event, however often the action is retried."""
    notify_all([_notification(application, kind, [application.expert.user_id], data)])


def notify_host(application: Application, kind: str, **data: Any) -> None:
    """Notify the host's owners and editors."""
    ids = team_ids(application.program.institution_id, EDITING_ROLES)
    notify_all([_notification(application, kind, [pk for pk in ids if pk != application.expert.user_id], data)])


def notify_both(application: Application, *, expert: str, host: str, readers: list[int], **data: Any) -> None:
    """Notify the applicant and the `readers` of the host, in one query."""
    notify_all(
        [_notification(application, expert, [application.expert.user_id], data), _notification(application, host, readers, data)]
    )


def post_thread_event(application: Application, transition: str) -> None:
    """Add a line about the transition to the thread, if there is a thread."""
    if application.thread is not None:
        post_event(application.thread, f"application.{transition}", {})


def store_decision_note(application: Application, reason: str, note: str) -> None:
    """Store the reason and the note that the applicant reads with the current decision."""
    if (application.reason, application.note) != (reason, note):
        application.reason, application.note = reason, note
        application.save(update_fields=["reason", "note"])


def _notification(application: Application, kind: str, user_ids: Sequence[int | None], data: dict[str, Any]) -> NotificationRequest:
    facts = {
        "program": dict(application.program.title),
        "institution": dict(application.program.institution.name),
        "name": application.expert.shown_name or application.expert.latin_name,
    }
    # Unique per event: a state may recur, but never at the same moment.
    key = f"{kind}:{application.pk}:{application.state_since.timestamp():.6f}"
    known = [pk for pk in user_ids if pk is not None]
    return NotificationRequest(known, kind, key, application.get_absolute_url(), facts | data)
