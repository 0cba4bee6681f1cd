"""Locks an application before it is changed, and recognises a duplicate request.

Locks are taken in one order everywhere: the programme, the application, the placement, the thread.
"""

from typing import Any

from django.db import OperationalError
from django.utils.translation import gettext_lazy as _
from psycopg.errors import LockNotAvailable

from applications.models import Application
from exchange.core.errors import DomainError
from exchange.core.history import history_of
from exchange.core.transitions import require_transition
from programs.domain.seats import lock_program


def lock_application(application: Application) -> Application:
    """Read this same instance again under its row's lock, with its programme, host and expert."""
    rows = Application.objects.select_for_update(of=("self",)).select_related(
        "program__institution", "expert__affiliation", "thread"
    )
    application.refresh_from_db(from_queryset=rows)
    return application


def lock_with_program(application: Application) -> Application:
    """As `lock_application`, after the lock of the programme, so that only one transaction at a time counts its places. DomainError `busy` after 8 s."""
    try:
        lock_program(application.program_id)
        return lock_application(application)
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        words = _("Many people are answering at this moment. Nothing was changed; try again in a few seconds.")
        raise DomainError(words, code="busy", status=503) from error


def is_duplicate_request(application: Application, name: str, by: Any) -> bool:
    """Whether the last entry of the history is this transition by this user: a double click or a repeated request."""
    if application.state not in application.transitions[name].targets or by is None:
        return False
    last = history_of(application).values_list("transition", "actor_id").last()
    return last == (name, by.pk)


def require_not_blocked(application: Application, name: str, by: Any) -> None:
    """The user has the role and the transition is not blocked. Raises Refusal (403) or DomainError with the reason as its text."""
    transition = require_transition(application, name, by)
    blocked_reason = application.blocked_reason(transition, by) if application.state in transition.sources else None
    if blocked_reason:
        raise DomainError(blocked_reason, code="not-now")


def require_reason(application: Application, name: str, reason: str) -> None:
    """Refuse (DomainError `reason-needed`) a reason that the transition's list does not have."""
    if reason not in dict(application.transitions[name].reasons):
        raise DomainError(_("Choose a reason from the list."), code="reason-needed")
