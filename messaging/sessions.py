"""The user of a WebSocket, and whether their session is still valid."""

import hashlib
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from accounts.models import User


def session_mark(session_key: str | None) -> str:
    """A digest that identifies a session in a live event without revealing its key."""
    return hashlib.sha256((session_key or "").encode()).hexdigest()[:20]


def user_of(session: Session) -> int | None:
    """The account id of a stored session."""
    found: Any = session.get_decoded().get(SESSION_KEY)
    return int(found) if str(found or "").isdigit() else None


def still_signed_in(session_key: str | None, user_id: int) -> bool:
    """Whether this session exists, belongs to this account, and was created with its current password."""
    if not session_key:
        return False
    session = SessionStore(session_key)
    if str(session.get(SESSION_KEY, "")) != str(user_id):
        return False
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return user is not None and constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
