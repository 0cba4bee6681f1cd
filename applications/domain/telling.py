"""Who hears of what: notices and lines in the conversation, all written inside the action's transaction."""

from typing import Any

from applications.models import Application
from applications.states import REJECTION_REASONS
from messaging.domain.notifications import notify
from messaging.domain.threads import post_event
from profiles.domain.institutions import team_ids
from profiles.states import EDITING_ROLES, REVIEWING_ROLES

REASONS = dict(REJECTION_REASONS)


def host_readers(application: Application) -> list[int]:
    """The people of the host who read the application; the applicant is never among them."""
    ids = team_ids(application.program.institution_id, REVIEWING_ROLES)
    return [pk for pk in ids if pk != application.expert.user_id]


def tell_expert(application: Application, kind: str, **data: Any) -> None:
    """One notice to the applicant; once per event, however often the action is retried."""
    if application.expert.user_id is not None:
        notify(
            [application.expert.user_id],
            kind,
            key=_key(application, kind),
            url=application.get_absolute_url(),
            **_facts(application),
            **data,
        )


def tell_host(application: Application, kind: str, *, readers: list[int] | None = None, **data: Any) -> None:
    """One notice to those of the host who decide, or to the given `readers`."""
    if readers is None:
        ids = team_ids(application.program.institution_id, EDITING_ROLES)
        readers = [pk for pk in ids if pk != application.expert.user_id]
    if readers:
        notify(readers, kind, key=_key(application, kind), url=application.get_absolute_url(), **_facts(application), **data)


def mark_thread(application: Application, move: str) -> None:
    """A line in the conversation about what happened, if there is one yet."""
    if application.thread is not None:
        post_event(application.thread, f"application.{move}", {})


def write_words(application: Application, reason: str, note: str) -> None:
    """Keep on the application what the applicant is told with the decision that stands."""
    if (application.reason, application.note) != (reason, note):
        application.reason, application.note = reason, note
        application.save(update_fields=["reason", "note"])


def _facts(application: Application) -> dict[str, Any]:
    return {
        "program": dict(application.program.title),
        "institution": dict(application.program.institution.name),
        "name": application.expert.shown_name or application.expert.latin_name,
    }


def _key(application: Application, kind: str) -> str:
    """Unique per event: a state may come back, never at the same moment."""
    return f"{kind}:{application.pk}:{application.state_since.timestamp():.6f}"
