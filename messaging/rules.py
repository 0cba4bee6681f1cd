"""Rules of messages: how long a message may be changed, and the signs people may put under it."""

import datetime as dt
from typing import Any

CHANGE_MINUTES = 15
"""Minutes for which an author may change or delete a message."""
SIGNS = ("👍", "❤️", "🙏", "✅", "👀", "🎉")


def may_change(message: Any, user_id: int, now: dt.datetime) -> bool:
    """Whether the user may still change or delete this message: their own text, not deleted, sent at most CHANGE_MINUTES ago."""
    own = message.kind == "text" and message.author_id == user_id and message.removed_at is None
    return own and now - message.created_at <= dt.timedelta(minutes=CHANGE_MINUTES)
