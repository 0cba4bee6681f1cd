"""The timeline of an application: what was done, the current step, what comes next. All sides see the same steps."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from applications.domain.decisions import waitlist_position
from applications.models import Application
from applications.states import APPLICATION_TRANSITIONS, HOLDING_SEAT, WITH_HOST, ApplicationState
from exchange.core.date_format import write_date, write_moment
from exchange.core.history import history_of
from exchange.core.hooks import Hook

S = ApplicationState


@dataclass(frozen=True)
class Step:
    """One step, as the component draws it: `state` is done, now, stopped, or empty for a later step."""

    title: str
    state: str = ""
    note: str = ""
    at: datetime.datetime | None = None
    url: str = ""


later_steps: Hook[Callable[[Application], list[Step] | None]] = Hook("later steps")
"""Functions that return the steps after an accepted offer, or None when they have none for this application."""


def timeline_of(application: Application) -> list[Step]:
    """The steps of an application: those of its history, what is expected now and of whom, and the later steps."""
    return [*_done(application), *_now(application), *_coming(application)]


def _done(application: Application) -> list[Step]:
    steps = []
    for row in history_of(application):
        if row.transition in APPLICATION_TRANSITIONS:
            transition = APPLICATION_TRANSITIONS[row.transition]
            steps.append(Step(str(transition.done), "stopped" if transition.target in _ENDED_BADLY else "done", at=row.at))
    return steps


_ENDED_BADLY = (S.REJECTED, S.WITHDRAWN, S.DECLINED, S.EXPIRED, S.RELEASED)


def _now(application: Application) -> list[Step]:
    current_steps = _NOW.get(ApplicationState(application.state))
    return current_steps(application) if current_steps else []


def _finishing(application: Application) -> list[Step]:
    closes = application.program.deadline
    note = _("until %(date)s") % {"date": write_moment(closes, application.program.zone, long=False)} if closes else ""
    return [Step(_("You finish your application and submit it"), "now", note)]


def _reading(application: Application) -> list[Step]:
    written = application.review_count
    note = pgettext("step of an application", "reviews written: %(count)s") % {"count": written} if written else ""
    return [Step(_("The host reviews and decides"), "now", note)]


def _queueing(application: Application) -> list[Step]:
    note = _("Your position: %(position)s") % {"position": waitlist_position(application)}
    return [Step(_("You wait for a place to become free"), "now", note)]


def _answering(application: Application) -> list[Step]:
    expires = application.offer_expires_at
    note = _("until %(date)s") % {"date": write_date(expires)} if expires else ""
    return [Step(_("You answer the offer"), "now", note)]


def _approving(application: Application) -> list[Step]:
    """The steps that apps higher in the layers add; without them, the steps that always follow."""
    for source in later_steps.all():
        steps = source(application)
        if steps is not None:
            return steps
    return [Step(_("The coordinators of both countries approve"), "now"), _letter()]


_NOW = {
    S.DRAFT: _finishing,
    S.SUBMITTED: _reading,
    S.SHORTLISTED: _reading,
    S.WAITLISTED: _queueing,
    S.OFFERED: _answering,
    S.ACCEPTED: _approving,
}


def _coming(application: Application) -> list[Step]:
    state = application.state
    steps = []
    if state == S.DRAFT:
        steps.append(Step(_("The host reviews and decides")))
    if state == S.DRAFT or state in WITH_HOST:
        steps.append(Step(_("A place is offered, and you answer")))
    if state in (S.DRAFT, *WITH_HOST) or (state in HOLDING_SEAT and state != S.ACCEPTED):
        steps.append(Step(_("The coordinators of both countries approve")))
        steps.append(_letter())
    return steps


def _letter() -> Step:
    return Step(_("Invitation letter and visa"), note=_("the documents open once both countries have approved"))


def days_left(application: Application) -> str:
    """How long an open offer may still be answered, as text."""
    if application.state != S.OFFERED or application.offer_expires_at is None:
        return ""
    days = (application.offer_expires_at - timezone.now()).days
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days} if days > 0 else _("the last day")


def events_of(application: Application) -> list[dict[str, Any]]:
    """The history for those who decide: what, when, by whom, with which reason and note."""
    return [
        {
            "title": str(APPLICATION_TRANSITIONS[row.transition].done),
            "at": row.at,
            "who": str(row.actor) if row.actor else "",
            "reason": str(dict(APPLICATION_TRANSITIONS[row.transition].reasons).get(row.reason, row.reason)),
            "note": row.note,
        }
        for row in history_of(application)
        if row.transition in APPLICATION_TRANSITIONS
    ]
