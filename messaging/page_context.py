"""The numbers every page shows: unread messages, unread news, what waits."""

from django.http import HttpRequest

from exchange.core.context import offers
from exchange.core.stamps import NOTHING
from messaging.domain.queries import unread_message_count, unread_notification_count
from messaging.domain.waiting import waiting_count as count_waiting

UNREAD_MESSAGES = """
SELECT string_agg(concat_ws(':', t.id, t.head, p.read_number), ',' ORDER BY t.id)
FROM messaging_participant p JOIN messaging_thread t ON t.id = p.thread_id
WHERE p.user_id = %(user)s AND p.left_at IS NULL AND t.head > p.read_number
"""
UNREAD_NOTIFICATIONS = "SELECT count(*) FROM messaging_notification WHERE user_id = %(user)s AND read_at IS NULL"


@offers("unread_messages", stamp=UNREAD_MESSAGES)
def unread_messages(request: HttpRequest) -> int:
    return unread_message_count(request.user)


@offers("unread_notifications", stamp=UNREAD_NOTIFICATIONS)
def unread_notifications(request: HttpRequest) -> int:
    return unread_notification_count(request.user)


@offers("waiting_count", stamp=NOTHING)  # may lag behind for as long as a page is remembered: watching every room would cost more
def waiting_count(request: HttpRequest) -> int:
    return count_waiting(request.user) if request.user.is_authenticated else 0
