"""Who sits behind a socket, and whether their session still holds."""

import hashlib
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from profiles.models import User


def session_mark(session_key: str | None) -> str:
    """A name for a session that can travel in a live event without being the key to it."""
    return hashlib.sha256((session_key or "").encode()).hexdigest()[:20]


def user_of(session: Session) -> int | None:
    """The account a stored session belongs to."""
    found: Any = session.get_decoded().get(SESSION_KEY)
    return int(found) if str(found or "").isdigit() else None


def still_signed_in(session_key: str | None, user_id: int) -> bool:
    """Whether this session exists, belongs to this account, and was made with its present password."""
    if not session_key:
        return False
    session = SessionStore(session_key)
    if str(session.get(SESSION_KEY, "")) != str(user_id):
        return False
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return user is not None and constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
