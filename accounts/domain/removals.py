"""The open wish of an account to be deleted."""

from accounts.models import AccountRemoval
from accounts.states import RemovalState


def pending_removal(user_id: int | None) -> AccountRemoval | None:
    """The wish of this account that can still be taken back."""
    if user_id is None:
        return None
    found: AccountRemoval | None = (
        AccountRemoval.objects.filter(user_id=user_id, state=RemovalState.WAITING).select_related("user").first()
    )
    return found
