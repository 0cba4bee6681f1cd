"""Rules of the vocabulary: who changes it. No query, no write."""

from typing import Any

from accounts.access import access_of


def can_edit_vocabulary(user: Any) -> bool:
    """The secretariat and superusers."""
    return access_of(user).secretariat or bool(user.is_superuser)
