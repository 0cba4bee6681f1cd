"""Every transition of an application by its name: the one entry point for the pages and the API."""

from collections.abc import Callable

from accounts.models import User
from applications.domain import decisions, drafts, offers, submissions
from applications.models import Application

Action = Callable[[Application, User, str, str], Application]

ACTIONS: dict[str, Action] = {
    "submit": lambda application, by, reason, note: submissions.submit_application(application, by=by),
    "withdraw": lambda application, by, reason, note: submissions.withdraw(application, by=by, note=note),
    "reopen": lambda application, by, reason, note: drafts.reopen(application, by=by),
    "shortlist": lambda application, by, reason, note: decisions.shortlist(application, by=by, note=note),
    "waitlist": lambda application, by, reason, note: decisions.waitlist(application, by=by, note=note),
    "reject": lambda application, by, reason, note: decisions.reject(application, by=by, reason=reason, note=note),
    "reconsider": lambda application, by, reason, note: decisions.reconsider(application, by=by, note=note),
    "select": lambda application, by, reason, note: offers.select_application(application, by=by, note=note),
    "accept": lambda application, by, reason, note: offers.accept_offer(application, by=by),
    "decline": lambda application, by, reason, note: offers.decline_offer(application, by=by, reason=reason, note=note),
    "take_back_offer": lambda application, by, reason, note: offers.take_back_offer(application, by=by),
    "take_back_acceptance": lambda application, by, reason, note: offers.take_back_acceptance(application, by=by),
}
"""Transitions made by users; those of the system (promote, expire, release) have no URL."""


def make_transition(application: Application, name: str, *, by: User, reason: str = "", note: str = "") -> Application:
    """Make the transition `name`; raises KeyError for one that users do not make, else what its action raises."""
    return ACTIONS[name](application, by, reason, note)
