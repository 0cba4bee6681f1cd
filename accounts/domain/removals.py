"""The pending deletion request of an account."""

from accounts.models import AccountRemoval
from accounts.states import RemovalState


def pending_removal(user_id: int | None) -> AccountRemoval | None:
    """The deletion request of this account that can still be cancelled."""
    if user_id is None:
        return None
    found: AccountRemoval | None = (
        AccountRemoval.objects.filter(user_id=user_id, state=RemovalState.WAITING).select_related("user").first()
    )
    return found
