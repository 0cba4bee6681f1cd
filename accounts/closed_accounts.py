"""A user who has just logged in to an account that is closed because its deletion was requested: stored in the session."""

import time

from django.http import HttpRequest

from accounts.domain.removals import pending_removal
from accounts.models import AccountRemoval, User

SESSION_KEY = "holder_of_closed_account"
PROOF_SECONDS = 900


def open_closed_account(request: HttpRequest, user: User) -> None:
    """Store in the session, for a quarter of an hour, that the log-in was correct."""
    request.session[SESSION_KEY] = [user.pk, int(time.time())]


def removal_of_closed_account(request: HttpRequest) -> AccountRemoval | None:
    """The deletion request that this user may cancel; None without a recent log-in."""
    user_id, at = request.session.get(SESSION_KEY) or (None, 0)
    return pending_removal(user_id) if time.time() - at < PROOF_SECONDS else None


def forget_closed_account(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)
