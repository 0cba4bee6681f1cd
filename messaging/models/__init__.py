"""Threads, messages, notifications, e-mails."""

from messaging.models.mail import Mail
from messaging.models.notifications import Notification, NotificationPreference
from messaging.models.threads import Attachment, Message, Participant, Thread

__all__ = ["Attachment", "Mail", "Message", "Notification", "NotificationPreference", "Participant", "Thread"]
