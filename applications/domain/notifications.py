"""Who hears of what: notices and lines in the conversation, all written inside the action's transaction."""

from collections.abc import Sequence
from typing import Any

from applications.models import Application
from applications.states import REJECTION_REASONS
from messaging.domain.notifications import NotificationRequest, notify_all
from messaging.domain.threads import post_event
from profiles.domain.institutions import team_ids
from profiles.states import EDITING_ROLES, REVIEWING_ROLES

REASONS = dict(REJECTION_REASONS)


def host_readers(application: Application) -> list[int]:
    """The people of the host who read the application; the applicant is never among them."""
    ids = team_ids(application.program.institution_id, REVIEWING_ROLES)
    return [pk for pk in ids if pk != application.expert.user_id]


def notify_expert(application: Application, kind: str, **data: Any) -> None:
    """One notice to the applicant; once per event, however often the action is retried."""
    notify_all([_notification(application, kind, [application.expert.user_id], data)])


def notify_host(application: Application, kind: str, **data: Any) -> None:
    """One notice to those of the host who decide."""
    ids = team_ids(application.program.institution_id, EDITING_ROLES)
    notify_all([_notification(application, kind, [pk for pk in ids if pk != application.expert.user_id], data)])


def notify_both(application: Application, *, expert: str, host: str, readers: list[int], **data: Any) -> None:
    """A notice to the applicant and one to `readers` of the host, in one statement."""
    notify_all(
        [_notification(application, expert, [application.expert.user_id], data), _notification(application, host, readers, data)]
    )


def post_thread_event(application: Application, transition: str) -> None:
    """A line in the conversation about what happened, if there is one yet."""
    if application.thread is not None:
        post_event(application.thread, f"application.{transition}", {})


def write_words(application: Application, reason: str, note: str) -> None:
    """Keep on the application what the applicant is told with the decision that stands."""
    if (application.reason, application.note) != (reason, note):
        application.reason, application.note = reason, note
        application.save(update_fields=["reason", "note"])


def _notification(application: Application, kind: str, user_ids: Sequence[int | None], data: dict[str, Any]) -> NotificationRequest:
    facts = {
        "program": dict(application.program.title),
        "institution": dict(application.program.institution.name),
        "name": application.expert.shown_name or application.expert.latin_name,
    }
    # Unique per event: a state may come back, never at the same moment.
    key = f"{kind}:{application.pk}:{application.state_since.timestamp():.6f}"
    known = [pk for pk in user_ids if pk is not None]
    return NotificationRequest(known, kind, key, application.get_absolute_url(), facts | data)
