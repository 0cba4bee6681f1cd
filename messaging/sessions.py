"""How a live event names a session, and whether the session of a WebSocket is still valid."""

import hashlib

from accounts.models.sessions import SessionStore, user_of_session


def session_mark(session_key: str | None) -> str:
    """A digest that identifies a session in a live event without revealing its key."""
    return hashlib.sha256((session_key or "").encode()).hexdigest()[:20]


def still_signed_in(session_key: str | None, user_id: int) -> bool:
    """Whether this session exists, belongs to this account, and was created with its current password."""
    user = user_of_session(SessionStore(session_key)) if session_key else None
    return user is not None and user.pk == user_id
