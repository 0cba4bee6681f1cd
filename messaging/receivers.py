"""Outbox handlers of messaging, and receivers of signals that close WebSockets."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from accounts.models import Session, User
from accounts.signals import access_changed, account_mail
from exchange.core.jobs.outbox import outbox_handler
from exchange.core.live_events import push_event
from messaging.domain.delivery import deliver_notifications, send_digests
from messaging.domain.mail import queue_account_email
from messaging.sessions import session_mark

account_mail.add(queue_account_email)


@outbox_handler("messaging.notify")
def on_notify(*, user_ids: list[int], kind_code: str, once: str, url: str, data: dict[str, Any]) -> None:
    deliver_notifications(user_ids=user_ids, kind_code=kind_code, key=once, url=url, data=data)


@outbox_handler("messaging.digest")
def on_digest(*, thread_id: int, after_pause_for: int | None = None) -> None:
    send_digests(thread_id, after_pause_for=after_pause_for)


@receiver(post_delete, sender=Session)
def on_session_ended(instance: Session, **kwargs: Any) -> None:
    """Log-out or a deleted session closes its WebSockets. The row is deleted already, so they cannot connect again."""
    if instance.user_id is not None:
        push_event([instance.user_id], "session", session=session_mark(instance.session_key))


@receiver(post_save, sender=User)
def on_account_saved(instance: User, created: bool, **kwargs: Any) -> None:
    """A new password or a closed account closes all WebSockets of that user."""
    password_changed = getattr(instance, "_password", None) is not None
    if not created and (password_changed or not instance.is_active):
        push_event([instance.pk], "session")


@receiver(access_changed)
def on_access_changed(user_id: int, **kwargs: Any) -> None:
    """Changed access closes the WebSockets of that user; they reconnect with the new access."""
    push_event([user_id], "session")
