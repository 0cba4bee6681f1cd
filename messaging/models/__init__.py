"""Threads, messages, notifications, e-mails."""

from messaging.models.mail import Mail
from messaging.models.notifications import Notification, NotificationPreference
from messaging.models.threads import Attachment, Message, MessageVersion, Participant, Reaction, Thread

__all__ = [
    "Attachment",
    "Mail",
    "Message",
    "MessageVersion",
    "Notification",
    "NotificationPreference",
    "Participant",
    "Reaction",
    "Thread",
]
