"""Who has just proved, on this device, to be the holder of an account that is closed because they asked to have it deleted."""

import time

from django.http import HttpRequest

from accounts.domain.removals import pending_removal
from accounts.models import AccountRemoval, User

SESSION_KEY = "holder_of_closed_account"
PROOF_SECONDS = 900


def open_closed_account(request: HttpRequest, user: User) -> None:
    """Note in the visitor's own session that the log-in was right, for a quarter of an hour."""
    request.session[SESSION_KEY] = [user.pk, int(time.time())]


def removal_of_closed_account(request: HttpRequest) -> AccountRemoval | None:
    """The wish that this visitor may take back; None without a fresh proof."""
    user_id, at = request.session.get(SESSION_KEY) or (None, 0)
    return pending_removal(user_id) if time.time() - at < PROOF_SECONDS else None


def forget_closed_account(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)
