"""What this room carries out after commit, and the signals that close a person's sockets."""

from typing import Any

from django.contrib.sessions.models import Session
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from accounts.models import User
from accounts.signals import standing_changed
from exchange.core.bells import ring
from exchange.core.jobs.outbox import handles
from messaging.domain.delivery import deliver_news, send_digests
from messaging.sessions import session_mark, user_of


@handles("messaging.notify")
def on_notify(*, user_ids: list[int], news: str, once: str, url: str, data: dict[str, Any]) -> None:
    deliver_news(user_ids=user_ids, news=news, key=once, url=url, data=data)


@handles("messaging.digest")
def on_digest(*, thread_id: int, after_pause_for: int | None = None) -> None:
    send_digests(thread_id, after_pause_for=after_pause_for)


@receiver(post_delete, sender=Session)
def on_session_ended(instance: Session, **kwargs: Any) -> None:
    """Log-out, or a session thrown away: its tabs close. The row is gone by then, so none of them gets in again."""
    user_id = user_of(instance)
    if user_id is not None:
        ring([user_id], "session", session=session_mark(instance.session_key))


@receiver(post_save, sender=User)
def on_account_saved(instance: User, created: bool, **kwargs: Any) -> None:
    """A new password or a closed account ends every socket of that person, wherever it was changed."""
    password_changed = getattr(instance, "_password", None) is not None
    if not created and (password_changed or not instance.is_active):
        ring([instance.pk], "session")


@receiver(standing_changed)
def on_standing_changed(user_id: int, **kwargs: Any) -> None:
    """What a person may do changed: their tabs come back in under the new rules."""
    ring([user_id], "session")
