"""The numbers every page shows: unread messages, unread notifications, what waits."""

from django.http import HttpRequest

from exchange.core.context import page_context
from exchange.core.stamps import NOTHING
from messaging.domain.queries import unread_message_count, unread_notification_count
from messaging.my_tasks import task_count as count_tasks

UNREAD_MESSAGES = """
SELECT string_agg(concat_ws(':', t.id, t.head, p.read_number), ',' ORDER BY t.id)
FROM messaging_participant p JOIN messaging_thread t ON t.id = p.thread_id
WHERE p.user_id = %(user)s AND p.left_at IS NULL AND t.head > p.read_number
"""
UNREAD_NOTIFICATIONS = "SELECT count(*) FROM messaging_notification WHERE user_id = %(user)s AND read_at IS NULL"


@page_context("unread_messages", stamp=UNREAD_MESSAGES)
def unread_messages(request: HttpRequest) -> int:
    return unread_message_count(request.user)


@page_context("unread_notifications", stamp=UNREAD_NOTIFICATIONS)
def unread_notifications(request: HttpRequest) -> int:
    return unread_notification_count(request.user)


@page_context("task_count", stamp=NOTHING)  # may lag behind for as long as a page is remembered: watching every app would cost more
def task_count(request: HttpRequest) -> int:
    return count_tasks(request.user) if request.user.is_authenticated else 0
